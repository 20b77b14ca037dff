"""How jobs ended and what they took, day by day and by kind, for the dashboard: two statements over an index range.

A job counts on the day it ended, in the given time zone, whether or not it was hidden since. A failed one costs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from django.db import connection

from jobs.models import DELIVERED, Status
from wevion.accounts.models import Team, User

# `day` is 0 for the span before, which is there to compare with, and 1 for the oldest day shown.
TALLIES: Final = """
SELECT grouping(day, type, provider, error_code), day, type, provider, error_code,
       count(*) FILTER (WHERE status = ANY(%(delivered)s)), count(*) FILTER (WHERE status = %(failed)s), count(*),
       sum(cost_cents)
  FROM (SELECT width_bucket(completed_at, %(days)s::timestamptz[]) AS day, completed_at >= %(start)s AS recent,
               type, provider, error_code, status, cost_cents
          FROM jobs_job
         WHERE {whose} AND completed_at >= %(before)s AND completed_at < %(end)s) ended
 GROUP BY GROUPING SETS ((day), (recent, type), (recent, provider), (recent, error_code))
HAVING grouping(day) = 0 OR recent"""

DURATIONS: Final = """
SELECT provider, count(*), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - started_at))
  FROM jobs_job
 WHERE {whose} AND completed_at >= %(start)s AND completed_at < %(end)s AND status = ANY(%(delivered)s)
 GROUP BY provider ORDER BY 2 DESC, 1"""


@dataclass(frozen=True, slots=True)
class Tally:
    """`jobs` ended: `delivered` with results, `failed`, and the rest cancelled."""

    delivered: int = 0
    failed: int = 0
    jobs: int = 0
    cost_cents: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.delivered + other.delivered,
            self.failed + other.failed,
            self.jobs + other.jobs,
            self.cost_cents + other.cost_cents,
        )


@dataclass(frozen=True, slots=True)
class Duration:
    """Of delivered jobs, from start to end: half took at most `half_seconds`, nine of ten at most `most_seconds`."""

    provider: str
    jobs: int
    half_seconds: float
    most_seconds: float


@dataclass(slots=True)
class Usage:
    """`days` is complete, oldest first; the others name what occurred, the costliest or most frequent first."""

    days: dict[date, Tally]
    before: Tally = field(default_factory=Tally)
    types: dict[str, Tally] = field(default_factory=dict)
    providers: dict[str, Tally] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)
    durations: list[Duration] = field(default_factory=list)

    @property
    def total(self) -> Tally:
        return sum(self.days.values(), Tally())


def usage(team: Team, person: User | None, now: datetime, days: int, zone: tzinfo) -> Usage:
    """Of the team's jobs, or of one person's in it, in the last `days` days with today, and before them as many to compare."""
    shown = [now.astimezone(zone).date() - timedelta(days=back) for back in reversed(range(days))]
    starts = [datetime.combine(day, time.min, tzinfo=zone) for day in shown]
    values = {
        "team": team.pk,
        "person": person.pk if person else None,
        "days": starts,
        "before": datetime.combine(shown[0] - timedelta(days=days), time.min, tzinfo=zone),
        "start": starts[0],
        "end": datetime.combine(shown[-1] + timedelta(days=1), time.min, tzinfo=zone),
        "delivered": [status.value for status in DELIVERED],
        "failed": Status.FAILED.value,
    }
    whose = "team_id = %(team)s AND user_id = %(person)s" if person else "team_id = %(team)s"
    with connection.cursor() as cursor:
        cursor.execute(TALLIES.format(whose=whose), values)
        found = _sorted(cursor.fetchall(), shown)
        cursor.execute(DURATIONS.format(whose=whose), values)
        found.durations = [Duration(provider, jobs, half, most) for provider, jobs, (half, most) in cursor.fetchall()]
    return found


def _sorted(rows: Sequence[tuple[Any, ...]], shown: list[date]) -> Usage:
    """`grouping` has a bit for each of day, type, provider and code over which the row is summed."""
    found = Usage(dict.fromkeys(shown, Tally()))
    for grouping, day, job_type, provider, code, delivered, failed, jobs, cents in sorted(
        rows, key=lambda row: (-row[8], -row[7])
    ):
        tally = Tally(delivered, failed, jobs, int(cents))
        match grouping:
            case 0b0111 if day:
                found.days[shown[day - 1]] = tally
            case 0b0111:
                found.before = tally
            case 0b1011:
                found.types[job_type] = tally
            case 0b1101:
                found.providers[provider] = tally
            case 0b1110 if code:
                found.failures[code] = jobs
    return found
