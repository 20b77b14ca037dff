"""Looks in on thousands of running provider jobs from one process, and beats time for admission and the sweeper.

It asks and notes; it never finishes a job. Two may run: they share the work by claims, and a beat that both do does no harm.
"""

import asyncio
import logging
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TypeVar, TypeVarTuple

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError, connections

from jobs import admission, failpoints, looks, sweeper
from jobs.looks import Look
from jobs.pipeline import Done
from jobs.runner import step_of
from jobs.studio import studio
from wevion.http.door import Door

Result = TypeVar("Result")
Arguments = TypeVarTuple("Arguments")

log = logging.getLogger(__name__)

TICK_SECONDS = 0.25
BUSY_TICK_SECONDS = 0.02  # the shortest: while there is more due than was taken, or an answer to hand on
BEAT_SECONDS = 1.0
SWEEP_EVERY_BEATS = 5
BATCH = 100
# A provider that hangs keeps its own places and no others. Whatever is in hand is under way, at 20 seconds a call at
# most: so a short lease suffices, and a poller that dies is noticed soon.
AT_ONCE_PER_PROVIDER = 300
IN_HAND_PER_PROVIDER = 200  # when to take no more of it; one batch may still come on top
DATABASE_AWAY_SECONDS = 2.0
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)  # the last: it takes no writes for now


async def run(stop: asyncio.Event) -> None:
    """Polls until `stop` is set; then gives back what it holds and returns."""
    async with Door(allow=settings.HTTP_ALLOW_PRIVATE) as door:
        await Poller(door).run(stop)


class Poller:
    def __init__(self, door: Door) -> None:
        self.door = door
        self.at_once: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE_PER_PROVIDER))
        self.paces = {provider: Pace(rate) for provider, rate in studio().looks_per_second().items()}
        self.in_hand: dict[asyncio.Task[None], Look] = {}
        self.held: Counter[str] = Counter()  # of `in_hand`, by provider
        self.found: list[Look] = []
        self.answered = asyncio.Event()  # something of `found` ends its stage: somebody waits for that
        self.more = False  # more was due than the last tick took
        # One thread, because a Django connection belongs to a thread.
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="poller-db")

    async def run(self, stop: asyncio.Event) -> None:
        beat = asyncio.create_task(self._beat(stop))
        while not stop.is_set():
            self.more = False
            await self._survive(self._tick)
            await self._rest()
        await beat
        self._give_back()
        await self._survive(self._flush)
        await self._in_thread(connections.close_all)
        self.thread.shutdown()

    async def _rest(self) -> None:
        """Until the next tick, or the next answer: many that come at once are written together."""
        await asyncio.sleep(BUSY_TICK_SECONDS)
        if not self.more:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.answered.wait(), TICK_SECONDS - BUSY_TICK_SECONDS)
        self.answered.clear()

    async def _tick(self) -> None:
        await self._flush()
        full = [provider for provider, count in self.held.items() if count >= IN_HAND_PER_PROVIDER]
        taken = await self._in_thread(looks.due, BATCH, full)
        for look in taken:
            task = asyncio.create_task(self._look(look))
            self.in_hand[task] = look
            self.held[look.claim.job.provider] += 1
            task.add_done_callback(self._put_down)
        self.more = len(taken) == BATCH or bool(full)

    def _put_down(self, task: asyncio.Task[None]) -> None:
        self.held[self.in_hand.pop(task).claim.job.provider] -= 1

    async def _look(self, look: Look) -> None:
        port = look.stage.look
        assert port is not None
        step = step_of(look.claim, look.stage)
        async with self.at_once[look.claim.job.provider]:
            try:
                await self.paces[look.claim.job.provider].turn()
                failpoints.reach("during_looks")
                response = await self.door.send(port.request(step))
                outcome = port.read(step, response)
            except Exception as error:
                outcome = port.failed(step, error)
        self.found.append(Look(look.claim, look.stage, outcome))
        if isinstance(outcome, Done):
            self.answered.set()

    async def _flush(self) -> None:
        found, self.found = self.found, []
        if found:
            try:
                await self._in_thread(looks.settle, found)
            except DATABASE_AWAY:
                self.found = found + self.found  # the leases outlast a short outage; if not, the looks are made again
                raise
            except Exception:
                log.exception("a batch of looks could not be written; each by itself, then")
                for look in found:
                    await self._survive(partial(self._in_thread, looks.settle, [look]))

    def _give_back(self) -> None:
        for task, look in list(self.in_hand.items()):
            task.cancel()
            self.found.append(look)

    async def _beat(self, stop: asyncio.Event) -> None:
        beats = 0
        while not stop.is_set():
            await self._survive(partial(self._in_thread, beat, beats))
            beats += 1
            await _sleep(stop, BEAT_SECONDS)

    async def _survive(self, act: Callable[[], Awaitable[None]]) -> None:
        """Runs one turn. A database that is away is waited for; any other error is logged and the turn lost."""
        try:
            await act()
        except DATABASE_AWAY as error:
            log.warning("database away: %s", error)
            await asyncio.sleep(DATABASE_AWAY_SECONDS)
        except Exception:
            log.exception("a turn of the poller broke")

    async def _in_thread(self, act: Callable[[*Arguments], Result], *arguments: *Arguments) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self.thread, act, *arguments)


class Pace:
    """Spaces what passes evenly: at most `per_second` in a second, and no bursts."""

    def __init__(self, per_second: float) -> None:
        self.gap = 1 / per_second
        self.next_at = 0.0

    async def turn(self) -> None:
        """Returns when it is this caller's turn."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self.next_at)
        self.next_at = mine + self.gap
        if mine > now:
            await asyncio.sleep(mine - now)


def beat(turn: int) -> None:
    """One beat of the metronome: admits, and every few beats sweeps.

    No lock makes one poller the leader: a frozen leader would keep it. Admission has its own, for the moment of counting.
    """
    looks.renew_connection()
    started = time.monotonic()
    admission.admit()
    if turn % SWEEP_EVERY_BEATS == 0:
        sweeper.sweep()
    if (took := time.monotonic() - started) > BEAT_SECONDS:
        log.warning("a beat took %.1f s", took)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
