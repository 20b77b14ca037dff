"""What a message sets off. Each may be lost, repeated or late without harm."""

import logging
from collections import Counter
from collections.abc import Callable

from celery import shared_task
from django.db import InterfaceError, InternalError, OperationalError

from jobs import admission, notices, runner
from jobs.models import Lane
from jobs.webhooks import send

log = logging.getLogger(__name__)


@shared_task(name="jobs.advance")
def advance(lane: str) -> None:
    """Advances one item of the lane, if any is due."""
    _tried(lambda: runner.advance(lane))


@shared_task(name="jobs.admit")
def admit() -> None:
    """Lets queued items into free slots; one of them starts in this very thread, which saves a message's way."""
    _tried(_admit_and_start)


def _admit_and_start() -> None:
    lanes = admission.seat()
    mine = lanes[Lane.IO] > 0
    admission.ring_for(lanes - Counter({Lane.IO: 1}))
    if mine:
        runner.advance(Lane.IO)


@shared_task(name="jobs.send_notices")
def send_notices() -> None:
    """Sends the mails about ended jobs that are due."""
    _tried(notices.send_due)


@shared_task(name="jobs.send_webhooks")
def send_webhooks() -> None:
    """Tells the teams' own systems what is due to be told."""
    _tried(send.send_due)


def _tried(act: Callable[[], object]) -> None:
    """A database that is away, or takes no writes, ends the task with one line in the log: the row is found again."""
    try:
        act()
    except (OperationalError, InterfaceError, InternalError) as error:
        log.warning("database away: %s", str(error).strip())
