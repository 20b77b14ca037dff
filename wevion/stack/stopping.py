"""Ctrl-C, SIGTERM and a closed terminal, noticed between steps and never in the middle of one: a process is either started
and known, or not started."""

import signal
import time
from types import FrameType

_caught: list[int] = []


class Stopped(Exception):
    """Somebody asked us to stop."""


def listen() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # ignored: that is nohup's wish
            signal.signal(number, _note)


def _note(number: int, frame: FrameType | None) -> None:
    _caught.append(number)


def pause(seconds: float) -> None:
    """Sleeps; raises Stopped as soon as a signal came, also when it came before."""
    limit = time.monotonic() + seconds
    while not _caught:
        left = limit - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, 0.1))
    raise Stopped
