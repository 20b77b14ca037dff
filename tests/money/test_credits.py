"""Credit is held, charged once or given back, and never below nothing."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from jobs import clock, submission
from jobs.models import CreditAccount, Job, LedgerEntry, MemberMonth, ledger
from jobs.submission import Order
from tests.api.calling import begin, complete, fail
from tests.threads import at_once
from wevion.accounts.models import Membership, Team


def order(cents: int = 25, items: int = 1) -> Order:
    return Order("image", "local_image", "a red bicycle", {}, [cents] * items, 900, 1800)


def money(member: Membership) -> tuple[int, int]:
    """(posted, held) of the member's team."""
    account = CreditAccount.objects.get(team=member.team_id)
    return account.posted_cents, account.held_cents


def month(member: Membership) -> tuple[int, int]:
    """(held, charged) of the member in this month."""
    row = MemberMonth.objects.filter(membership=member).first()
    return (row.held_cents, row.charged_cents) if row else (0, 0)


def test_the_price_is_held_at_submit_and_charged_at_the_end(bob: Membership) -> None:
    job = submission.submit(bob, order(items=2))
    assert (money(bob), month(bob)) == ((1000, 50), (50, 0))
    complete(str(job.pk))
    assert (money(bob), month(bob)) == ((950, 0), (0, 50))
    entry = LedgerEntry.objects.get(job=job)
    assert (entry.kind, entry.amount_cents, entry.balance_cents) == ("charge", -50, 950)
    job.refresh_from_db()
    assert entry.at == job.completed_at, "a charge belongs to the month of its job"


@pytest.mark.parametrize("started", [False, True])
def test_a_failed_job_leaves_everything_as_it_was(started: bool, bob: Membership) -> None:
    complete(str(submission.submit(bob, order()).pk))
    before = money(bob), month(bob), LedgerEntry.objects.count()
    job = submission.submit(bob, order())
    if started:
        begin(str(job.pk))
    fail(str(job.pk))
    assert (money(bob), month(bob), LedgerEntry.objects.count()) == before


def test_only_delivered_items_are_charged_and_the_rest_is_given_back(bob: Membership) -> None:
    complete(str(submission.submit(bob, order(items=3)).pk), lost=(0,))
    assert (money(bob), month(bob)) == ((950, 0), (0, 50))


def test_a_charge_is_never_more_than_the_estimate(bob: Membership) -> None:
    job = submission.submit(bob, order())
    begin(str(job.pk))
    with transaction.atomic():
        Job.objects.locked(job.pk).complete(9999, clock.now())
    job.refresh_from_db()
    assert (job.cost_cents, money(bob)) == (25, (975, 0))
    with pytest.raises(DatabaseError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(cost_cents=26)


def test_the_last_cent_can_be_spent_and_not_one_more(bob: Membership) -> None:
    submission.submit(bob, order(1000))
    with pytest.raises(ledger.InsufficientCredits) as refused:
        submission.submit(bob, order(1))
    assert refused.value.details == {"cost_cents": 1, "available_cents": 0}
    assert (Job.objects.count(), money(bob), month(bob)) == (1, (1000, 1000), (1000, 0))


def test_a_cap_counts_what_is_held_and_what_was_charged(bob: Membership) -> None:
    bob.monthly_cap_cents = 60
    complete(str(submission.submit(bob, order()).pk))
    submission.submit(bob, order())
    with pytest.raises(ledger.CreditCapReached) as refused:
        submission.submit(bob, order(11))
    assert refused.value.details == {"cost_cents": 11, "cap_cents": 60}
    submission.submit(bob, order(10))
    assert month(bob) == (35, 25)


def test_a_failed_job_does_not_use_up_the_cap(bob: Membership) -> None:
    bob.monthly_cap_cents = 25
    fail(str(submission.submit(bob, order()).pk))
    submission.submit(bob, order())


def test_one_members_cap_is_not_anothers(alice: Membership, bob: Membership) -> None:
    bob.monthly_cap_cents = 0
    with pytest.raises(ledger.CreditCapReached):
        submission.submit(bob, order())
    submission.submit(alice, order())


def test_what_costs_nothing_needs_neither_credit_nor_cap_nor_account(bob: Membership) -> None:
    bob.monthly_cap_cents = 0
    bob.team = Team.objects.create(name="New")
    bob.save()
    complete(str(submission.submit(bob, order(0)).pk))
    fail(str(submission.submit(bob, order(0)).pk))
    assert not CreditAccount.objects.filter(team=bob.team).exists()
    assert not LedgerEntry.objects.filter(team=bob.team).exists()


def test_a_member_who_leaves_does_not_stop_the_job_from_being_charged(bob: Membership) -> None:
    job = submission.submit(bob, order())
    bob.delete()
    complete(str(job.pk))
    account = CreditAccount.objects.get()
    assert (account.posted_cents, account.held_cents) == (975, 0)


def test_teams_do_not_share_credit(bob: Membership, charlie: Membership) -> None:
    submission.submit(bob, order(1000))
    assert money(charlie) == (1000, 0)
    submission.submit(charlie, order(1000))


def test_history_is_added_to_and_never_changed(bob: Membership) -> None:
    job = submission.submit(bob, order())
    complete(str(job.pk))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.update(amount_cents=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(team=bob.team, job=job, kind="charge", amount_cents=-25, balance_cents=0)


@pytest.mark.parametrize(("kind", "cents"), [("topup", -1), ("topup", 0), ("charge", 25), ("refund", -25)])
def test_an_entry_has_the_sign_of_its_kind(kind: str, cents: int, bob: Membership) -> None:
    job = None if kind == "topup" else submission.submit(bob, order())
    with pytest.raises(IntegrityError), transaction.atomic():
        LedgerEntry.objects.create(team=bob.team, job=job, kind=kind, amount_cents=cents, balance_cents=0)


@pytest.mark.parametrize("change", [{"held_cents": -1}, {"held_cents": 1001}, {"posted_cents": -1}])
def test_the_database_refuses_an_overdrawn_account(change: dict[str, int], bob: Membership) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditAccount.objects.filter(team=bob.team).update(**change)


@pytest.mark.parametrize(("cents", "text"), [(0, "$0.00"), (15, "$0.15"), (123456, "$1,234.56"), (-25, "−$0.25")])
def test_money_is_written_in_dollars(cents: int, text: str) -> None:
    assert ledger.dollars(cents) == text


@pytest.mark.django_db(transaction=True)
def test_of_fifty_submits_at_once_exactly_those_that_can_be_paid_are_accepted(bob: Membership) -> None:
    outcomes = at_once(50, lambda: submission.submit(bob, order(100)))
    assert sum(isinstance(outcome, Job) for outcome in outcomes) == 10
    assert sum(isinstance(outcome, ledger.InsufficientCredits) for outcome in outcomes) == 40
    assert (money(bob), month(bob), Job.objects.count()) == ((1000, 1000), (1000, 0), 10)


@pytest.mark.django_db(transaction=True)
def test_submits_and_endings_at_the_same_time_lose_no_cent(alice: Membership, bob: Membership) -> None:
    def turn() -> None:
        for member, end in ((alice, complete), (bob, fail)):
            end(str(submission.submit(member, order(10)).pk))

    assert at_once(12, turn) == [None] * 12
    assert (money(bob), month(alice), month(bob)) == ((1000 - 12 * 10, 0), (0, 120), (0, 0))
    assert list(LedgerEntry.objects.filter(kind="charge").order_by("id").values_list("balance_cents", flat=True)) == [
        1000 - 10 * (done + 1) for done in range(12)
    ]
