"""The team's credit, in whole cents. Money moves by conditional UPDATEs and constraints, never by read and write.

A job's hold is its `estimated_cost_cents` while it is active; there is no second record of it. `posted_cents` moves
only together with a LedgerEntry, which is append-only (a trigger holds it) and unique per (job, kind).
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from wevion.accounts.models import Membership, Team
from wevion.refusal import Refusal

if TYPE_CHECKING:
    from jobs.models.job import Job


class InsufficientCredits(Refusal):
    status = 402
    code = "insufficient_credits"


class CreditCapReached(Refusal):
    status = 402
    code = "credit_cap_reached"


class NotRefundable(Refusal):
    status = 409
    code = "not_refundable"


class CreditAccount(models.Model):
    """`posted_cents` is the balance by the ledger; `held_cents` is promised to active jobs."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, primary_key=True, related_name="credit")
    posted_cents = models.BigIntegerField(default=0)
    held_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(held_cents__gte=0), name="account_held_not_negative"),
            models.CheckConstraint(condition=Q(posted_cents__gte=F("held_cents")), name="account_never_overdrawn"),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.posted_cents} ({self.held_cents} held)"

    @property
    def available_cents(self) -> int:
        return self.posted_cents - self.held_cents


class MemberMonth(models.Model):
    """What a member has held and been charged in a month (UTC, named by its first day): the measure of monthly caps."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()
    held_cents = models.BigIntegerField(default=0)
    charged_cents = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint("membership", "month", name="member_month_once"),
            models.CheckConstraint(condition=Q(held_cents__gte=0, charged_cents__gte=0), name="member_month_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.month:%Y-%m}"


class LedgerEntry(models.Model):
    """One movement of a team's credit: positive adds, negative takes."""

    class Kind(models.TextChoices):
        TOPUP = "topup", "Top-up"
        CHARGE = "charge", "Charge"
        REFUND = "refund", "Refund"

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="ledger")
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="ledger")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    amount_cents = models.BigIntegerField()
    balance_cents = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name_plural = "ledger entries"
        indexes = [models.Index(fields=["team", "-at", "-id"], name="ledger_recent")]
        constraints = [
            models.UniqueConstraint("job", "kind", name="ledger_once_per_job_and_kind"),
            models.UniqueConstraint(
                fields=["team", "reason"], condition=Q(kind="topup") & ~Q(reason=""), name="ledger_topup_reference_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="charge", amount_cents__lt=0, job__isnull=False)
                | Q(kind="refund", amount_cents__gt=0, job__isnull=False)
                | Q(kind="topup", amount_cents__gt=0, job=None),
                name="ledger_sign_by_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount_cents}"


def month_of(at: datetime) -> date:
    return at.astimezone(UTC).date().replace(day=1)


def hold(membership: Membership, cents: int, now: datetime) -> None:
    """Promises `cents` of the team's credit to a job that is being submitted.

    Raises InsufficientCredits or CreditCapReached, and then the caller's transaction must roll back. What costs nothing
    needs neither credit nor room under a cap, not even an account.
    """
    if not cents:
        return
    _hold_for_member(membership, cents, month_of(now))
    account = CreditAccount.objects.filter(team_id=membership.team_id)
    if not account.filter(posted_cents__gte=F("held_cents") + cents).update(held_cents=F("held_cents") + cents):
        found = account.first()
        left = found.available_cents if found else 0
        raise InsufficientCredits(
            f"This costs {dollars(cents)}, and the team has {dollars(left)} left. Nothing was charged; ask an owner to top up.",
            cost_cents=cents,
            available_cents=left,
        )


# Writes nothing when the cap leaves no room; a member's first hold of the month makes the row.
HOLD_FOR_MEMBER = """
INSERT INTO jobs_membermonth AS m (membership_id, month, held_cents, charged_cents)
SELECT %(member)s, %(month)s, %(cents)s, 0 WHERE %(cap)s::bigint IS NULL OR %(cents)s <= %(cap)s
    ON CONFLICT (membership_id, month) DO UPDATE SET held_cents = m.held_cents + excluded.held_cents
    WHERE %(cap)s::bigint IS NULL OR m.held_cents + m.charged_cents + excluded.held_cents <= %(cap)s
"""


def _hold_for_member(membership: Membership, cents: int, month: date) -> None:
    cap = membership.monthly_cap_cents
    with connection.cursor() as cursor:
        cursor.execute(HOLD_FOR_MEMBER, {"member": membership.pk, "month": month, "cents": cents, "cap": cap})
        room = cursor.rowcount
    if not room:
        raise CreditCapReached(
            f"This costs {dollars(cents)}, which would pass your monthly limit of {dollars(cap or 0)}. Nothing was charged.",
            cost_cents=cents,
            cap_cents=cap,
        )


def release(job: "Job") -> None:
    """Gives back the whole hold of a job that ended without a charge."""
    if not job.estimated_cost_cents:
        return
    _unhold(job)
    CreditAccount.objects.filter(team_id=job.team_id).update(held_cents=F("held_cents") - job.estimated_cost_cents)


def charge(job: "Job") -> None:
    """Turns the hold into a charge of `job.cost_cents`, at most the hold, and gives back the rest."""
    if not job.estimated_cost_cents:
        return
    _unhold(job)
    if job.cost_cents:
        _count_for_member(job)
    # Last, because every job of the team waits for this row until the commit.
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE jobs_creditaccount SET held_cents = held_cents - %s, posted_cents = posted_cents - %s"
            " WHERE team_id = %s RETURNING posted_cents",
            [job.estimated_cost_cents, job.cost_cents, job.team_id],
        )
        balance = cursor.fetchone()[0]
    if job.cost_cents and job.completed_at:
        LedgerEntry.objects.create(
            team_id=job.team_id, job=job, kind="charge", amount_cents=-job.cost_cents, balance_cents=balance, at=job.completed_at
        )


def top_up(team: Team, cents: int, actor_id: UUID | None = None, reason: str = "") -> LedgerEntry:
    """Adds credit. Call it in a transaction. A `reason` is the payment's reference, and is taken once for each team."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_creditaccount (team_id, posted_cents, held_cents) VALUES (%s, %s, 0)"
            " ON CONFLICT (team_id) DO UPDATE SET posted_cents = jobs_creditaccount.posted_cents + excluded.posted_cents"
            " RETURNING posted_cents",
            [team.pk, cents],
        )
        balance = cursor.fetchone()[0]
    return LedgerEntry.objects.create(
        team=team, kind="topup", amount_cents=cents, balance_cents=balance, actor_id=actor_id, reason=reason
    )


def refund(job: "Job", cents: int, actor_id: UUID, reason: str) -> LedgerEntry:
    """Gives back what a job was charged, or a part of it, once. Call it in a transaction.

    The job's receipt stays as it is, and so does the member's month: it was used. Raises NotRefundable.
    """
    with connection.cursor() as cursor:  # first, for its lock: two refunds of one job come one after the other
        cursor.execute(
            "UPDATE jobs_creditaccount SET posted_cents = posted_cents + %s WHERE team_id = %s RETURNING posted_cents",
            [cents, job.team_id],
        )
        balance = (cursor.fetchone() or [0])[0]
    entries = {entry.kind: entry for entry in LedgerEntry.objects.filter(job=job)}
    charged = -entries["charge"].amount_cents if "charge" in entries else 0
    if "refund" in entries:
        raise NotRefundable(f"This job was refunded already, {dollars(entries['refund'].amount_cents)}.")
    if not 0 < cents <= charged:
        raise NotRefundable(f"This job was charged {dollars(charged)}; a refund is between one cent and that.")
    return LedgerEntry.objects.create(
        team_id=job.team_id,
        job=job,
        kind="refund",
        amount_cents=cents,
        balance_cents=balance,
        actor_id=actor_id,
        reason=reason,
    )


def _unhold(job: "Job") -> None:
    # Not below zero: a member who left and came back has a new row that never held this job.
    MemberMonth.objects.filter(
        membership__user_id=job.user_id, membership__team_id=job.team_id, month=month_of(job.created_at)
    ).update(held_cents=Greatest(F("held_cents") - job.estimated_cost_cents, 0))


def _count_for_member(job: "Job") -> None:
    assert job.completed_at is not None
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO jobs_membermonth (membership_id, month, held_cents, charged_cents)"
            " SELECT id, %s, 0, %s FROM accounts_membership WHERE user_id = %s AND team_id = %s"
            " ON CONFLICT (membership_id, month) DO UPDATE"
            " SET charged_cents = jobs_membermonth.charged_cents + excluded.charged_cents",
            [month_of(job.completed_at), job.cost_cents, job.user_id, job.team_id],
        )


def dollars(cents: int) -> str:
    """`1234` → `$12.34`, `-25` → `−$0.25`."""
    sign = "−" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02}"
