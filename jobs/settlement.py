"""Writing down what a stage answered: the item moves on, waits, or ends; the job ends with its last item.

Every function runs in a transaction that begins by locking the run under the claim's token, so a worker that lost its
lease changes nothing. Lock order: run, job, member month, account, feed.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta

from jobs import clock, doorbell, failpoints, progress, runs
from jobs.models import Item, ItemRun, Job, Lane, ProviderHealth, Status
from jobs.pipeline import Done, Stage, StepFailed, Wait, stage_after
from jobs.runs import Claim
from jobs.studio import studio

log = logging.getLogger(__name__)

ERRORS_ALLOWED = 5
BACKOFF_SECONDS = (2, 5, 15, 30, 60)
RETRY_AFTER_CAP_SECONDS = 120
PROVIDER_TROUBLE = ("provider_error", "provider_timeout", "rate_limited")  # what counts towards opening the breaker
WRITTEN = ["lane", "wake_at", "lease_until", "errors", "crashes", "memo", "last_progress_at"]


def job_begins(job: Job) -> None:
    """The first of the job's items has been claimed."""
    job = Job.objects.locked(job.pk)
    if job.status == Status.PENDING:
        job.start(clock.now())


def stage_done(claim: Claim, stages: tuple[Stage, ...], stage: Stage, done: Done) -> Claim | None:
    """On to the next stage, or the item is complete. Returns a claim when this worker may go straight on."""
    run = runs.locked(claim)
    if stage.paid:
        ProviderHealth.answered(claim.job.provider)
    following = stage_after(stages, stage.name)
    if following is None:
        assert done.result is not None, f"{stage.name} ended {claim.item} without a result"
        run.delete()
        claim.item.complete(dict(done.result))
        settle(claim.job)
        return None
    run.memo = {**{name: value for name, value in run.memo.items() if name != "answer"}, **done.memo}
    run.lane, run.errors, run.crashes, run.intent_at = following.lane, 0, 0, None
    now = clock.now()
    run.last_progress_at = now
    straight_on = following.lane == claim.lane and not done.rest_seconds
    if not straight_on:
        _release(run, done.rest_seconds, now)
    run.save(update_fields=[*WRITTEN, "intent_at"])
    progress.show(claim, following, 0)
    if not straight_on:
        return None
    return replace(claim, memo=run.memo, errors=0, crashes=0, provider_ref=run.provider_ref, intended=False)


def item_waits(claim: Claim, stage: Stage, wait: Wait) -> None:
    """The stage is not through: look again later."""
    run = runs.locked(claim)
    run.errors = run.crashes = 0
    _release(run, wait.seconds, clock.now())
    run.save(update_fields=WRITTEN)
    if wait.progress_percent is not None:
        progress.show(claim, stage, wait.progress_percent)


def stage_failed(claim: Claim, stage: Stage, failed: StepFailed) -> None:
    """Try again later if that is safe and may help; else the item has failed."""
    run = runs.locked(claim)
    if stage.paid:
        _note_health(claim.job.provider, failed)
    if stage.paid and failed.accepted and not stage.repeatable:
        failed = replace(failed, code="outcome_unknown", message="", retryable=False)
    if failed.retryable and run.errors < ERRORS_ALLOWED:
        seconds = _backoff(run.errors, failed.retry_after_seconds)
        run.errors += 1
        run.intent_at = run.intent_at if failed.accepted else None
        now = clock.now()
        _release(run, seconds, now)
        run.save(update_fields=[*WRITTEN, "intent_at"])
        note = f"{stage.name.capitalize()}: {failed.detail or failed.message or failed.code}; trying again in {seconds:.0f} s"
        Job.objects.locked(claim.job.pk).note(now, note)
        return
    run.delete()
    end_item(claim.item, failed.code, failed.message, f"{stage.name.capitalize()}: {failed.detail}" if failed.detail else "")


def _note_health(provider: str, failed: StepFailed) -> None:
    if failed.code in PROVIDER_TROUBLE:
        ProviderHealth.failed(provider)
    else:
        ProviderHealth.answered(provider)


def end_item(item: Item, code: str, message: str, note: str = "") -> None:
    """The item has failed; its run is gone. The job ends if this was the last one."""
    item.fail(code, message)
    settle(item.job, note)


def settle(job: Job, note: str = "") -> None:
    """Ends the job if all its items have ended: completed if at least one was delivered, charged for those alone."""
    job = Job.objects.locked(job.pk)
    now = clock.now()
    items = list(job.items_in_order())
    if any(item.status in (Status.PENDING, Status.PROCESSING) for item in items):
        if note:
            job.note(now, note)
        return
    delivered = [item for item in items if item.status == Status.COMPLETED]
    lost = [item for item in items if item.status == Status.FAILED]
    if not delivered:
        job.fail(lost[0].error_code, lost[0].error_message, now, note)
    else:
        studio().deliver(job, delivered)
        failed_items = [{"position": item.position, "code": item.error_code} for item in lost]
        job.complete(sum(item.cost_cents for item in delivered), now, note, **({"failed_items": failed_items} if lost else {}))
    doorbell.ring_on_commit("jobs.admit", "io")  # slots are free
    failpoints.reach("inside_settle")


def _release(run: ItemRun, seconds: float, now: datetime) -> None:
    run.lease_until = None
    run.wake_at = now + timedelta(seconds=seconds)
    if not seconds and run.lane != Lane.POLL:
        doorbell.ring_on_commit("jobs.advance", run.lane)


def _backoff(errors: int, retry_after_seconds: float | None) -> float:
    seconds = BACKOFF_SECONDS[min(errors, len(BACKOFF_SECONDS) - 1)]
    return max(seconds, min(retry_after_seconds or 0, RETRY_AFTER_CAP_SECONDS))
