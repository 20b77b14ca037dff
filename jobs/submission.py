"""What a person can ask of the engine: submit, retry, hide."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404

from jobs import admission, clock, settlement
from jobs.models import Item, ItemRun, Job, JobEvent, JobFeed, Status, ledger
from jobs.studio import studio
from wevion.accounts.models import Membership, User
from wevion.refusal import Refusal


class IdempotencyMismatch(Refusal):
    status = 422
    code = "idempotency_mismatch"


class NotRetryable(Refusal):
    status = 409
    code = "not_retryable"


class NotCancellable(Refusal):
    status = 409
    code = "not_cancellable"


class StillActive(Refusal):
    status = 409
    code = "still_active"


@dataclass(frozen=True, slots=True)
class Order:
    """A validated request. `item_costs_cents` has one price for each item; their sum is held until the job ends.

    `titled` says that the prompt is only a title for the row, and all that was asked for is in the settings.
    """

    type: str
    provider: str
    prompt: str
    settings: Mapping[str, Any]
    item_costs_cents: Sequence[int]
    stale_after_seconds: int
    deadline_seconds: int
    drive_folder_id: UUID | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    webhook_url: str = ""
    titled: bool = False

    @property
    def cost_cents(self) -> int:
        return sum(self.item_costs_cents)

    def fingerprint(self) -> str:
        """The same for the same request: what an idempotency key is compared by."""
        prompt = "" if self.titled else self.prompt
        said = [self.type, self.provider, prompt, dict(self.settings), str(self.drive_folder_id), self.webhook_url]
        return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def submit(membership: Membership, order: Order, idempotency_key: str = "", retry_of: Job | None = None) -> Job:
    """Accepts an order: holds its price and queues its items, all or nothing.

    With an idempotency key that the person has used before, returns the first job, or raises IdempotencyMismatch if
    the request differs. Raises PermissionDenied, InsufficientCredits and CreditCapReached; then nothing exists.
    """
    require_may_generate(membership)
    if idempotency_key and (job := _replayed(membership.user, order, idempotency_key)):
        return job
    try:
        with transaction.atomic():
            return _create(membership, order, idempotency_key, retry_of)
    except IntegrityError:
        # Two requests with one key at the same time: the other was first, and its commit is what stopped this one.
        if idempotency_key and (job := _replayed(membership.user, order, idempotency_key)):
            return job
        raise


def require_may_generate(membership: Membership) -> None:
    """Raises PermissionDenied for a role that may only look."""
    if not membership.may_generate:
        raise PermissionDenied(f"Your role, {membership.get_role_display()}, does not allow generating.")


def retry(membership: Membership, job: Job) -> Job:
    """A new job with the ended one's parameters, at today's price. Raises NotRetryable where the same would fail again.

    Of a partial job only what failed is asked for again. One job has at most one retry by this road: pressing twice gives
    the same new job.
    """
    if job.status in (Status.PENDING, Status.PROCESSING, Status.COMPLETED):
        raise NotRetryable("Only a job that failed, or was cancelled, can be retried.")
    if not job.may_retry:
        raise NotRetryable("The same request would be refused again. Edit it, and submit it as a new job.")
    if job.team_id != membership.team_id:
        raise NotRetryable("The job was paid for by a team you have left. Submit it as a new job.")
    order = replace(studio().order_again(job), webhook_url=job.webhook_url)
    return submit(membership, order, idempotency_key=f"retry:{job.pk}", retry_of=job)


def cancel(user: User, job: Job) -> Job:
    """Stops a job of a type that allows it: nothing of it is kept, and nothing charged. Raises NotCancellable.

    A worker that is at one of its items finds its claim void at its next word, and drops what it made.
    """
    if not studio().rules(job.type).cancellable:
        raise NotCancellable("A job of this type runs to its end once it is submitted.")
    with transaction.atomic():
        list(ItemRun.objects.select_for_update(of=("self",)).filter(item__job=job).order_by("pk"))  # runs before the job
        job = Job.objects.locked(job.pk)
        if job.user_id != user.pk:
            raise Http404
        if job.status == Status.CANCELLED:
            return job
        if not job.is_active:
            raise NotCancellable("The job has ended already.")
        settlement.give_up(job.items_in_order())
        job.cancel(clock.now(), "Cancelled before it finished")
        settlement.job_ended(job)
    return job


def hide(user: User, job: Job) -> None:
    """Takes an ended job out of the panel. Raises StillActive for one that runs: it would finish, and charge, unseen."""
    with transaction.atomic():
        job = Job.objects.locked(job.pk)
        if job.user_id != user.pk:
            raise Http404
        if job.is_active:
            raise StillActive("The job is still running. It can be hidden when it has ended.")
        job.hide(clock.now())


def _replayed(user: User, order: Order, key: str) -> Job | None:
    job = Job.objects.filter(user=user, idempotency_key=key).first()
    if job and job.fingerprint != order.fingerprint():
        raise IdempotencyMismatch("This Idempotency-Key was used for another request. Use a new key for a new request.")
    return job


def _create(membership: Membership, order: Order, idempotency_key: str, retry_of: Job | None) -> Job:
    now = clock.now()
    ledger.hold(membership, order.cost_cents, now)
    job = Job.objects.create(
        user=membership.user,
        team=membership.team,
        type=order.type,
        provider=order.provider,
        prompt=order.prompt,
        settings=dict(order.settings),
        drive_folder_id=order.drive_folder_id,
        estimated_cost_cents=order.cost_cents,
        metadata=dict(order.metadata),
        retry_of=retry_of,
        idempotency_key=idempotency_key or None,
        fingerprint=order.fingerprint(),
        webhook_url=order.webhook_url,
        created_at=now,
    )
    _queue_items(job, order)
    JobEvent.append(job, "", Status.PENDING, now, f"Submitted; {ledger.dollars(order.cost_cents)} held")
    JobFeed.bump(job.user_id)
    admission.ask_on_commit()
    return job


def _queue_items(job: Job, order: Order) -> None:
    first = studio().stages(order.type, order.provider)[0]
    rules = studio().rules(order.type)
    deadline = job.created_at + timedelta(seconds=order.deadline_seconds) if rules.clock_from_submit else None
    items = Item.objects.bulk_create(
        Item(job=job, position=position, stage=first.name, estimated_cost_cents=cost)
        for position, cost in enumerate(order.item_costs_cents)
    )
    ItemRun.objects.bulk_create(
        ItemRun(
            item=item,
            team_id=job.team_id,
            provider=job.provider,
            lane=first.lane,
            queued_at=None if rules.in_order and item.position else job.created_at,
            stale_after_seconds=order.stale_after_seconds,
            deadline_seconds=order.deadline_seconds,
            deadline_at=deadline,
        )
        for item in items
    )
