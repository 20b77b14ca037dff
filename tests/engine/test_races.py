"""Many at once, on real connections."""

import pytest

from jobs import admission, runner, runs, submission
from jobs.models import ItemRun, Job, LedgerEntry
from tests.engine import workshop
from tests.engine.workshop import order
from tests.threads import at_once
from wevion.accounts.models import Membership


@pytest.mark.django_db(transaction=True)
def test_an_item_is_claimed_by_one_of_ten(bob: Membership) -> None:
    submission.submit(bob, order())
    admission.admit()
    claims = at_once(10, lambda: len(runs.claim("media")))
    assert sorted(claims, key=str) == [0] * 9 + [1]


@pytest.mark.django_db(transaction=True)
def test_ten_workers_over_forty_paid_items_order_each_once(bob: Membership, settings: object) -> None:
    settings.TEAM_SLOTS = 100  # type: ignore[attr-defined]
    for _ in range(20):
        submission.submit(bob, order("paid", items=2, cents=1))

    def work() -> None:
        while ItemRun.objects.exists():
            admission.admit()
            runner.advance("io")

    at_once(10, work)
    assert len(workshop.calls) == len(set(workshop.calls)) == 40
    assert set(Job.objects.values_list("status", "cost_cents")) == {("completed", 2)}
    assert LedgerEntry.objects.filter(kind="charge").count() == 20
    bob.team.credit.refresh_from_db()
    assert (bob.team.credit.posted_cents, bob.team.credit.held_cents) == (960, 0)


@pytest.mark.django_db(transaction=True)
def test_ten_presses_of_one_button_make_one_job(bob: Membership) -> None:
    jobs = at_once(10, lambda: submission.submit(bob, order(), idempotency_key="once").pk)
    assert len(set(jobs)) == 1
    bob.team.credit.refresh_from_db()
    assert bob.team.credit.held_cents == 25


@pytest.mark.django_db(transaction=True)
def test_fifty_submits_with_money_for_ten_accept_exactly_ten(bob: Membership) -> None:
    results = at_once(50, lambda: submission.submit(bob, order(cents=100)))
    accepted = [result for result in results if isinstance(result, Job)]
    refused = [type(result).__name__ for result in results if not isinstance(result, Job)]
    assert len(accepted) == 10
    assert set(refused) == {"InsufficientCredits"}
    bob.team.credit.refresh_from_db()
    assert (bob.team.credit.held_cents, bob.team.credit.available_cents) == (1000, 0)
