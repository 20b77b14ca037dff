"""A paid call is made at most once, whatever happens around it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from jobs import admission, clock, looks, runner, runs, submission, sweeper
from jobs.models import ItemRun, UnknownOutcome
from jobs.pipeline import Done, LeaseLost, Outcome, StepFailed, Wait, stage_named
from tests.engine import workshop
from tests.engine.workshop import order
from wevion.accounts.models import Membership

Drain = Callable[[], int]


def lose_worker() -> None:
    """What a SIGKILL leaves: a lease that runs out with nobody to release it."""
    ItemRun.objects.update(lease_until=clock.now() - timedelta(seconds=1))


def test_the_key_names_job_item_stage_and_ordinal(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order("paid"))
    drain()
    assert workshop.calls == [f"{job.pk}:0:ordering:1"]


def test_a_worker_lost_between_intent_and_reference_costs_nobody_anything(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order("paid"))
    admission.admit()
    (claim,) = runs.claim("io")
    runs.intend(claim, workshop.STAGES["paid"][0])
    lose_worker()
    drain()
    job.refresh_from_db()
    assert (job.status, job.error_code, job.cost_cents, workshop.calls) == ("failed", "outcome_unknown", 0, [])


def test_of_two_workers_with_one_token_only_one_may_order(bob: Membership) -> None:
    """So a claim need not outlive a crash of the database: what two of them order is ordered under one intent."""
    submission.submit(bob, order("paid"))
    admission.admit()
    (claim,) = runs.claim("io")
    runs.intend(claim, workshop.STAGES["paid"][0])
    with pytest.raises(LeaseLost):
        runs.intend(claim, workshop.STAGES["paid"][0])


def test_the_same_at_a_vendor_that_takes_the_key_is_simply_repeated(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order("keyed"))
    admission.admit()
    (claim,) = runs.claim("io")
    runs.intend(claim, workshop.STAGES["keyed"][0])
    lose_worker()
    drain()
    job.refresh_from_db()
    assert (job.status, workshop.calls) == ("completed", [f"{job.pk}:0:ordering:1"])


@pytest.mark.parametrize("trouble", ["lost", "break"])
def test_an_order_that_may_have_been_taken_is_not_repeated(trouble: str, bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order("paid", pay=trouble))
    drain()
    job.refresh_from_db()
    assert (job.status, job.error_code, len(workshop.calls)) == ("failed", "outcome_unknown", 1)


def test_an_order_that_was_surely_not_taken_is_repeated_under_the_same_key(bob: Membership, drain: Drain) -> None:
    submission.submit(bob, order("paid", pay="not taken"))
    drain()
    ItemRun.objects.update(wake_at=clock.now())
    drain()
    assert len(workshop.calls) == 2
    assert len(set(workshop.calls)) == 1


def test_a_worker_that_wakes_late_changes_nothing(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order())
    admission.admit()
    (late,) = runs.claim("media")
    lose_worker()
    drain()
    stages = workshop.STAGES["free"]
    with pytest.raises(LeaseLost):
        runner.record(late, stages, stage_named(stages, "making"), Done(memo={"made": 99}))
    with pytest.raises(LeaseLost):
        runs.extend(late, 60)
    job.refresh_from_db()
    assert (job.items.get().result or {})["made"] == 0
    assert job.ledger.count() == 1


@pytest.mark.parametrize("outcome", [Wait(5), Wait(5, 50), Done(), StepFailed("provider_error", retryable=True)])
def test_a_look_that_was_written_has_given_its_claim_up(outcome: Outcome, bob: Membership) -> None:
    submission.submit(bob, order("polled"))
    admission.admit()
    runner.advance("io")
    stages = workshop.STAGES["polled"]
    watching = stage_named(stages, "watching")
    (claim,) = runs.claim("poll")
    looks.settle([looks.Look(claim, watching, outcome)])
    with pytest.raises(LeaseLost):
        runner.record(claim, stages, watching, Done())


def test_an_item_that_takes_five_workers_with_it_fails(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order())
    admission.admit()
    for _ in range(5):
        assert runs.claim("media")
        lose_worker()
    drain()
    job.refresh_from_db()
    assert (job.status, job.error_code) == ("failed", "internal_error")


def test_a_message_that_comes_ten_times_advances_an_item_once(bob: Membership) -> None:
    submission.submit(bob, order("paid"))
    admission.admit()
    assert [runner.advance("io") for _ in range(10)] == [True] + [False] * 9
    assert len(workshop.calls) == 1


def test_two_items_settle_their_job_once(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order(items=4))
    drain()
    job.refresh_from_db()
    assert job.ledger.count() == 1
    assert sum(event.to_status == "completed" and event.is_transition for event in job.events.all()) == 1


def test_of_two_items_the_one_nobody_knows_of_is_raised_though_the_other_was_delivered(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order("paid", items=2))
    admission.admit()
    lost = ItemRun.objects.get(item__job=job, item__position=1)
    ItemRun.objects.filter(pk=lost.pk).update(intent_at=clock.now())
    drain()
    job.refresh_from_db()
    assert (job.status, job.cost_cents) == ("completed", 25)
    assert UnknownOutcome.objects.get().job_id == job.pk


def test_a_worker_lost_in_the_call_and_never_followed_is_raised_when_the_clock_runs_out(bob: Membership) -> None:
    job = submission.submit(bob, order("keyed"))
    admission.admit()
    (claim,) = runs.claim("io")
    runs.intend(claim, workshop.STAGES["keyed"][0])
    ItemRun.objects.update(deadline_at=clock.now() - timedelta(seconds=1))
    sweeper.fail_timed_out()
    job.refresh_from_db()
    assert (job.error_code, bool(job.error_message), UnknownOutcome.objects.count()) == ("outcome_unknown", True, 1)


def test_a_vendor_that_takes_the_key_and_never_answers_is_raised_too(bob: Membership, drain: Drain) -> None:
    job = submission.submit(bob, order("keyed", pay="lost"))
    for _ in range(8):
        drain()
        ItemRun.objects.update(wake_at=clock.now())
    job.refresh_from_db()
    assert (job.status, job.error_code, len(set(workshop.calls))) == ("failed", "outcome_unknown", 1)
    assert UnknownOutcome.objects.count() == 1
