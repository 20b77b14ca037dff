"""Who adds credit: an operator, in the backoffice, once for each payment and each refund. Owners do not print money."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client

from jobs import submission
from jobs.models import Job, LedgerEntry, ledger
from tests.api.calling import complete, fail
from tests.conftest import hashed
from tests.money.test_credits import money, month, order
from tests.pages.making import page
from wevion.accounts.models import Membership, User

ADD = "/backoffice/jobs/ledgerentry/add/"


@pytest.fixture
def root(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create(email="root@example.com", name="Root", password=hashed(), is_superuser=True))
    return client


def paid(member: Membership, cents: int = 30) -> Job:
    job = submission.submit(member, order(cents))
    complete(str(job.pk))
    return job


def top_up(member: Membership, **changes: Any) -> dict[str, Any]:
    return {"kind": "topup", "team": member.team_id, "amount": "12.34", "reason": "INV-7"} | changes


def give_back(job: Job, **changes: Any) -> dict[str, Any]:
    return {"kind": "refund", "job_id": job.pk, "amount": "0.30", "reason": "Too dark"} | changes


def test_an_operator_records_a_payment_and_the_team_sees_it(
    root: Client, alice: Membership, charlie: Membership, client_of: Callable[[Membership], Client]
) -> None:
    assert root.post(ADD, top_up(alice)).status_code == 302
    entry = LedgerEntry.objects.get(reason="INV-7")
    assert (entry.team, entry.kind, entry.amount_cents, entry.balance_cents) == (alice.team, "topup", 1234, 2234)
    assert entry.actor is not None
    assert entry.actor.email == "root@example.com"
    assert (money(alice), money(charlie)) == ((2234, 0), (1000, 0))
    assert LogEntry.objects.get().object_id == str(entry.pk)
    text = page(client_of(alice).get("/settings/team/billing"))
    assert "Top-up: INV-7" in text
    assert "$22.34 balance" in text


def test_a_payment_is_recorded_once(root: Client, alice: Membership, charlie: Membership) -> None:
    root.post(ADD, top_up(alice))
    assert "recorded for the team already" in page(root.post(ADD, top_up(alice)))
    assert money(alice) == (2234, 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.top_up(alice.team, 1234, reason="INV-7")
    root.post(ADD, top_up(charlie))
    assert money(charlie) == (2234, 0), "another team's payment may have the same number"


@pytest.mark.parametrize("wrong", [{"amount": "0"}, {"amount": "-5"}, {"amount": "1.005"}, {"reason": ""}, {"team": ""}])
def test_a_payment_needs_a_team_an_amount_and_a_reference(wrong: dict[str, str], root: Client, alice: Membership) -> None:
    answer = root.post(ADD, top_up(alice, **wrong))
    assert answer.status_code == 200
    assert "errorlist" in page(answer)
    assert money(alice) == (1000, 0)


def test_an_owner_can_record_nothing(alice: Membership, client_of: Callable[[Membership], Client]) -> None:
    client = client_of(alice)
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, top_up(alice)).status_code == 403
    assert "ledgerentry/add" not in page(client.get("/backoffice/jobs/ledgerentry/"))
    assert money(alice) == (1000, 0)


def test_a_refund_gives_back_a_charge_and_changes_no_receipt(root: Client, bob: Membership) -> None:
    job = paid(bob)
    used = month(bob)
    assert root.post(ADD, give_back(job)).status_code == 302
    entry = LedgerEntry.objects.get(kind="refund")
    assert (entry.team, entry.job, entry.amount_cents, entry.reason) == (bob.team, job, 30, "Too dark")
    assert money(bob) == (1000, 0)
    assert month(bob) == used
    assert Job.objects.get(pk=job.pk).cost_cents == 30


def test_a_refund_is_once_and_at_most_the_charge(root: Client, bob: Membership) -> None:
    job, failed = paid(bob), submission.submit(bob, order())
    fail(str(failed.pk))
    for form, said in (
        (give_back(job, amount="0.31"), "was charged $0.30"),
        (give_back(failed), "was charged $0.00"),
    ):
        assert said in page(root.post(ADD, form, follow=True))
    assert money(bob) == (970, 0)
    root.post(ADD, give_back(job, amount="0.10"))
    assert "refunded already, $0.10" in page(root.post(ADD, give_back(job, amount="0.10"), follow=True))
    assert (money(bob), LedgerEntry.objects.filter(kind="refund").count()) == ((980, 0), 1)


def test_a_refund_needs_a_job_that_is_there(root: Client, bob: Membership) -> None:
    for job_id in ("", "00000000-0000-0000-0000-000000000000"):
        answer = root.post(ADD, {"kind": "refund", "job_id": job_id, "amount": "1", "reason": "x"})
        assert "There is no job with this id" in page(answer)


def test_an_entry_is_shown_and_never_changed(root: Client, alice: Membership) -> None:
    root.post(ADD, top_up(alice))
    entry = LedgerEntry.objects.get(reason="INV-7")
    text = page(root.get(f"/backoffice/jobs/ledgerentry/{entry.pk}/change/"))
    assert "$12.34" in text
    assert "INV-7" in text
    assert 'name="_save"' not in text
