"""How long jobs have taken here lately: measured by the sweeper once a minute, and read by each process once a minute.

Pages and API ask for every job that they show: it costs them a look into memory.
"""

import time
from collections.abc import Mapping
from typing import Final

from jobs.models import UsualTime
from jobs.studio import studio

EVERY_SECONDS: Final = 60.0
_measured_at = -EVERY_SECONDS
_read_at = -EVERY_SECONDS
_usual: Mapping[tuple[str, str], tuple[int, int]] = {}


def measure_if_due() -> None:
    """For the sweeper. Several may do it at once."""
    global _measured_at
    if time.monotonic() - _measured_at >= EVERY_SECONDS:
        _measured_at = time.monotonic()
        UsualTime.measure(studio().types(), studio().providers())


def usual_seconds(job_type: str, provider: str) -> tuple[int, int]:
    """From start to end: half of such jobs, and nine in ten. Up to two minutes old; what the studio says while too few
    have completed.
    """
    global _read_at, _usual
    if time.monotonic() - _read_at >= EVERY_SECONDS:
        _read_at = time.monotonic()  # first, so that others go on with what is known
        rows = UsualTime.objects.values_list("type", "provider", "half_seconds", "most_seconds")
        _usual = {(kind, by): (half, most) for kind, by, half, most in rows}
    return _usual.get((job_type, provider)) or studio().typical_seconds(provider)
