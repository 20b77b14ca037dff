"""The door for code that is not asynchronous: Celery's threads and prefork children, and management commands."""

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import wait
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from wevion.http.door import Door, Downloaded, Pace
from wevion.http.messages import Request, Response

Result = TypeVar("Result")
Tick = Callable[[], None]
TICK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Running:
    loop: asyncio.AbstractEventLoop
    thread: threading.Thread
    door: Door


# What a forked child inherited. It is kept, never closed nor collected: the event loop's epoll descriptor is shared with
# the parent, and unregistering a socket here would make the parent deaf to it.
_inherited: list[_Running] = []


class BlockingDoor:
    """One Door on one event-loop thread, shared by all threads of the process and started by its first call.

    Make one per program and keep it for good. Safe across fork: a child starts its own. Raises what Door raises.
    """

    def __init__(self, *, allow: frozenset[str] = frozenset()) -> None:
        self._allow = allow
        self._running: _Running | None = None
        self._lock = threading.Lock()
        os.register_at_fork(after_in_child=self._leave_to_parent)

    def send(self, request: Request, tick: Tick | None = None) -> Response:
        """As Door.send. `tick` is called in this thread every second of the wait; what it raises ends the call."""
        return self._run(lambda door: door.send(request), tick)

    def download(
        self,
        url: str,
        sink: BinaryIO,
        *,
        max_bytes: int,
        timeout_seconds: float = 600,
        pace: Pace | None = None,
        admits: Callable[[str], bool] | None = None,
        tick: Tick | None = None,
    ) -> Downloaded:
        """As Door.download; the sink must not be used by others meanwhile. `tick` as in `send`."""
        limits: dict[str, Any] = {"max_bytes": max_bytes, "timeout_seconds": timeout_seconds, "pace": pace, "admits": admits}
        return self._run(lambda door: door.download(url, sink, **limits), tick)

    def close(self) -> None:
        """End the thread and its connections, once no call is under way. Safe to call twice; a later call starts afresh."""
        with self._lock:
            running, self._running = self._running, None
        if running:
            asyncio.run_coroutine_threadsafe(running.door.close(), running.loop).result()
            running.loop.call_soon_threadsafe(running.loop.stop)
            running.thread.join()
            running.loop.close()

    def _run(self, call: Callable[[Door], Coroutine[Any, Any, Result]], tick: Tick | None = None) -> Result:
        running = self._start()
        future = asyncio.run_coroutine_threadsafe(call(running.door), running.loop)
        try:
            while tick and wait([future], TICK_SECONDS).not_done:
                tick()
            return future.result()
        except BaseException:
            # A time limit of the worker interrupts the wait: the exchange must not go on without anyone listening.
            future.cancel()
            raise

    def _start(self) -> _Running:
        with self._lock:
            if self._running is None:
                loop = asyncio.new_event_loop()
                thread = threading.Thread(target=loop.run_forever, name="http-door", daemon=True)
                thread.start()
                door = asyncio.run_coroutine_threadsafe(_open(self._allow), loop).result()
                self._running = _Running(loop, thread, door)
            return self._running

    def _leave_to_parent(self) -> None:
        # The lock too: a thread that no longer exists may hold it.
        self._lock = threading.Lock()
        if self._running:
            _inherited.append(self._running)
            self._running = None


async def _open(allow: frozenset[str]) -> Door:
    return Door(allow=allow)
