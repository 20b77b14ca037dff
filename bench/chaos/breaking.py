"""Breaks things, by the plan, and mends them."""

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import redis.asyncio

from bench.chaos import disk
from bench.chaos.plan import Event
from bench.chaos.processes import Process
from wevion.embedded.server import Server

LOADING_SECONDS = 6.0  # a process that has just been started has nothing in hand yet
DOWN_SECONDS = (0.2, 1.5)
DRAIN_SECONDS = 45.0
LOOK_SECONDS = 0.1

Acts = Coroutine[Any, Any, None]


class Breaker:
    """`done` counts what was broken; `died` names processes that ended without being told to."""

    def __init__(self, dice: random.Random, processes: list[Process], servers: list[Server], redis_url: str) -> None:
        self.dice = dice
        self.processes = processes
        self.database, self.broker = servers
        self.redis_url = redis_url
        self.done: Counter[str] = Counter()
        self.died: list[str] = []

    async def run(self, events: list[Event], started: float) -> None:
        """Each event at its time; returns when all are over and everything runs again."""
        async with asyncio.TaskGroup() as group:
            for event in events:
                await asyncio.sleep(max(0.0, started + event.at - time.monotonic()))
                group.create_task(self._act(event))

    async def tend(self) -> None:
        """Starts again what ended by itself, as a supervisor would."""
        while True:
            for process in self.processes:
                if not process.busy and not process.alive:
                    self.died.append(process.name)
                    process.kill()
                    process.start()
            await asyncio.sleep(0.5)

    def _act(self, event: Event) -> Acts:
        name, _, kind = event.name.partition(" ")
        match name:
            case "kill" if not kind:
                return self._kill()
            case "stop":
                return self._zombie(kind, event.seconds)
            case "flush":
                return self._flush()
            case "fill":
                return self._fill(self.broker if kind == "redis" else self.database, event.seconds)
            case "kill":
                return self._restart_server(self.broker, signal.SIGKILL, event.seconds)
            case "restart":
                return self._restart_server(self.database, signal.SIGQUIT, event.seconds)
        return self._roll()

    def _pick(self, fits: Callable[[Process], bool]) -> Process | None:
        """A process that fits, has had time to load, and is left alone just now."""
        now = time.monotonic()
        loaded = [each for each in self.processes if not each.busy and each.alive and now - each.started_at > LOADING_SECONDS]
        return self.dice.choice(found) if (found := [process for process in loaded if fits(process)]) else None

    async def _kill(self) -> None:
        while (victim := self._pick(lambda process: True)) is None:
            await asyncio.sleep(LOOK_SECONDS)
        victim.busy = True
        victim.kill()
        self.done[f"SIGKILL {victim.kind}"] += 1
        await asyncio.sleep(self.dice.uniform(*DOWN_SECONDS))
        victim.start()
        victim.busy = False

    async def _zombie(self, kind: str, seconds: float) -> None:
        while (sleeper := self._pick(lambda process: process.kind == kind)) is None:
            await asyncio.sleep(LOOK_SECONDS)
        sleeper.busy = True
        sleeper.send(signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            sleeper.send(signal.SIGCONT)
        self.done[f"SIGSTOP {kind}, {seconds:.0f} s"] += 1
        sleeper.busy = False

    async def _flush(self) -> None:
        """Once it answers: on a slow machine its restart may still be under way."""
        client = redis.asyncio.Redis.from_url(self.redis_url)
        try:
            while True:
                with suppress(redis.RedisError):
                    await client.flushall()
                    break
                await asyncio.sleep(LOOK_SECONDS)
            self.done["FLUSHALL"] += 1
        finally:
            await client.aclose()

    async def _restart_server(self, server: Server, number: signal.Signals, down_seconds: float) -> None:
        assert server.process is not None
        server.process.send_signal(number)
        while server.alive:
            await asyncio.sleep(LOOK_SECONDS)
        await asyncio.sleep(down_seconds)
        server.start()
        while not await asyncio.to_thread(server.answers):
            await asyncio.sleep(LOOK_SECONDS)
        self.done[f"{server.name} {'kill -9' if number == signal.SIGKILL else 'immediate'} restart"] += 1

    async def _fill(self, server: Server, seconds: float) -> None:
        """Its disk is full for a while. A server that gave up meanwhile is started when there is room again."""
        disk.fill(server)
        await asyncio.sleep(seconds)
        disk.free(server)
        gave_up = not server.alive
        if gave_up:
            server.start()
        while not await asyncio.to_thread(server.answers):
            await asyncio.sleep(LOOK_SECONDS)
        self.done[f"{server.name}'s disk full, {'and it gave up' if gave_up else 'and it went on'}"] += 1

    async def _roll(self) -> None:
        """Each in turn: told to end, awaited, started anew."""
        for process in self.processes:
            while process.busy:
                await asyncio.sleep(LOOK_SECONDS)
            process.busy = True
            process.send(signal.SIGTERM)
            limit = time.monotonic() + DRAIN_SECONDS
            while process.alive and time.monotonic() < limit:
                await asyncio.sleep(LOOK_SECONDS)
            if process.alive:
                self.done[f"{process.kind} did not drain in {DRAIN_SECONDS:.0f} s"] += 1
            process.kill()
            process.start()
            process.busy = False
        self.done["rolling restart"] += 1
