"""Callbacks, when the order named an address: on time, or twice, out of order, too early, forged, or never.

One task sends them all, by a heap of times; there is none per order.
"""

import asyncio
import heapq
import itertools
import math
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from bench.simulator.desk import Desk, Order

Message = tuple[bytes, dict[str, str]]
LAG_SECONDS = 0.05
TIMEOUT = aiohttp.ClientTimeout(total=10)
IDLE_SECONDS = 0.05


@dataclass
class Callbacks:
    """`origin` (`http://127.0.0.1:8000`) stands in for the scheme and host of every address: no public one leads here."""

    desk: Desk
    origin: str = ""
    due: list[tuple[float, int, str, Message]] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def plan(self, order: Order, url: str, done: Message, running: Message) -> None:
        """Notes when to call `url` about this order; nothing when it is empty."""
        if not url or order.ready_at == math.inf:
            return
        if self.origin:
            url = self.origin + urlsplit(url).path
        after = order.ready_at + LAG_SECONDS
        match self.desk.fault("callback"):
            case "lost":
                return
            case "duplicate":
                self._at(after + 0.3, url, done)
            case "reordered":
                self._at(after + 0.3, url, running)
            case "early":
                self._at(order.taken_at, url, done)  # before the submit is answered
            case "forged":
                body, headers = done
                self._at(order.taken_at + 0.1, f"{url}f0", (body, dict.fromkeys(headers, "f0" * 32)))  # nor is the address known
        self._at(after, url, done)

    def _at(self, when: float, url: str, message: Message) -> None:
        heapq.heappush(self.due, (when, next(self.numbers), url, message))

    async def send_forever(self) -> None:
        async with aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=50)) as session:
            sending: set[asyncio.Task[None]] = set()
            while True:
                while self.due and self.due[0][0] <= time.monotonic():
                    _, _, url, message = heapq.heappop(self.due)
                    task = asyncio.create_task(self._send(session, url, message))
                    sending.add(task)
                    task.add_done_callback(sending.discard)
                await asyncio.sleep(IDLE_SECONDS)

    async def _send(self, session: aiohttp.ClientSession, url: str, message: Message) -> None:
        body, headers = message
        try:
            async with session.post(url, data=body, headers={"Content-Type": "application/json", **headers}) as answer:
                self.desk.counts[f"callback answered {answer.status}"] += 1
        except (aiohttp.ClientError, TimeoutError):
            self.desk.counts["callback not delivered"] += 1
