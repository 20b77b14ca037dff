"""The team's credit, in whole cents. Money moves by conditional UPDATEs and constraints, never by read and write.

A job's hold is its `estimated_cost_cents` while it is active; there is no second record of it. `posted_cents` moves
only together with a LedgerEntry, which is append-only (a trigger holds it) and unique per (job, kind).
"""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
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


# The member's part comes first, and the account's waits for it: the order of locks. It writes nothing when the cap leaves no
# room; a member's first hold of the month makes the row.
HOLD = """
WITH member AS (
    INSERT INTO jobs_membermonth AS m (membership_id, month, held_cents, charged_cents)
    SELECT %(member)s, %(month)s, %(cents)s, 0 WHERE %(cap)s::bigint IS NULL OR %(cents)s <= %(cap)s
        ON CONFLICT (membership_id, month) DO UPDATE SET held_cents = m.held_cents + excluded.held_cents
        WHERE %(cap)s::bigint IS NULL OR m.held_cents + m.charged_cents + excluded.held_cents <= %(cap)s
    RETURNING membership_id
), account AS (
    UPDATE jobs_creditaccount SET held_cents = held_cents + %(cents)s
      FROM member WHERE team_id = %(team)s AND posted_cents >= held_cents + %(cents)s
    RETURNING team_id
)
SELECT EXISTS (SELECT FROM member), EXISTS (SELECT FROM account)
"""


def hold(membership: Membership, cents: int, now: datetime) -> None:
    """Promises `cents` of the team's credit to a job that is being submitted.

    Raises InsufficientCredits or CreditCapReached, and then the caller's transaction must roll back. What costs nothing
    needs neither credit nor room under a cap, not even an account.
    """
    if not cents:
        return
    team, cap = membership.team_id, membership.monthly_cap_cents
    values: dict[str, Any] = {"member": membership.pk, "month": month_of(now), "cents": cents, "cap": cap, "team": team}
    with connection.cursor() as cursor:
        cursor.execute(HOLD, values)
        room, enough = cursor.fetchone()
    if not room:
        raise CreditCapReached(
            f"This costs {dollars(cents)}, which would pass your monthly limit of {dollars(cap or 0)}. Nothing was charged.",
            cost_cents=cents,
            cap_cents=cap,
        )
    if not enough:
        found = CreditAccount.objects.filter(team_id=team).first()
        left = found.available_cents if found else 0
        raise InsufficientCredits(
            f"This costs {dollars(cents)}, and the team has {dollars(left)} left. Nothing was charged; ask an owner to top up.",
            cost_cents=cents,
            available_cents=left,
        )


CHARGE = """
WITH account AS (
    UPDATE jobs_creditaccount SET held_cents = held_cents - %(held)s, posted_cents = posted_cents - %(cost)s
     WHERE team_id = %(team)s RETURNING team_id, posted_cents
)
INSERT INTO jobs_ledgerentry (team_id, job_id, kind, amount_cents, balance_cents, at, reason)
SELECT team_id, %(job)s, 'charge', -%(cost)s, posted_cents, %(at)s, '' FROM account
"""

# Not below zero: a member who left and came back has a new row that never held this job. The membership is kept until the
# commit: a month that is new here would otherwise point to one that has been removed meanwhile, and the job could not end.
COUNT_FOR_MEMBER = """
INSERT INTO jobs_membermonth AS m (membership_id, month, held_cents, charged_cents)
SELECT id, %(month)s, 0, %(cost)s FROM accounts_membership WHERE user_id = %(user)s AND team_id = %(team)s FOR KEY SHARE
    ON CONFLICT (membership_id, month) DO UPDATE
    SET charged_cents = m.charged_cents + excluded.charged_cents, held_cents = greatest(m.held_cents - %(held)s, 0)
"""


def release(job: "Job") -> None:
    """Gives back the whole hold of a job that ended without a charge."""
    if not job.estimated_cost_cents:
        return
    _unhold(job)
    CreditAccount.objects.filter(team_id=job.team_id).update(held_cents=F("held_cents") - job.estimated_cost_cents)


def charge(job: "Job") -> None:
    """Turns the hold into a charge of `job.cost_cents`, at most the hold, and gives back the rest."""
    if not job.cost_cents:
        release(job)
        return
    _count_for_member(job)
    # Last, because every job of the team waits for the account's row until the commit.
    values: dict[str, Any] = {
        "held": job.estimated_cost_cents,
        "cost": job.cost_cents,
        "team": job.team_id,
        "job": job.pk,
        "at": job.completed_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(CHARGE, values)
        assert cursor.rowcount == 1, f"{job}: its team has no account to charge"


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
    MemberMonth.objects.filter(
        membership__user_id=job.user_id, membership__team_id=job.team_id, month=month_of(job.created_at)
    ).update(held_cents=Greatest(F("held_cents") - job.estimated_cost_cents, 0))


def _count_for_member(job: "Job") -> None:
    """Gives the hold back to the month of the submit, and counts the charge in that of the end: most often they are one."""
    assert job.completed_at is not None
    same = month_of(job.created_at) == month_of(job.completed_at)
    values: dict[str, Any] = {
        "month": month_of(job.completed_at),
        "cost": job.cost_cents,
        "held": job.estimated_cost_cents if same else 0,
        "user": job.user_id,
        "team": job.team_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT_FOR_MEMBER, values)
    if not same:  # after the membership, which a removal locks before its months
        _unhold(job)


def dollars(cents: int) -> str:
    """`1234` → `$12.34`, `-25` → `−$0.25`."""
    sign = "−" if cents < 0 else ""
    return f"{sign}${abs(cents) // 100:,}.{abs(cents) % 100:02}"
