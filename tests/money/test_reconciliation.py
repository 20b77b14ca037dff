"""`reconcile_credits` proves that the money adds up, and says where it does not."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from jobs import clock, submission
from jobs.models import Job, ledger
from jobs.reconciliation import CHECKS
from tests.api.calling import complete, fail
from tests.money.test_credits import order
from wevion.accounts.models import Membership

BALANCE, HELD, CHARGES, REFUNDS, RUNNING, MONTH, MEMBERS = CHECKS


@pytest.fixture
def _busy(alice: Membership, bob: Membership, charlie: Membership) -> None:
    """Two teams of long-standing members, with jobs in every state."""
    Membership.objects.update(created_at=clock.now() - timedelta(days=1))
    for member in (alice, bob, charlie):
        complete(str(submission.submit(member, order(items=2)).pk), lost=(1,))
        complete(str(submission.submit(member, order(30)).pk))
        fail(str(submission.submit(member, order()).pk))
        submission.submit(member, order(7))


def broken() -> list[str]:
    """The checks that fail, by what the command prints."""
    out = StringIO()
    try:
        call_command("reconcile_credits", stdout=out)
        failed = False
    except CommandError:
        failed = True
    lines = [line for line in out.getvalue().splitlines() if not line.startswith("       ")]
    assert [line[7:] for line in lines] == list(CHECKS)
    drifts = [line[7:] for line in lines if line.startswith("DRIFT")]
    assert failed == bool(drifts)
    return drifts


def run(statement: str) -> None:
    """Raw SQL, past the triggers that would refuse it."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no trigger may be pending while they are switched off
        for table in ("jobs_job", "jobs_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        assert cursor.rowcount >= 1
        for table in ("jobs_job", "jobs_ledgerentry"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_an_empty_system_adds_up(db: None) -> None:
    assert broken() == []


@pytest.mark.usefixtures("_busy")
def test_a_busy_system_adds_up() -> None:
    assert broken() == []


@pytest.mark.usefixtures("_busy")
@pytest.mark.parametrize(
    ("drift", "found"),
    [
        ("UPDATE jobs_creditaccount SET posted_cents = posted_cents + 1", [BALANCE]),
        ("UPDATE jobs_creditaccount SET held_cents = held_cents + 1", [HELD]),
        ("UPDATE jobs_creditaccount SET held_cents = 0", [HELD]),
        ("UPDATE jobs_job SET cost_cents = cost_cents - 1 WHERE cost_cents = 30", [CHARGES, MONTH, MEMBERS]),
        ("UPDATE jobs_job SET cost_cents = 0 WHERE cost_cents = 30", [CHARGES, MONTH, MEMBERS]),
        ("DELETE FROM jobs_ledgerentry WHERE amount_cents = -30", [BALANCE, CHARGES, RUNNING, MONTH]),
        ("UPDATE jobs_ledgerentry SET at = at - interval '40 days' WHERE amount_cents = -30", [CHARGES, MONTH]),
        ("UPDATE jobs_ledgerentry SET balance_cents = balance_cents + 1 WHERE amount_cents = -30", [RUNNING]),
        ("UPDATE jobs_ledgerentry SET amount_cents = amount_cents - 1 WHERE kind = 'charge'", [BALANCE, CHARGES, RUNNING, MONTH]),
        ("UPDATE jobs_membermonth SET held_cents = held_cents + 1", [MEMBERS]),
        ("UPDATE jobs_membermonth SET charged_cents = charged_cents + 1", [MEMBERS]),
        ("DELETE FROM jobs_membermonth", [MEMBERS]),
        ("DELETE FROM jobs_creditaccount", [BALANCE, HELD]),
    ],
)
def test_each_drift_is_found(drift: str, found: list[str]) -> None:
    run(drift)
    assert broken() == found


@pytest.mark.usefixtures("_busy")
def test_a_member_who_left_and_came_back_is_no_drift(bob: Membership) -> None:
    user, team = bob.user, bob.team
    bob.delete()
    Membership.objects.create(user=user, team=team, role="manager")
    assert broken() == []


@pytest.mark.usefixtures("_busy")
def test_a_refund_adds_up_and_one_above_the_charge_is_found(alice: Membership) -> None:
    job = Job.objects.get(user=alice.user, cost_cents=30)
    with transaction.atomic():
        ledger.refund(job, 30, alice.user_id, "It was too dark")
    assert broken() == []
    run("UPDATE jobs_ledgerentry SET amount_cents = 31 WHERE kind = 'refund'")
    assert broken() == [BALANCE, REFUNDS, RUNNING]
