"""When a delivery that failed is tried again: ten attempts over about 75 hours, as the specification suggests."""

import random
from typing import Final

MINUTE, HOUR = 60, 3600
WAITS: Final = (5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds after each failed attempt; after the tenth there is none."""
JITTER: Final = 0.1  # so that a receiver that was away is not met by everything at once
LONGEST_WISH: Final = 24 * HOUR


def wait_seconds(tries: int, retry_after_seconds: float | None = None) -> float | None:
    """How long to rest after the `tries`th failure in a row; None when that was the last.

    A receiver's own Retry-After is kept to, up to a day, where it asks for more.
    """
    if tries > len(WAITS):
        return None
    planned = WAITS[tries - 1] * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 -- spreads load, guards nothing
    return max(planned, min(retry_after_seconds or 0, LONGEST_WISH))
