"""A team's statement of account: the month's figures, who used what, and the ledger as rows and as CSV. Months are UTC."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from jobs.models import CreditAccount, Job, LedgerEntry, MemberMonth
from jobs.models.ledger import month_of
from wevion.accounts.models import Membership, Team, User

COLUMNS: Final = (
    "time_utc",
    "kind",
    "amount_usd",
    "balance_usd",
    "job_id",
    "type",
    "provider",
    "person",
    "recorded_by",
    "reference",
)
MONTHS_BACK: Final = 36


@dataclass(frozen=True, slots=True)
class Use:
    """What one person's jobs took in the month. `role` is empty for somebody who has left; `limit_cents` None without one."""

    person: User
    role: str
    jobs: int
    charged_cents: int
    counted_cents: int
    limit_cents: int | None


def months_of(team: Team, now: datetime) -> list[date]:
    """The months since the team exists, the present one first."""
    found: list[date] = []
    month, first = month_of(now), month_of(team.created_at)
    while month >= first and len(found) < MONTHS_BACK:
        found.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return found or [month_of(now)]


def bounds(month: date) -> tuple[datetime, datetime]:
    """The first moment of the month, and of the next."""
    start = datetime(month.year, month.month, 1, tzinfo=UTC)
    return start, start.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


# One statement sees one moment: a job that ends meanwhile must not look like money astray.
FIGURES = """
SELECT -coalesce(e.charged, 0)::bigint, coalesce(e.refunded, 0)::bigint, coalesce(e.topped_up, 0)::bigint,
       coalesce((SELECT sum(cost_cents) FROM jobs_job WHERE team_id = %(team)s AND cost_cents > 0
                    AND completed_at >= %(start)s AND completed_at < %(end)s), 0)::bigint,
       coalesce(e.total, 0)::bigint, coalesce(a.posted_cents, 0), coalesce(a.held_cents, 0)
  FROM (SELECT sum(amount_cents) FILTER (WHERE kind = 'charge' AND at >= %(start)s AND at < %(end)s) AS charged,
               sum(amount_cents) FILTER (WHERE kind = 'refund' AND at >= %(start)s AND at < %(end)s) AS refunded,
               sum(amount_cents) FILTER (WHERE kind = 'topup' AND at >= %(start)s AND at < %(end)s) AS topped_up,
               sum(amount_cents) AS total
          FROM jobs_ledgerentry WHERE team_id = %(team)s) e
  LEFT JOIN jobs_creditaccount a ON a.team_id = %(team)s
"""


def figures(team: Team, month: date) -> dict[str, Any]:
    """A job belongs to the month in which it was completed, and its charge is dated so: the two sums must be equal."""
    start, end = bounds(month)
    with connection.cursor() as cursor:
        cursor.execute(FIGURES, {"team": team.pk, "start": start, "end": end})
        charged, refunded, topped_up, jobs, ledger, posted, held = cursor.fetchone()
    return {
        "month": month,
        "account": CreditAccount(team=team, posted_cents=posted, held_cents=held),
        "charged_cents": charged,
        "refunded_cents": refunded,
        "topped_up_cents": topped_up,
        "jobs_cents": jobs,
        "jobs_agree": charged == jobs,
        "balance_agrees": ledger == posted,
    }


def uses(team: Team, month: date) -> list[Use]:
    """Everybody in the team, and who has left but was charged for this month; the largest charge first."""
    start, end = bounds(month)
    ended = Job.objects.of_team(team).filter(completed_at__gte=start, completed_at__lt=end, cost_cents__gt=0)
    spent = {row["user"]: row for row in ended.order_by().values("user").annotate(jobs=Count("pk"), cents=Sum("cost_cents"))}
    members = {member.user_id: member for member in Membership.objects.filter(team=team).select_related("user")}
    counted = {row.membership_id: row for row in MemberMonth.objects.filter(membership__team=team, month=month)}
    people = {member.user_id: member.user for member in members.values()} | User.objects.in_bulk(set(spent) - set(members))
    found = []
    for pk, person in people.items():
        member, row = members.get(pk), spent.get(pk, {"jobs": 0, "cents": 0})
        used = counted.get(member.pk) if member else None
        found.append(
            Use(
                person,
                member.get_role_display() if member else "",
                row["jobs"],
                row["cents"],
                used.held_cents + used.charged_cents if used else 0,
                member.monthly_cap_cents if member else None,
            )
        )
    return sorted(found, key=lambda use: (-use.charged_cents, str(use.person)))


def newest_first(entries: QuerySet[LedgerEntry], before: int | None = None) -> QuerySet[LedgerEntry]:
    """From the newest on, or from after the entry `before`, if it is one of them."""
    last = entries.filter(pk=before).first() if before else None
    if last:
        entries = entries.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return entries.select_related("job__user", "actor").order_by("-at", "-id")


def csv_lines(entries: QuerySet[LedgerEntry]) -> Iterator[str]:
    """The entries line by line, read in portions. It begins with a byte order mark: without one Excel garbles names."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for entry in newest_first(entries).iterator(chunk_size=1000):
        yield writer.writerow(_cells(entry))


def _cells(entry: LedgerEntry) -> list[object]:
    job = entry.job
    return [
        entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        entry.kind,
        f"{entry.amount_cents / 100:.2f}",
        f"{entry.balance_cents / 100:.2f}",
        job.pk if job else "",
        job.type if job else "",
        job.provider if job else "",
        _text(job.user.email if job else ""),
        _text(entry.actor.email if entry.actor else ""),
        _text(entry.reason),
    ]


def _text(words: str) -> str:
    """Words that people wrote: a spreadsheet runs a cell that begins like a formula, so such a one gets an apostrophe."""
    return f"'{words}" if words.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else words


class _Echo:
    """A file for csv.writer that hands each line back."""

    def write(self, line: str) -> str:
        return line
