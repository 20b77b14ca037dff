"""The queue: claiming runs, and the fenced writes on them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from jobs import sql
from jobs.models import Item, ItemRun, Job
from jobs.pipeline import LeaseLost, Stage
from wevion.rows import side_by_side

LEASE_SECONDS = 20  # of a fresh claim; a stage that needs more extends it first, one that reports renews it


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in this worker's hands until the lease ends. `attempt` is the token that every later write carries.

    `late_seconds` is how long it had been due when it was claimed; `lease_seconds` for how long it was last leased.
    """

    item: Item
    job: Job
    lane: str
    lease_seconds: float
    attempt: int
    crashes: int
    errors: int
    provider_ref: str
    intended: bool
    memo: Mapping[str, Any]
    late_seconds: float = 0.0


def claim(lane: str, limit: int = 1, lease_seconds: int = LEASE_SECONDS, without: Sequence[str] = ()) -> list[Claim]:
    """Takes up to `limit` due runs of the lane, longest due first, with their items and jobs: one query.

    Those of the providers in `without` stay where they are.
    """
    chosen: dict[str, Any] = {"lane": lane, "limit": limit, "lease_seconds": lease_seconds, "without": list(without)}
    with connection.cursor() as cursor:
        cursor.execute(sql.CLAIM, chosen)
        return [_claimed(lane, lease_seconds, *row) for row in cursor.fetchall()]


def _claimed(
    lane: str, lease: float, attempt: int, crashes: int, errors: int, ref: str, intended: bool, memo: str, late: float, *of: Any
) -> Claim:
    item, job = side_by_side(of, Item, Job)
    item.job = job
    return Claim(item, job, lane, lease, attempt, crashes, errors, ref, intended, json.loads(memo), late)


def locked(claim: Claim) -> datetime:
    """Locks the run and its job until the transaction ends, and returns the present; raises LeaseLost.

    `claim.job` has the status that it has now. The transaction waits for no disk: put nothing into it that must not be lost.
    """
    present, claim.job.status, _ = _fenced(claim, sql.LOCK)
    assert isinstance(present, datetime)
    return present


def intend(claim: Claim, stage: Stage) -> None:
    """Commits that the stage's paid call is about to be made, and leases the run for it; raises LeaseLost."""
    _fenced(claim, sql.INTEND, lease_seconds=stage.lease_seconds, again=stage.repeatable)


def keep_reference(claim: Claim, ref: str) -> None:
    """Commits what the provider calls the work; raises LeaseLost."""
    _fenced(claim, sql.KEEP_REFERENCE, ref=ref)


def extend(claim: Claim, lease_seconds: int, *, shown: tuple[Stage, int] | None = None) -> None:
    """Renews the lease; with `shown` notes that the work moved on, and shows the stage and its percent. Raises LeaseLost."""
    _fenced(claim, sql.EXTEND, shown, lease_seconds=lease_seconds, moved=shown is not None)


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
    shown: tuple[Stage, int] | None = None,
) -> Claim:
    """Lets the run wake in `seconds` in the lane, or keeps it for `lease_seconds` more; raises LeaseLost.

    `shown` is what people see from now on: a stage and its percent. Returns the claim as it is now, with `memo` added and
    the poller's answer gone.
    """
    _, kept_memo, ref = _fenced(
        claim,
        sql.HAND_ON,
        shown,
        lane=lane,
        seconds=seconds,
        lease_seconds=lease_seconds,
        errors=errors,
        memo=json.dumps(dict(memo or {})),
        moved=moved,
        keep_intent=keep_intent,
    )
    return replace(
        claim,
        lease_seconds=lease_seconds or 0,
        errors=errors,
        crashes=0,
        memo=json.loads(kept_memo),
        provider_ref=ref,
        intended=keep_intent and claim.intended,
    )


def has_time(claim: Claim, seconds: float) -> bool:
    """Whether the deadline is more than `seconds` away."""
    later = Now() + timedelta(seconds=seconds)
    return ItemRun.objects.filter(pk=claim.item.pk, deadline_at__gt=later).exists()


def end(claim: Claim) -> None:
    """Deletes the run: its item ends in this transaction. Raises LeaseLost."""
    _fenced(claim, sql.END)


def _fenced(claim: Claim, statement: str, shown: tuple[Stage, int] | None = None, **values: Any) -> tuple[Any, ...]:
    """Runs the statement under the claim's token. Returns the row that it gives; raises LeaseLost if there was none."""
    values |= {"item_id": claim.item.pk, "attempt": claim.attempt}
    if shown:
        stage, percent = shown
        statement = sql.shown(statement)
        values |= {"stage": stage.name, "percent": stage.item_percent(percent)}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
    if row is None:
        raise LeaseLost(str(claim.item))
    if shown:
        claim.item.stage = shown[0].name
    return row


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
