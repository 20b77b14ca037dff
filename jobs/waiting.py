"""Why a pending job waits, and how many of the team's are before it: read in the same query as the job itself."""

from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings
from django.db.models import JSONField, Model, QuerySet
from django.db.models.expressions import RawSQL

from jobs.models import Job, Status
from jobs.studio import studio

Row = TypeVar("Row", bound=Model)

# What the team and the provider have running, how many of the team's jobs queue before this one, how much of each kind of work
# the team has before it, running or queued, and whether the provider's breaker is open.
# NULL unless the job is pending with nothing admitted: an admitted item starts any moment.
WAITS = """
CASE WHEN jobs_job.status = 'pending' THEN (
    SELECT jsonb_build_array(
        (SELECT count(*) FROM jobs_itemrun r WHERE r.team_id = jobs_job.team_id AND r.wake_at IS NOT NULL),
        (SELECT count(*) FROM jobs_itemrun r WHERE r.provider = jobs_job.provider AND r.wake_at IS NOT NULL),
        (SELECT count(DISTINCT i.job_id) FROM jobs_itemrun r JOIN jobs_item i ON i.id = r.item_id
          WHERE r.team_id = jobs_job.team_id AND r.wake_at IS NULL
            AND (r.queued_at, r.item_id) < (w.queued_at, w.item_id)),
        (SELECT jsonb_agg(jsonb_build_array(kind.type, kind.provider, kind.items)) FROM (
            SELECT j.type, r.provider, count(*) AS items
              FROM jobs_itemrun r JOIN jobs_item i ON i.id = r.item_id JOIN jobs_job j ON j.id = i.job_id
             WHERE r.team_id = jobs_job.team_id
               AND (r.wake_at IS NOT NULL OR (r.queued_at, r.item_id) < (w.queued_at, w.item_id))
             GROUP BY j.type, r.provider) kind),
        coalesce((SELECT h.open_until > now() FROM jobs_providerhealth h WHERE h.provider = jobs_job.provider), false))
      FROM (SELECT min(r.queued_at) AS queued_at, min(r.item_id) AS item_id
              FROM jobs_itemrun r JOIN jobs_item i ON i.id = r.item_id
             WHERE i.job_id = jobs_job.id HAVING bool_and(r.wake_at IS NULL)) w
) END
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`reason` is a clause for people, `position` 1 for the team's next job.

    `about_seconds` until it starts, roughly: the usual time of all that the team has before it, shared among its slots. So a
    job further back never seems to start sooner.
    """

    reason: str
    position: int
    about_seconds: int


def with_waits(rows: "QuerySet[Row]") -> "QuerySet[Row, Row]":
    """Jobs, or items joined with their job, each with what `waiting` needs."""
    annotated: QuerySet[Row, Row] = rows.annotate(waits=RawSQL(WAITS, [], JSONField()))  # type: ignore[assignment]  # noqa: S611
    return annotated


def waiting(job: Job, row: Model | None = None) -> Waiting | None:
    """Why a job waits for a slot; None if it does not. `row` is what came from `with_waits`, if not the job itself."""
    waits = getattr(row or job, "waits", None)
    if waits is None or job.status != Status.PENDING:
        return None
    team, busy, ahead, work, paused = waits
    label = studio().providers().get(job.provider, job.provider)
    slots = studio().slots().get(job.provider, 1)
    before = sum(items * studio().typical_seconds(kind, provider)[0] for kind, provider, items in work or ())
    if paused:
        reason = f"{label} has trouble, and new jobs for it are held back until it recovers"
    elif team >= settings.TEAM_SLOTS:
        reason = f"your team's {settings.TEAM_SLOTS} slots are busy"
    elif busy >= slots:
        reason = f"all {slots} places at {label} are taken"
    else:
        reason = "it starts any moment"
    return Waiting(reason, ahead + 1, max(1, round(before / settings.TEAM_SLOTS)))
