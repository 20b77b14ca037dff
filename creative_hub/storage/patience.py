"""Waiting for something slow in another thread, so that this one can say now and then that it still works."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

Result = TypeVar("Result")
Tick = Callable[[], None]
TICK_SECONDS = 1.0
HANDS = 8


def patiently(act: Callable[[], Result], tick: Tick | None) -> Result:
    """What `act` returns or raises. `tick` is called in this thread every second of it; what it raises ends the wait.

    `act` may not use the database: its thread has no part in this one's transactions.
    """
    if tick is None:
        return act()
    future = _hands(os.getpid()).submit(act)
    try:
        while wait([future], TICK_SECONDS).not_done:
            tick()
    except BaseException:
        future.cancel()  # under way it cannot be: it goes on to its own timeouts, and nobody reads what it brings
        raise
    return future.result()


@cache
def _hands(process: int) -> ThreadPoolExecutor:
    """Threads that stay, because each of them keeps connections. Those of a parent are not there after a fork."""
    return ThreadPoolExecutor(HANDS, thread_name_prefix="patience")
