"""The run itself: submitting, breaking and watching at the same time, and then waiting in quiet for the last job."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import aiohttp

from bench.chaos import database
from bench.chaos.breaking import Breaker
from bench.chaos.clients import Clients
from bench.chaos.plan import Event, Submit
from bench.chaos.world import World
from wevion.stack import stopping
from wevion.stack.reachable import answers
from wevion.stack.terminal import say

Result = TypeVar("Result")

READY_SECONDS: Final = 120
LATE_SECONDS: Final = 60
HURRY_EVERY_SECONDS: Final = 4
TELL_EVERY_SECONDS: Final = 15
HANGING: Final = ("stuck", "late")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`recovery_seconds` is from the end of the faults to the end of the last job; `ended` False when it was not awaited."""

    witness: dict[str, Any]
    storm_seconds: float
    recovery_seconds: float
    ended: bool


async def run(
    world: World, clients: Clients, breaker: Breaker, submits: list[Submit], events: list[Event], patience_seconds: float
) -> Outcome:
    """Starts the processes, does all that is planned, and waits for the end of every job, `patience_seconds` at most."""
    for process in (world.simulator, *world.product):
        process.start()
    await unless_stopped(ready(world))
    background = [asyncio.create_task(act) for act in watching(world, clients, breaker)]
    try:
        started = time.monotonic()
        await unless_stopped(both(clients.submit_all(submits, started), breaker.run(events, started)))
        await control(world, {"profile": "none", "late_seconds": LATE_SECONDS})
        calm = time.monotonic()
        say(f"Faults have stopped after {calm - started:.0f} s; {database.active()} jobs are still active …")
        ended = await unless_stopped(until_quiet(patience_seconds))
        return Outcome(await witness(world), calm - started, time.monotonic() - calm, ended)
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)


async def both(*acts: Coroutine[Any, Any, None]) -> None:
    async with asyncio.TaskGroup() as group:
        for act in acts:
            group.create_task(act)


async def ready(world: World) -> None:
    limit = time.monotonic() + READY_SECONDS
    while not all([await asyncio.to_thread(answers, url) for url in (f"{world.url}/readyz", f"{world.simulator_url}/witness")]):
        if time.monotonic() > limit:
            raise OSError(f"The web server did not answer within {READY_SECONDS} s; see {world.var}/log")
        await asyncio.sleep(0.2)
    await control(world, {"late_seconds": LATE_SECONDS, "callback_origin": world.url})


def watching(world: World, clients: Clients, breaker: Breaker) -> list[Coroutine[Any, Any, None]]:
    return [clients.watch(), breaker.tend(), hurrying(world), telling(clients, breaker)]


async def hurrying(world: World) -> None:
    """What the simulator lets hang is given short clocks."""
    while True:
        await asyncio.sleep(HURRY_EVERY_SECONDS)
        fates = (await witness(world))["fates"]
        await asyncio.to_thread(database.hurry, [work for work, fate in fates.items() if fate in HANGING])


async def telling(clients: Clients, breaker: Breaker) -> None:
    while True:
        await asyncio.sleep(TELL_EVERY_SECONDS)
        under_way = await asyncio.to_thread(database.under_way)
        kills = sum(count for name, count in breaker.done.items() if name.startswith("SIGKILL"))
        say(f"  {len(clients.seen.jobs)} submitted, {kills} kills; under way: {under_way}")


async def until_quiet(seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while await asyncio.to_thread(database.active):
        if time.monotonic() > limit:
            return False
        await asyncio.sleep(0.25)
    return True


async def unless_stopped(act: Coroutine[Any, Any, Result]) -> Result:
    """Runs it to its end; raises Stopped, and cancels it, when somebody asks us to stop."""
    task = asyncio.ensure_future(act)
    try:
        while not task.done():
            stopping.pause(0)
            await asyncio.wait([task], timeout=0.2)
        return task.result()
    finally:
        task.cancel()


async def control(world: World, wish: dict[str, Any]) -> None:
    async with aiohttp.ClientSession() as session, session.post(f"{world.simulator_url}/control", json=wish) as answer:
        answer.raise_for_status()


async def witness(world: World) -> dict[str, Any]:
    async with aiohttp.ClientSession() as session, session.get(f"{world.simulator_url}/witness") as answer:
        found: dict[str, Any] = await answer.json()
        return found
