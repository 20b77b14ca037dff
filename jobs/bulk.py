"""What is done to several jobs at once: hidden, shown again, retried."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db import transaction

from jobs import clock, submission
from jobs.models import Job, Status
from jobs.studio import studio
from wevion import undo
from wevion.accounts.models import Membership, User
from wevion.refusal import Refusal

MOST: Final = 500
MOST_RETRIED: Final = 100


@dataclass(frozen=True, slots=True)
class Hidden:
    """`at` names the act, for `take_back`: the first, where all were hidden already. Jobs that still run are left in the list."""

    count: int
    still_active: int
    at: datetime


def hide(jobs: Sequence[Job]) -> Hidden:
    """Takes the ended ones of a person's jobs out of the person's list."""
    now = clock.now()
    with transaction.atomic():
        # All rows first, and only then the feed that each change raises: that is the engine's order of locks.
        found = list(Job.objects.select_for_update(no_key=True).filter(pk__in=[job.pk for job in jobs]).order_by("pk"))
        ended = [job for job in found if not job.is_active]
        for job in ended:
            job.hide(now)
    return Hidden(len(ended), len(found) - len(ended), max((job.hidden_at for job in ended if job.hidden_at), default=now))


def take_back(user: User, at: str) -> int:
    """Shows the person's jobs again that were hidden at this moment (ISO 8601), and returns how many. Safe to call twice."""
    moment = undo.moment(at)
    return unhide(Job.objects.hidden_of(user).filter(hidden_at=moment)) if moment else 0


def unhide(jobs: Iterable[Job]) -> int:
    """Shows a person's jobs in the list again, and returns how many of them were hidden."""
    now = clock.now()
    with transaction.atomic():
        chosen = Job.objects.select_for_update(no_key=True).filter(pk__in=[job.pk for job in jobs], hidden_at__isnull=False)
        hidden = list(chosen.order_by("pk"))
        for job in hidden:
            job.unhide(now)
    return len(hidden)


@dataclass(frozen=True, slots=True)
class Retry:
    """What a retry of several jobs would order. `skipped` says why the others are left out, and how many for each reason."""

    jobs: Sequence[Job] = ()
    cost_cents: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)


def plan_retry(member: Membership, jobs: Sequence[Job]) -> Retry:
    """The jobs that may be retried, and what that costs at today's prices. Orders nothing."""
    keys = {f"retry:{job.pk}" for job in jobs}
    done = set(Job.objects.filter(user=member.user, idempotency_key__in=keys).values_list("retry_of", flat=True))
    chosen: list[Job] = []
    cents, skipped = 0, Counter[str]()
    for job in jobs:
        if reason := _why_not(member, job, done=job.pk in done):
            skipped[reason] += 1
            continue
        try:
            cents += studio().order_again(job).cost_cents
        except Refusal:
            skipped["cannot be made with the same settings any more"] += 1
        else:
            chosen.append(job)
    return Retry(chosen, cents, dict(skipped))


def _why_not(member: Membership, job: Job, *, done: bool) -> str:
    """The end of the sentence "3 jobs …"; empty if the job may be retried."""
    if job.is_active:
        return "still running"
    if job.status == Status.COMPLETED:
        return "completed: there is nothing to retry"
    if not job.may_retry:
        return "would be refused again: edit and resubmit them one by one"
    if done:
        return "retried already"
    if job.team_id != member.team_id:
        return "paid for by a team you have left"
    return ""


def retry(member: Membership, jobs: Sequence[Job]) -> tuple[int, str]:
    """Submits each again; returns how many were, and why it stopped before the end, or "".

    Each is a job of its own and is paid for alone: where the credit ends, the ones before have been submitted.
    """
    for number, job in enumerate(jobs):
        try:
            submission.retry(member, job)
        except Refusal as refusal:
            return number, refusal.message
        except PermissionDenied as denied:
            return number, str(denied)
    return len(jobs), ""
