"""Advances one item: claim, run one stage after another while they share a lane, write down what happened."""

import logging
from collections.abc import Mapping
from typing import Any

from jobs import failpoints, progress, runs, settlement
from jobs.models import Status
from jobs.pipeline import Done, LeaseLost, Outcome, Stage, Step, StepFailed, Wait, decode, stage_named
from jobs.runs import Claim
from jobs.studio import studio

log = logging.getLogger(__name__)

CRASHES_ALLOWED = 5


def advance(lane: str) -> bool:
    """Claims one due item of the lane and takes it as far as the lane goes. False if nothing was due.

    Never raises for what happens to the item: every failure is written on its row, or was taken over with the lease.
    """
    claims = runs.claim(lane)
    for claim in claims:
        failpoints.reach("after_claim")
        try:
            _advance(claim, lane)
        except LeaseLost:
            log.warning("item %s was taken over; this attempt's work is dropped", claim.item)
    return bool(claims)


def _advance(claim: Claim, lane: str) -> None:
    stages = studio().stages(claim.job.type, claim.job.provider)
    stage: Stage | None = stage_named(stages, claim.item.stage)
    assert stage is not None
    _begin(claim)
    while stage is not None:
        outcome = _outcome(claim, stage)
        again = record(claim, stages, stage, outcome)
        stage = stage_named(stages, claim.item.stage) if again else None
        if again:
            claim = again


def _begin(claim: Claim) -> None:
    """The item's first claim starts it, and the job if this is its first item."""
    if claim.item.status == Status.PENDING:
        settlement.item_begins(claim)


def _outcome(claim: Claim, stage: Stage) -> Outcome:
    """What happened in the stage: the poller's answer, if it left one, or the stage's own."""
    if claim.crashes >= CRASHES_ALLOWED:
        return StepFailed("internal_error", detail=f"{claim.crashes} workers were lost while making this")
    if "answer" in claim.memo:
        return decode(claim.memo["answer"])
    if stage.paid:
        if claim.intended and claim.provider_ref:
            return Done(ref=claim.provider_ref)  # a worker was lost after it kept the reference: the order is placed
        if claim.intended and not stage.repeatable:
            # A worker was lost between the intent and the reference: the vendor may have taken the order.
            return StepFailed("outcome_unknown", detail="the worker was lost before the provider's answer was kept")
        runs.intend(claim, stage)
        failpoints.reach("after_intent")
    elif claim.lease_seconds < stage.lease_seconds:
        runs.extend(claim, stage.lease_seconds)
    try:
        return stage.run(step_of(claim, stage))
    except LeaseLost:
        raise
    except Exception as error:
        log.exception("stage %s of item %s broke", stage.name, claim.item)
        return StepFailed("internal_error", detail=repr(error), retryable=True, accepted=stage.paid)


def step_of(claim: Claim, stage: Stage) -> Step:
    job, item = claim.job, claim.item
    return Step(
        job_id=job.pk,
        item_id=item.pk,
        user_id=job.user_id,
        team_id=job.team_id,
        type=job.type,
        provider=job.provider,
        prompt=job.prompt,
        settings=job.settings,
        position=item.position,
        memo=claim.memo,
        earlier=[] if stage.look else _earlier(claim),  # the poller builds steps in its event loop: no queries there
        provider_ref=claim.provider_ref,
        key=f"{job.pk}:{item.position}:{stage.name}:1",
        report=progress.reporter(claim, stage),
    )


def _earlier(claim: Claim) -> list[Mapping[str, Any]]:
    if not claim.item.position or not studio().rules(claim.job.type).in_order:
        return []
    before = claim.job.items.filter(position__lt=claim.item.position, status=Status.COMPLETED)
    return [result for result in before.order_by("position").values_list("result", flat=True) if result]


def record(claim: Claim, stages: tuple[Stage, ...], stage: Stage, outcome: Outcome) -> Claim | None:
    """Writes down what the stage answered. Returns the claim to go on with, if the next stage is of the same lane."""
    if isinstance(outcome, Done) and outcome.ref:
        failpoints.reach("before_ref")
        runs.keep_reference(claim, outcome.ref)  # by itself, before anything that could fail: it is what was paid for
        failpoints.reach("after_ref")
    if isinstance(outcome, Done):
        failpoints.reach("before_settled")
    match outcome:
        case Done():
            return settlement.stage_done(claim, stages, stage, outcome)
        case Wait():
            settlement.item_waits(claim, stage, outcome)
        case StepFailed():
            settlement.stage_failed(claim, stage, outcome)
    return None
