"""What a message sets off. Each may be lost, repeated or late without harm."""

import logging
from collections.abc import Callable

from celery import shared_task
from django.db import InterfaceError, InternalError, OperationalError

from jobs import admission, runner

log = logging.getLogger(__name__)


@shared_task(name="jobs.advance")
def advance(lane: str) -> None:
    """Advances one item of the lane, if any is due."""
    _tried(lambda: runner.advance(lane))


@shared_task(name="jobs.admit")
def admit() -> None:
    """Lets queued items into free slots."""
    _tried(admission.admit)


def _tried(act: Callable[[], object]) -> None:
    """A database that is away, or takes no writes, ends the task with one line in the log: the row is found again."""
    try:
        act()
    except (OperationalError, InterfaceError, InternalError) as error:
        log.warning("database away: %s", str(error).strip())
