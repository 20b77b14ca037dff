"""What a message sets off in the hub. Each may be lost, repeated or late without harm."""

import logging
import time
from typing import Final

from celery import shared_task
from django.db import InterfaceError, InternalError, OperationalError

from creative_hub import leftovers
from creative_hub.drive import queue as mirrors
from creative_hub.library import partial, purging
from creative_hub.models import Upload
from jobs import doorbell

log = logging.getLogger(__name__)

EVERY_SECONDS: Final = 60.0
TIDY_SECONDS: Final = 3600.0
_rung = 0.0
_tidied = time.monotonic()


@shared_task(name="creative_hub.sweep")
def sweep() -> None:
    """Removes what was deleted for good, what was long in the trash, and uploads that nobody finished."""
    try:
        while purging.sweep():
            pass
        partial.sweep()
    except (OperationalError, InterfaceError) as error:
        log.warning("database away: %s", str(error).strip())


@shared_task(name="creative_hub.tidy")
def tidy() -> None:
    """Removes files that no row tells of: what was stored for jobs after their end, and pieces of forgotten uploads."""
    try:
        leftovers.sweep()
        partial.sweep_strays()
    except (OperationalError, InterfaceError) as error:
        log.warning("database away: %s", str(error).strip())


@shared_task(name=mirrors.TASK)
def mirror() -> None:
    """Takes one file towards its team's Google Drive, if any is due."""
    from creative_hub.drive import mirroring  # Google's client takes memory: only where there is a drive

    try:
        mirroring.mirror_next()
    except (OperationalError, InterfaceError, InternalError) as error:
        log.warning("database away: %s", str(error).strip())


def ring_sweep() -> None:
    """When the transaction commits. A lost message costs a minute."""
    doorbell.ring_on_commit("creative_hub.sweep", "io")


def ring_if_due() -> None:
    """Rings for mirrors that are due; looks about once a minute whether there is something to sweep, and rings if so.

    Rings about once an hour for what no row tells of.
    """
    global _rung, _tidied
    mirrors.ring_for_due(seconds=2)
    if time.monotonic() - _rung > EVERY_SECONDS:
        _rung = time.monotonic()
        if purging.due() or Upload.objects.expired().exists():
            doorbell.ring("creative_hub.sweep", "io", expires_seconds=60)
    if time.monotonic() - _tidied > TIDY_SECONDS:
        _tidied = time.monotonic()
        doorbell.ring("creative_hub.tidy", "io")
