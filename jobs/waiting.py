"""Why a pending job waits, and how many of the team's are before it: read in the same query as the job itself."""

from dataclasses import dataclass
from typing import Final, TypeVar

from django.conf import settings
from django.db.models import JSONField, Model, QuerySet
from django.db.models.expressions import RawSQL

from jobs.durations import usual_seconds
from jobs.models import Job, Status
from jobs.studio import studio
from wevion.accounts.models import User

Row = TypeVar("Row", bound=Model)

# For each job of the person's teams with nothing admitted: how many of the team's jobs queue before it; how many items the
# team and the provider have running; how many seconds of work the team has before it, running or queued, in all and at the
# job's own provider; and whether the provider's breaker is open. It names no row of the query that it stands in, so the
# database works it out once for all rows, and not at all where none is pending. An admitted item starts any moment.
WAITS: Final = """
CASE WHEN jobs_job.status = 'pending' THEN (
    WITH every AS (
        SELECT r.team_id, i.job_id, r.provider,
               min(r.queued_at) FILTER (WHERE r.wake_at IS NULL) AS queued_at, min(r.item_id) AS first,
               count(r.queued_at) FILTER (WHERE r.wake_at IS NULL) AS queued, count(r.wake_at) AS running,
               max(coalesce(u.half_seconds, s.seconds, 1)) AS seconds
          FROM jobs_itemrun r JOIN jobs_item i ON i.id = r.item_id JOIN jobs_job j ON j.id = i.job_id
          LEFT JOIN jobs_usualtime u ON u.type = j.type AND u.provider = r.provider
          LEFT JOIN unnest(%s::text[], %s::int[]) AS s (provider, seconds) ON s.provider = r.provider
         WHERE r.team_id IN (SELECT team_id FROM jobs_job WHERE user_id = %s AND hidden_at IS NULL AND status = 'pending')
         GROUP BY r.team_id, i.job_id, r.provider
    ), line AS (
        SELECT *, count(*) FILTER (WHERE queued > 0) OVER before AS ahead, sum(running) OVER team AS busy,
               coalesce(sum(queued * seconds) OVER before, 0) + sum(running * seconds) OVER team AS work,
               coalesce(sum(queued * seconds) OVER same_before, 0) + sum(running * seconds) OVER same AS own_work
          FROM every
        WINDOW team AS (PARTITION BY team_id), same AS (PARTITION BY team_id, provider),
               before AS (PARTITION BY team_id ORDER BY queued_at, first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
               same_before AS (PARTITION BY team_id, provider ORDER BY queued_at, first
                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ), provider_busy AS (
        SELECT provider, count(*) AS n FROM jobs_itemrun WHERE wake_at IS NOT NULL GROUP BY provider
    )
    SELECT jsonb_object_agg(job_id, jsonb_build_array(
               ahead, busy, coalesce(p.n, 0), work, own_work, coalesce(h.open_until > now(), false)))
      FROM line LEFT JOIN provider_busy p USING (provider) LEFT JOIN jobs_providerhealth h USING (provider)
     WHERE running = 0
) -> jobs_job.id::text END
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """`reason` is a clause for people, `position` 1 for the team's next job.

    `about_seconds` until it starts, roughly: the usual time of the work before it, shared among the team's slots, or of that
    for the same provider among the provider's, whichever is longer. None while the provider has trouble: nobody knows.
    """

    reason: str
    position: int
    about_seconds: int | None


def with_waits(rows: "QuerySet[Row]", user: User) -> "QuerySet[Row, Row]":
    """The person's jobs, or items joined with their job, each with what `waiting` needs."""
    usual = {provider: studio().typical_seconds(provider)[0] for provider in studio().providers()}
    given = [list(usual), list(usual.values()), user.pk]
    annotated: QuerySet[Row, Row] = rows.annotate(waits=RawSQL(WAITS, given, JSONField()))  # type: ignore[assignment]  # noqa: S611
    return annotated


def waiting(job: Job, row: Model | None = None) -> Waiting | None:
    """Why a job waits for a slot; None if it does not. `row` is what came from `with_waits`, if not the job itself."""
    waits = getattr(row or job, "waits", None)
    if waits is None or job.status != Status.PENDING:
        return None
    ahead, busy, provider_busy, work, own_work, paused = waits
    label = studio().providers().get(job.provider, job.provider)
    slots = studio().slots().get(job.provider, 1)
    seconds = max(1, work / settings.TEAM_SLOTS, own_work / min(slots, settings.TEAM_SLOTS))
    if paused:
        return Waiting(f"{label} has trouble, and new jobs for it are held back until it recovers", ahead + 1, None)
    if busy >= settings.TEAM_SLOTS:
        reason = f"your team's {settings.TEAM_SLOTS} places are taken"
    elif provider_busy >= slots:
        # Other teams' work: how far that is, is not ours to know. One of theirs usually ends within the time of one of ours.
        reason, seconds = f"all {slots} places at {label} are taken", max(seconds, usual_seconds(job.type, job.provider)[0])
    else:
        reason = "it starts any moment"
    return Waiting(reason, ahead + 1, round(seconds))
