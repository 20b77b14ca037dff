"""The only way to publish a message. A message says that a lane has work; losing one costs seconds, never a job."""

import logging
import time
from functools import partial

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

QUIET_SECONDS = 10.0
_quiet_until = 0.0


def ring_on_commit(task: str, lane: str, times: int = 1) -> None:
    """Rings when the transaction commits. Never raises: the poller's metronome finds work that no message told of."""
    transaction.on_commit(partial(ring, task, lane, times), robust=True)


def ring(task: str, lane: str, times: int = 1, expires_seconds: int = 600) -> bool:
    """Publishes `times` messages for `task` to the lane's queue. False when the broker is away.

    After a failure it stays silent for ten seconds, so that a dead broker costs one slow request and not every one.
    """
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return False
    try:
        for _ in range(times):
            arguments = (lane,) if task == "jobs.advance" else ()
            current_app.send_task(task, arguments, queue=lane, expires=expires_seconds)
    except Exception as error:  # whatever the broker or the network says: the row is there, and will be found
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("broker away, no message for %s: %s", lane, error)
        return False
    return True
