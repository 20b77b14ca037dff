"""Places where a test can make a process die, break, sleep or stop. Without FAILPOINTS in the environment they cost a call.

`FAILPOINTS="after_intent=kill@1,during_sweep=sleep:3"`: at its first pass the one kills the process with SIGKILL, at
each pass the other sleeps. `FAILPOINTS_LOG` names a file that gets a line for each that fired, before it does.
"""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

POINTS: Final = (
    "before_ring",  # a job was committed, and no message sent
    "after_ring",
    "after_claim",
    "after_intent",  # the intent is committed, the provider not called
    "before_ref",  # the provider took the order, its reference is not committed
    "after_ref",
    "during_looks",  # runs are claimed by the poller, answers on the way
    "before_looks_settled",  # answers are here, not written
    "during_fetch",  # a part of the result is on the disk
    "before_settled",  # the result is stored, the stage not settled
    "inside_settle",  # everything of the end is written, nothing committed
    "during_sweep",
    "before_webhook_ring",  # the end is committed with its outbox row, and no message sent
    "before_webhook_marked",  # the receiver has answered, the delivery is not marked
)


class Broken(Exception):
    """Raised on purpose by `raise`."""


def _kill(argument: str) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _raise(argument: str) -> None:
    raise Broken(argument)


def _sleep(argument: str) -> None:
    time.sleep(float(argument))


def _pause(argument: str) -> None:
    while not Path(argument).exists():
        time.sleep(0.02)


ACTIONS: Final[dict[str, Callable[[str], None]]] = {"kill": _kill, "raise": _raise, "sleep": _sleep, "pause": _pause}


def _parsed(spec: str) -> dict[str, tuple[str, str, int]]:
    """Point → action, its argument, and the pass at which it fires (0: each)."""
    found = {}
    for rule in filter(None, spec.split(",")):
        point, _, rest = rule.partition("=")
        action, _, turn = rest.partition("@")
        name, _, argument = action.partition(":")
        if point not in POINTS or name not in ACTIONS:
            raise ValueError(f"FAILPOINTS: {rule!r} names no point or action")
        found[point] = (name, argument, int(turn or 0))
    return found


_rules = _parsed(os.environ.get("FAILPOINTS", ""))
_log = os.environ.get("FAILPOINTS_LOG", "")
_passes: Counter[str] = Counter()
_lock = threading.Lock()


def reach(point: str) -> None:
    """Marks a place in the code. Does nothing unless a rule for it is set."""
    if point not in _rules:
        return
    action, argument, turn = _rules[point]
    with _lock:
        _passes[point] += 1
        if turn and _passes[point] != turn:
            return
        if _log:
            with Path(_log).open("a") as log:
                log.write(f"{point} {action}\n")
                log.flush()
                os.fsync(log.fileno())
    ACTIONS[action](argument)
