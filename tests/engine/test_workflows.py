"""What only the workflow types do: cancel, partial results, items one after another, a clock that starts at the submit."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import Http404

from jobs import admission, clock, reconciliation, runner, runs, submission, sweeper
from jobs.models import ItemRun, Job, Status
from jobs.pipeline import Done, LeaseLost, stage_named
from tests.engine import workshop
from tests.engine.workshop import order
from tests.threads import at_once
from wevion.accounts.models import Membership

Drain = Callable[[], int]


def credit(member: Membership) -> tuple[int, int]:
    member.team.credit.refresh_from_db()
    return member.team.credit.posted_cents, member.team.credit.held_cents


def adds_up() -> bool:
    return not [name for name, rows in reconciliation.findings() if rows]


def ad(items: int = 3, **settings: Any) -> submission.Order:
    return order(items=items, job_type="ad", **settings)


def story(items: int = 3, **settings: Any) -> submission.Order:
    return order(items=items, job_type="story", **settings)


# Cancel


def test_a_pending_job_is_cancelled_and_its_hold_released(bob: Membership) -> None:
    job = submission.cancel(bob.user, submission.submit(bob, ad()))
    assert (job.status, job.cost_cents, job.error_code, job.started_at) == ("cancelled", 0, "", None)
    assert set(job.items.values_list("status", "error_code")) == {("cancelled", "cancelled")}
    assert credit(bob) == (1000, 0)
    assert not ItemRun.objects.exists()
    assert adds_up()


def test_a_running_job_is_cancelled_and_its_worker_may_write_nothing_more(bob: Membership) -> None:
    job = submission.submit(bob, ad(items=1))
    admission.admit()
    (claim,) = runs.claim("media")
    runner._begin(claim)
    submission.cancel(bob.user, job)
    stages = workshop.STAGES["free"]
    with pytest.raises(LeaseLost):
        runner.record(claim, stages, stage_named(stages, "making"), Done())
    with pytest.raises(LeaseLost):
        runs.extend(claim, 60)
    job.refresh_from_db()
    assert (job.status, credit(bob)) == ("cancelled", (1000, 0))


def test_what_was_made_before_the_cancel_is_neither_kept_nor_charged(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, ad(items=2, make={"1": "wait"}))
    admission.admit()
    while not job.items.filter(status="completed").exists():
        runner.advance("media")
        runner.advance("io")
    submission.cancel(bob.user, job)
    drain()
    job.refresh_from_db()
    assert (job.status, job.cost_cents, job.ledger.count(), credit(bob)) == ("cancelled", 0, 0, (1000, 0))


def test_cancelling_twice_is_the_same_as_once(bob: Membership) -> None:
    job = submission.submit(bob, ad())
    submission.cancel(bob.user, job)
    assert submission.cancel(bob.user, job).status == "cancelled"
    assert job.events.filter(to_status="cancelled").count() == 1


def test_an_ended_job_a_plain_type_and_a_stranger_s_job_are_not_cancelled(
    bob: Membership, vera: Membership, drain: Drain
) -> None:
    ended = submission.submit(bob, ad(items=1))
    drain()
    with pytest.raises(submission.NotCancellable):
        submission.cancel(bob.user, ended)
    with pytest.raises(submission.NotCancellable):
        submission.cancel(bob.user, submission.submit(bob, order()))
    with pytest.raises(Http404):
        submission.cancel(vera.user, submission.submit(bob, ad(items=1)))


def test_a_cancelled_job_can_be_submitted_again(bob: Membership, drain: Drain) -> None:
    job = submission.cancel(bob.user, submission.submit(bob, ad(items=1)))
    again = submission.retry(bob, job)
    drain()
    again.refresh_from_db()
    assert (again.retry_of_id, again.status) == (job.pk, "completed")


def test_the_places_of_a_cancelled_job_go_to_who_waits(bob: Membership) -> None:
    submission.submit(bob, ad(items=4))
    waiting = submission.submit(bob, order())
    admission.admit()
    assert ItemRun.objects.get(item__job=waiting).wake_at is None
    submission.cancel(bob.user, Job.objects.get(type="ad"))
    admission.admit()
    assert ItemRun.objects.get(item__job=waiting).wake_at is not None


@pytest.mark.django_db(transaction=True)
def test_f33_a_cancel_racing_completion_leaves_one_end_and_a_true_ledger(bob: Membership) -> None:
    """Sixteen jobs, each finished by a worker and cancelled by its owner at the same moment."""
    jobs = [submission.submit(bob, ad(items=2)) for _ in range(8)]
    for _ in jobs:
        admission.admit()

    def finish() -> None:
        while ItemRun.objects.exists():
            admission.admit()
            runner.advance("media")
            runner.advance("io")

    def stop() -> None:
        for job in jobs:
            try:
                submission.cancel(bob.user, job)
            except submission.NotCancellable:
                continue

    turns = iter([finish, finish, finish, stop])
    results = at_once(4, lambda: next(turns)())
    assert not [result for result in results if isinstance(result, Exception)]
    for job in Job.objects.all():
        assert job.status in ("completed", "cancelled")
        assert job.events.filter(to_status__in=["completed", "cancelled"]).exclude(from_status__in=["cancelled"]).count() == 1
        assert job.ledger.count() == (job.status == "completed")
        assert job.pk in workshop.ended_jobs
    assert adds_up()


# Partial


def test_of_a_workflow_s_items_the_delivered_ones_are_charged_and_it_is_partial(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, ad(items=3, make={"1": "content_rejected"}))
    drain()
    job.refresh_from_db()
    assert (job.status, job.cost_cents, job.progress_percent, job.error_code) == ("partial", 50, 100, "")
    assert job.metadata["failed_items"] == [{"position": 1, "code": "content_rejected"}]
    assert credit(bob) == (950, 0)
    assert adds_up()


def test_a_workflow_of_which_nothing_came_has_failed(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, ad(items=2, make={"0": "content_rejected", "1": "content_rejected"}))
    drain()
    job.refresh_from_db()
    assert (job.status, job.error_code, credit(bob)) == ("failed", "content_rejected", (1000, 0))


# One after another


def test_items_in_order_run_one_at_a_time_and_see_what_came_before(bob: Membership) -> None:
    job = submission.submit(bob, story())
    began: list[int] = []
    admission.admit()
    while ItemRun.objects.exists():
        assert len(began) < 3
        assert ItemRun.objects.exclude(queued_at=None).count() == 1
        began.append(ItemRun.objects.exclude(queued_at=None).get().item.position)
        assert runner.advance("media")
        assert runner.advance("io")
    job.refresh_from_db()
    assert (job.status, began) == ("completed", [0, 1, 2])
    results = list(job.items.order_by("position").values_list("result", flat=True))
    assert [(result or {})["earlier"] for result in results] == [[], [0], [0, 1]]


def test_items_in_order_take_one_slot(bob: Membership) -> None:
    submission.submit(bob, story(items=8))
    submission.submit(bob, order(items=3))
    admission.admit()
    assert ItemRun.objects.exclude(wake_at=None).count() == 4
    assert ItemRun.objects.filter(wake_at=None, queued_at=None).count() == 7


def test_the_first_item_that_fails_in_order_fails_the_job_uncharged(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, story(make={"1": "content_rejected"}))
    drain()
    job.refresh_from_db()
    assert (job.status, job.error_code, job.cost_cents, credit(bob)) == ("failed", "content_rejected", 0, (1000, 0))
    assert [item.status for item in job.items_in_order()] == [Status.COMPLETED, Status.FAILED, Status.CANCELLED]
    assert not ItemRun.objects.exists()
    assert adds_up()


# Clocks and early ends


def test_a_clock_from_the_submit_ends_a_job_that_never_started(bob: Membership) -> None:
    job = submission.submit(bob, ad(items=2))
    ItemRun.objects.update(deadline_at=clock.now() - timedelta(seconds=1))
    sweeper.fail_timed_out()
    job.refresh_from_db()
    assert (job.status, job.error_code, job.started_at, credit(bob)) == ("failed", "provider_timeout", None, (1000, 0))
    assert "no free slot" in job.error_message


def test_the_stage_that_gives_a_result_is_the_last(bob: Membership) -> None:
    job = submission.submit(bob, order(make={"0": "early"}))
    admission.admit()
    assert runner.advance("media")
    job.refresh_from_db()
    assert (job.status, job.items.get().result) == ("completed", {"made": 0})
