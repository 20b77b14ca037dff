"""The queue: claiming runs, and the fenced writes on them. Plain SQL where one statement must do it all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection

from jobs.models import Item, ItemRun, Job
from jobs.pipeline import LeaseLost

LEASE_SECONDS = 20  # of a fresh claim; a stage that needs more extends it first, one that reports renews it

# One statement in autocommit: it picks due runs that nobody holds, passes over those being claimed, and takes the
# lease. A lease found expired means that its worker died or hangs: `crashes` counts it. The first claim starts both clocks.
CLAIM = """
WITH due AS (
    SELECT item_id FROM jobs_itemrun
     WHERE lane = %(lane)s AND wake_at <= now() AND (lease_until IS NULL OR lease_until < now())
       AND provider <> ALL (%(without)s)
     ORDER BY wake_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE jobs_itemrun r
   SET attempt = r.attempt + 1, crashes = r.crashes + (r.lease_until IS NOT NULL)::int,
       lease_until = now() + make_interval(secs => %(lease_seconds)s),
       last_progress_at = coalesce(r.last_progress_at, now()),
       deadline_at = coalesce(r.deadline_at, now() + make_interval(secs => r.deadline_seconds))
  FROM due WHERE r.item_id = due.item_id
RETURNING r.item_id, r.attempt, r.crashes, r.errors, r.provider_ref, r.intent_at IS NOT NULL, r.memo,
    extract(epoch FROM now() - r.wake_at)::float8
"""

EXTEND = """
UPDATE jobs_itemrun
   SET lease_until = now() + make_interval(secs => %(lease_seconds)s),
       last_progress_at = CASE WHEN %(moved)s THEN now() ELSE last_progress_at END
 WHERE item_id = %(item_id)s AND attempt = %(attempt)s
"""


# On to the next stage, or back to sleep: one statement, which also locks the row until the commit. Without a lease the run
# is free for anyone when it wakes, and the claim that gave it up is void at once.
HAND_ON = """
UPDATE jobs_itemrun
   SET lane = %(lane)s, wake_at = now() + make_interval(secs => %(seconds)s),
       lease_until = now() + make_interval(secs => %(lease_seconds)s),
       attempt = attempt + (%(lease_seconds)s::float8 IS NULL)::int,
       errors = %(errors)s, crashes = 0, memo = (memo - 'answer') || %(memo)s::jsonb,
       last_progress_at = CASE WHEN %(moved)s THEN now() ELSE last_progress_at END,
       intent_at = CASE WHEN %(keep_intent)s THEN intent_at END
 WHERE item_id = %(item_id)s AND attempt = %(attempt)s
RETURNING memo, provider_ref
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in this worker's hands until the lease ends. `attempt` is the token that every later write carries.

    `late_seconds` is how long it had been due when it was claimed.
    """

    item: Item
    job: Job
    lane: str
    attempt: int
    crashes: int
    errors: int
    provider_ref: str
    intended: bool
    memo: Mapping[str, Any]
    late_seconds: float = 0.0


def claim(lane: str, limit: int = 1, lease_seconds: int = LEASE_SECONDS, without: Sequence[str] = ()) -> list[Claim]:
    """Takes up to `limit` due runs of the lane, longest due first, with their items and jobs: two queries.

    Those of the providers in `without` stay where they are.
    """
    chosen: dict[str, Any] = {"lane": lane, "limit": limit, "lease_seconds": lease_seconds, "without": list(without)}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, chosen)
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    if not rows:
        return []
    items = Item.objects.select_related("job").filter(pk__in=rows)
    return [Claim(item, item.job, lane, *_typed(*rows[item.pk])) for item in items]


def _typed(attempt: int, crashes: int, errors: int, ref: str, intended: bool, memo: Any, late: float) -> tuple[Any, ...]:
    # Django keeps psycopg from parsing jsonb, so that its own JSONField can: a raw query gets the text.
    return attempt, crashes, errors, ref, intended, json.loads(memo) if isinstance(memo, str) else memo, late


def locked(claim: Claim) -> ItemRun:
    """The run, locked until the transaction ends; raises LeaseLost if it is no longer this claim's."""
    run = ItemRun.objects.select_for_update().filter(pk=claim.item.pk, attempt=claim.attempt).first()
    if run is None:
        raise LeaseLost(str(claim.item))
    return run


def extend(claim: Claim, lease_seconds: int, *, moved: bool = False) -> None:
    """Renews the lease, and notes that the work `moved` on; raises LeaseLost."""
    with connection.cursor() as cursor:
        cursor.execute(
            EXTEND,
            {"item_id": claim.item.pk, "attempt": claim.attempt, "lease_seconds": lease_seconds, "moved": moved},
        )
        if cursor.rowcount != 1:
            raise LeaseLost(str(claim.item))


def write(claim: Claim, **changes: Any) -> None:
    """Changes the run in one statement, if it is still this claim's; raises LeaseLost otherwise."""
    if not ItemRun.objects.filter(pk=claim.item.pk, attempt=claim.attempt).update(**changes):
        raise LeaseLost(str(claim.item))


def hand_on(
    claim: Claim,
    lane: str,
    *,
    seconds: float = 0,
    lease_seconds: float | None = None,
    errors: int = 0,
    memo: Mapping[str, Any] | None = None,
    moved: bool = False,
    keep_intent: bool = False,
) -> Claim:
    """Lets the run wake in `seconds` in the lane, or keeps it for `lease_seconds` more; raises LeaseLost.

    Returns the claim as it is now, with `memo` added and the poller's answer gone.
    """
    values: dict[str, Any] = {
        "item_id": claim.item.pk,
        "attempt": claim.attempt,
        "lane": lane,
        "seconds": seconds,
        "lease_seconds": lease_seconds,
        "errors": errors,
        "memo": json.dumps(dict(memo or {})),
        "moved": moved,
        "keep_intent": keep_intent,
    }
    with connection.cursor() as cursor:
        cursor.execute(HAND_ON, values)
        row = cursor.fetchone()
    if row is None:
        raise LeaseLost(str(claim.item))
    kept = keep_intent and claim.intended
    return replace(claim, errors=errors, crashes=0, memo=json.loads(row[0]), provider_ref=row[1], intended=kept)


def end(claim: Claim) -> None:
    """Deletes the run: its item ends in this transaction. Raises LeaseLost."""
    deleted, _ = ItemRun.objects.filter(pk=claim.item.pk, attempt=claim.attempt).delete()
    if not deleted:
        raise LeaseLost(str(claim.item))


def overdue(seconds: float) -> Sequence[tuple[str, int]]:
    """(lane, count) of the runs that were due `seconds` ago and that nobody holds: their message was lost."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT lane, count(*) FROM jobs_itemrun"
            " WHERE wake_at < now() - make_interval(secs => %s) AND (lease_until IS NULL OR lease_until < now())"
            " GROUP BY lane",
            [seconds],
        )
        return [(lane, count) for lane, count in cursor.fetchall()]
