"""F27, as far as it is not in tests/money and tests/engine/test_races.py: money that moves while a job ends."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from jobs.models import CreditAccount, LedgerEntry, ledger
from tests.faults.acts import finish, image, result, until_to_be_fetched, work
from tests.faults.invariants import check
from tests.line.test_vendors import submitted
from tests.providers.fakes.bfl import FakeBfl
from tests.threads import at_once
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def test_f27_top_ups_while_jobs_are_charged_lose_no_cent(bfl: FakeBfl, bob: Membership) -> None:
    jobs = [image(bob, f"lamp {number}") for number in range(3)]
    until_to_be_fetched(bfl, orders=3)
    turns: list[Callable[[], None]] = [*[partial(work, "media")] * 3, *[partial(top_up, bob)] * 5]
    assert at_once(len(turns), lambda: turns.pop()()) == [None] * 8
    finish()
    assert {result(job) for job in jobs} == {("completed", "")}
    charged = sum(job.cost_cents for job in jobs)
    account = CreditAccount.objects.get(team=bob.team)
    assert (account.posted_cents, account.held_cents) == (1000 + 5 * 7 - charged, 0)
    check(bfl)


def top_up(member: Membership) -> None:
    with transaction.atomic():
        ledger.top_up(member.team, 7)


def test_f27_a_price_that_changes_after_the_submit_changes_nothing(bob: Membership, settings: Any) -> None:
    job = submitted(bob, "tts", text="Hello there")
    price = job.estimated_cost_cents
    settings.LOCAL_RENDERERS_FREE = True
    finish()
    assert result(job) == ("completed", "")
    assert job.cost_cents == price > 0
    check()


def test_f27_a_job_is_refunded_at_most_once_and_keeps_its_cost(bob: Membership) -> None:
    job = submitted(bob, "tts", text="Hello there")
    finish()
    job.refresh_from_db()
    entry = {"team": bob.team, "job": job, "kind": "refund", "amount_cents": job.cost_cents, "balance_cents": 1000}
    with transaction.atomic():
        LedgerEntry.objects.create(**entry)
        CreditAccount.objects.filter(team=bob.team).update(posted_cents=1000)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(**entry)
    cost = job.cost_cents
    job.refresh_from_db()
    assert job.cost_cents == cost > 0
    check()
