"""The sweeper: what nobody else would notice."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from jobs import admission, clock, looks, runner, runs, submission, sweeper
from jobs.models import ItemRun, Job, JobFeed
from jobs.pipeline import LeaseLost, Wait, stage_named
from tests.engine import workshop
from tests.engine.workshop import order
from wevion.accounts.models import Membership

Drain = Callable[[], int]


def pass_time(**amount: float) -> None:
    """Moves all that has happened into the past, as time would."""
    by = timedelta(**amount)
    ItemRun.objects.update(
        queued_at=F("queued_at") - by,
        wake_at=F("wake_at") - by,
        lease_until=F("lease_until") - by,
        last_progress_at=F("last_progress_at") - by,
        deadline_at=F("deadline_at") - by,
    )
    Job.objects.update(created_at=F("created_at") - by)


def started(member: Membership) -> Job:
    """A job whose first step waits."""
    job = submission.submit(member, order(make={"0": "wait"}))
    admission.admit()
    runner.advance("media")
    return job


@pytest.mark.parametrize(("minutes", "status"), [(14, "processing"), (16, "failed")])
def test_an_item_without_progress_for_fifteen_minutes_fails(minutes: int, status: str, bob: Membership) -> None:
    job = started(bob)
    pass_time(minutes=minutes)
    sweeper.sweep()
    job.refresh_from_db()
    assert job.status == status


def test_an_item_past_its_deadline_fails_uncharged_even_while_it_moves(bob: Membership) -> None:
    job = started(bob)
    pass_time(minutes=31)
    ItemRun.objects.update(last_progress_at=clock.now())
    sweeper.sweep()
    job.refresh_from_db()
    bob.team.credit.refresh_from_db()
    assert (job.status, job.error_code, job.error_message) == (
        "failed",
        "provider_timeout",
        "The provider did not finish within 30 minutes.",
    )
    assert (bob.team.credit.posted_cents, bob.team.credit.held_cents) == (1000, 0)


def test_success_that_comes_after_the_deadline_is_dropped(bob: Membership) -> None:
    job = submission.submit(bob, order())
    admission.admit()
    (claim,) = runs.claim("media")
    runner._begin(claim)
    pass_time(minutes=31)
    sweeper.sweep()
    with pytest.raises(LeaseLost):
        runs.extend(claim, 60)
    job.refresh_from_db()
    assert job.status == "failed"


def test_a_job_pending_for_five_minutes_is_marked_delayed_once_and_does_not_expire(bob: Membership) -> None:
    job = submission.submit(bob, order())
    pass_time(minutes=6)
    before = JobFeed.version_of(bob.user)
    sweeper.sweep()
    sweeper.sweep()
    job.refresh_from_db()
    assert job.status == "pending"
    assert job.delayed_at is not None
    assert JobFeed.version_of(bob.user) == before + 1
    assert sum("longer than usual" in event.note for event in job.events.all()) == 1


def test_a_pending_job_does_not_time_out(bob: Membership) -> None:
    job = submission.submit(bob, order())
    pass_time(hours=5)
    sweeper.sweep()
    job.refresh_from_db()
    assert job.status == "pending"


def test_work_whose_message_was_lost_is_overdue(bob: Membership) -> None:
    submission.submit(bob, order())
    admission.admit()
    assert runs.overdue(2) == []
    pass_time(seconds=3)
    assert runs.overdue(2) == [("media", 1)]


def test_who_is_asked_late_is_asked_again_later_by_as_much(bob: Membership) -> None:
    """So a poller with more work than it can do settles at the pace that it can keep, and nobody starves."""
    submission.submit(bob, order("polled"))
    admission.admit()
    runner.advance("io")
    ItemRun.objects.update(wake_at=clock.now() - timedelta(seconds=30))
    (claim,) = runs.claim("poll")
    looks.settle([looks.Look(claim, stage_named(workshop.STAGES["polled"], "watching"), Wait(5))])
    waits = (ItemRun.objects.get().wake_at - clock.now()).total_seconds()  # type: ignore[operator]
    assert waits >= 35 * (1 - looks.JITTER)
