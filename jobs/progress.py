"""Progress that people see while a stage runs: throttled, fenced."""

import time
from collections.abc import Callable

from jobs import runs
from jobs.pipeline import Stage
from jobs.runs import Claim
from wevion import silence

MIN_SECONDS = 1.0


def reporter(claim: Claim, stage: Stage) -> Callable[[int], None]:
    """How a stage says that it is `percent` through, as often as it likes: at most one write a second, which renews the lease.

    The first comes when the stage has run for a second. It raises LeaseLost when the item belongs to another worker.
    """
    last = time.monotonic()

    def report(percent: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= MIN_SECONDS:
            last = now
            silence.heard()
            runs.extend(claim, stage.lease_seconds, shown=(stage, percent))

    return report
