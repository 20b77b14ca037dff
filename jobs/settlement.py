"""Writing down what a stage answered: the item moves on, waits, or ends; the job ends with its last item.

What a claim's worker writes begins with the run, under the claim's token: a worker that lost its lease changes nothing.
Lock order: run, job, member month, account, feed.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from jobs import clock, doorbell, failpoints, notices, runs
from jobs.models import ACTIVE, FAILURES, Item, ItemRun, Job, Lane, ProviderHealth, Status, UnknownOutcome
from jobs.models.event import first_sentence, said_of
from jobs.pipeline import Done, Stage, StepFailed, Wait, stage_after
from jobs.runs import Claim
from jobs.studio import studio

log = logging.getLogger(__name__)

ERRORS_ALLOWED = 5
FEWER_ALLOWED = {"invalid_request": 2}  # where a hiccup may look like the person's own mistake, as of a name that is not found
BACKOFF_SECONDS = (2, 5, 15, 30, 60, 120, 240)
RETRY_AFTER_CAP_SECONDS = 120
PROVIDER_TROUBLE = ("provider_error", "provider_timeout", "rate_limited")  # what counts towards opening the breaker


@transaction.atomic
def item_begins(claim: Claim) -> None:
    """The item has been claimed for the first time; the job starts with its first item."""
    now = runs.locked(claim)
    claim.item.begin()
    if claim.job.status == Status.PENDING:
        claim.job.start(now)


def stage_done(claim: Claim, stages: tuple[Stage, ...], stage: Stage, done: Done) -> Claim | None:
    """On to the next stage, or the item is complete. Returns a claim when this worker may go straight on."""
    following = stage_after(stages, stage.name)
    assert following is not None or done.result is not None, f"{stage.name} ended {claim.item} without a result"
    if following is None or done.result is not None:
        assert done.result is not None
        _complete(claim, dict(done.result))
        return None
    straight_on = following.lane == claim.lane and not done.rest_seconds
    handed = runs.hand_on(
        claim,
        following.lane,
        seconds=done.rest_seconds,
        lease_seconds=following.lease_seconds if straight_on else None,
        memo=done.memo,
        moved=True,
        shown=(following, 0),
    )
    if not straight_on:
        _ring(following.lane, done.rest_seconds)
    if stage.paid:
        ProviderHealth.answered(claim.job.provider)
    return handed if straight_on else None


@transaction.atomic
def _complete(claim: Claim, result: dict[str, object]) -> None:
    runs.end(claim)
    claim.item.complete(result)
    settle(claim.job)


def item_waits(claim: Claim, stage: Stage, wait: Wait) -> None:
    """The stage is not through: look again later."""
    percent = wait.progress_percent
    runs.hand_on(claim, claim.lane, seconds=wait.seconds, keep_intent=True, shown=None if percent is None else (stage, percent))
    _ring(claim.lane, wait.seconds)


@transaction.atomic
def stage_failed(claim: Claim, stage: Stage, failed: StepFailed) -> None:
    """Try again later if that is safe and may help; else the item has failed."""
    if stage.paid and failed.accepted and not stage.repeatable:
        failed = replace(failed, code="outcome_unknown", message="", retryable=False)
    seconds = _backoff(claim.errors, failed.retry_after_seconds)
    ours = failed.code == "storage_error"  # the work is done and may be paid for: a storage that is away is waited for
    again = claim.errors < FEWER_ALLOWED.get(failed.code, ERRORS_ALLOWED)
    if failed.retryable and (runs.has_time(claim, seconds) if ours else again):
        runs.hand_on(claim, stage.lane, seconds=seconds, errors=claim.errors + 1, moved=ours, keep_intent=failed.accepted)
        what = first_sentence(failed.message or FAILURES[failed.code].text)
        job = Job.objects.locked(claim.job.pk)
        job.note(job.locked_at, f"{_in_words(stage.name)}: {what}; trying again in {seconds:.0f} s", failed.detail)
    else:
        if stage.paid and failed.accepted:  # a vendor that takes the key, and never answered: it may have made it all the same
            failed = replace(failed, code="outcome_unknown", message="")
        runs.end(claim)
        detail = f"{_in_words(stage.name)}: {failed.detail}" if failed.detail else ""
        # In a stage after the vendor's own the vendor was done: what it made is there, and only we have not got it.
        end_item(claim.item, failed.code, failed.message, detail, "" if stage.paid or stage.look else claim.provider_ref)
    if stage.paid:
        _note_health(claim.job.provider, failed)


def _note_health(provider: str, failed: StepFailed) -> None:
    if failed.code in PROVIDER_TROUBLE:
        ProviderHealth.failed(provider)
    else:
        ProviderHealth.answered(provider)


def end_item(item: Item, code: str, message: str, detail: str = "", order: str = "") -> None:
    """The item has failed; its run is gone. The job ends if this was the last one. `detail` is for the backoffice alone.

    `order` is the provider's reference, where we gave up on what it may have made, and billed, all the same. That is raised
    in the backoffice, where a person may fetch the file from the provider and still give it to its owner.
    """
    item.fail(code, message)
    settle(item.job, Loss(item, detail, order))
    if order:
        UnknownOutcome.raise_for(item.job, clock.now())


@dataclass(frozen=True, slots=True)
class Loss:
    """The item that has just failed, what was said of it, and the order that we gave up on."""

    item: Item
    detail: str
    order: str


def settle(job: Job, loss: Loss | None = None) -> None:
    """Ends the job if all its items have ended: charged for what was delivered alone. An item in order calls the next."""
    job = Job.objects.locked(job.pk)
    now = job.locked_at
    rules = studio().rules(job.type)
    items = list(job.items_in_order())
    lost = [item for item in items if item.status == Status.FAILED]
    if loss and len(items) > 1:
        job.note(now, _lost(loss, len(items)), loss.detail)
        loss = None
    if rules.in_order and lost:
        give_up(items)
    elif any(item.status in ACTIVE for item in items):
        if rules.in_order:
            _call_next(items, now)
        return
    delivered = [item for item in items if item.status == Status.COMPLETED]
    if not delivered or (rules.in_order and lost):
        order, detail = (loss.order, loss.detail) if loss else ("", "")
        job.fail(lost[0].error_code, lost[0].error_message, now, order, detail)
    else:
        _deliver(job, delivered, lost, now)
    if any(item.error_code == "outcome_unknown" for item in lost):  # also beside items that were delivered
        UnknownOutcome.raise_for(job, now)
    job_ended(job)
    failpoints.reach("inside_settle")


def _lost(loss: Loss, among: int) -> str:
    what = f"Number {loss.item.position + 1} of {among} failed: {first_sentence(loss.item.error_message)}"
    return what + said_of(loss.order)


def _deliver(job: Job, delivered: list[Item], lost: list[Item], now: datetime) -> None:
    studio().deliver(job, delivered)
    ways = job.complete_in_part if lost and studio().rules(job.type).partial else job.complete
    failed_items = [{"position": item.position, "code": item.error_code} for item in lost]
    files = len(delivered)
    note = f"{files} of {files + len(lost)} delivered" if lost else f"{files} file{'s' if files > 1 else ''} delivered"
    ways(sum(item.cost_cents for item in delivered), now, note, **({"failed_items": failed_items} if lost else {}))


def _call_next(items: list[Item], now: datetime) -> None:
    """Lets the item after the completed ones run, in the slot that they had."""
    following = next(item for item in items if item.status in ACTIVE)
    waiting = ItemRun.objects.filter(item=following, queued_at=None)
    if waiting.update(queued_at=now, wake_at=now):
        _ring(studio().stages(following.job.type, following.job.provider)[0].lane, 0)


def give_up(items: Iterable[Item]) -> None:
    """Cancels what is left of a job's items. Deleting a run fences the worker that may be at it."""
    left = [item for item in items if item.status in ACTIVE]
    ItemRun.objects.filter(item__in=left).delete()
    for item in left:
        item.cancel()


def job_ended(job: Job) -> None:
    """What follows from a job's end: the slots are free, and what was stored on the way may go."""
    notices.announce(job)
    if ItemRun.objects.filter(wake_at=None, queued_at__isnull=False).exists():
        doorbell.ring_on_commit("jobs.admit", "io")  # slots are free, and somebody waits
    pk = job.pk
    transaction.on_commit(lambda: studio().ended(pk), robust=True)  # not a partial: robust logging wants a name


def _in_words(stage: str) -> str:
    return stage.replace("_", " ").capitalize()


def _ring(lane: str, seconds: float) -> None:
    if not seconds and lane != Lane.POLL:
        doorbell.ring_on_commit("jobs.advance", lane)


def _backoff(errors: int, retry_after_seconds: float | None) -> float:
    seconds = BACKOFF_SECONDS[min(errors, len(BACKOFF_SECONDS) - 1)]
    return max(seconds, min(retry_after_seconds or 0, RETRY_AFTER_CAP_SECONDS))
