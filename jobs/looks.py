"""The poller's database work: claim in batches, write in batches. Blocking; the poller calls it in one thread."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import close_old_connections, connection

from jobs import doorbell, failpoints, runs
from jobs.models import Lane
from jobs.pipeline import Done, LeaseLost, Outcome, Stage, StepFailed, Wait, encode, stage_after, stage_named
from jobs.runs import Claim
from jobs.settlement import RETRY_AFTER_CAP_SECONDS
from jobs.studio import studio

LEASE_SECONDS = 30
JITTER = 0.2
LATE_CAP_SECONDS = 60.0
ERROR_SECONDS = (2, 5, 10, 20, 30)

# One statement for a whole batch. A run that was taken over since does not match its attempt, and is left alone; one that
# is written has given its lease up, and its claim is void at once.
SETTLE = """
UPDATE jobs_itemrun r
   SET lease_until = NULL, attempt = r.attempt + 1, crashes = 0, errors = v.errors,
       wake_at = now() + make_interval(secs => v.seconds),
       lane = v.lane, memo = r.memo || v.memo::jsonb,
       last_progress_at = CASE WHEN v.moved THEN now() ELSE r.last_progress_at END
  FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::float8[], %s::text[], %s::text[], %s::bool[])
    AS v (item_id, attempt, errors, seconds, lane, memo, moved)
 WHERE r.item_id = v.item_id AND r.attempt = v.attempt
"""


@dataclass(frozen=True, slots=True)
class Look:
    """A claim and its stage; later with what the vendor said."""

    claim: Claim
    stage: Stage
    outcome: Outcome | None = None


def due(limit: int, without: Sequence[str]) -> list[Look]:
    """Claims what is due in the poll lane, but for the providers of which enough is in hand."""
    renew_connection()
    stages = studio().stages
    return [
        Look(claim, stage_named(stages(claim.job.type, claim.job.provider), claim.item.stage))
        for claim in runs.claim(Lane.POLL, limit, LEASE_SECONDS, without)
    ]


def renew_connection() -> None:
    """Lets go of a connection that has failed. One that works is not asked at every tick whether it does."""
    if connection.errors_occurred:
        close_old_connections()


def settle(looks: Sequence[Look]) -> None:
    """Writes what the looks found. What ends a stage is left as an answer for a worker, which alone may finish things."""
    failpoints.reach("before_looks_settled")
    for look in looks:
        if _moved(look):
            _show(look)
    rows = [_row(look) for look in looks]
    with connection.cursor() as cursor:
        cursor.execute(SETTLE, [list(column) for column in zip(*rows, strict=True)])
    for lane, answered in Counter(row[4] for row in rows).items():
        if lane != Lane.POLL:
            doorbell.ring("jobs.advance", lane, answered)


def _row(look: Look) -> tuple[int, int, int, float, str, str, bool]:
    """One run's new values: item, attempt, errors, seconds to sleep, lane, memo to add, whether the vendor moved on."""
    claim = look.claim
    match look.outcome:
        case Wait(seconds=seconds):
            # More work than the poller can do spreads itself: who was asked late is asked again later by as much.
            seconds += min(claim.late_seconds, LATE_CAP_SECONDS)
            return claim.item.pk, claim.attempt, 0, _jittered(seconds), Lane.POLL, "{}", _moved(look)
        case StepFailed(retryable=True, retry_after_seconds=after):
            # A look that failed says nothing about the work: it goes on until the vendor answers or a clock runs out.
            seconds = max(ERROR_SECONDS[min(claim.errors, 4)], min(after or 0, RETRY_AFTER_CAP_SECONDS))
            return claim.item.pk, claim.attempt, claim.errors + 1, _jittered(seconds), Lane.POLL, "{}", False
        case None:  # not looked at: given back
            return claim.item.pk, claim.attempt, claim.errors, 0.0, Lane.POLL, "{}", False
        case outcome:
            return claim.item.pk, claim.attempt, 0, 0.0, _lane(look), json.dumps({"answer": encode(outcome)}), True


def _lane(look: Look) -> str:
    """Whose worker settles the answer: that of the stage it leads to, which then goes straight on."""
    following = stage_after(studio().stages(look.claim.job.type, look.claim.job.provider), look.stage.name)
    if isinstance(look.outcome, Done) and following is not None and following.lane != Lane.POLL:
        return following.lane
    return Lane.IO


def _jittered(seconds: float) -> float:
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, guards nothing


def _percent(look: Look) -> int | None:
    return look.outcome.progress_percent if isinstance(look.outcome, Wait) else None


def _moved(look: Look) -> bool:
    percent = _percent(look)
    return percent is not None and look.stage.item_percent(percent) > look.claim.item.progress_percent


def _show(look: Look) -> None:
    percent = _percent(look)
    assert percent is not None
    with suppress(LeaseLost):  # ended meanwhile, by the sweeper say: there is nothing to show
        runs.extend(look.claim, LEASE_SECONDS, shown=(look.stage, percent))
