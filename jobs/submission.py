"""What a person can ask of the engine: submit, retry, cancel, hide."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.http import Http404

from jobs import admission, clock, settlement
from jobs.models import ItemRun, Job, JobEvent, Status, ledger
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
    told_in = {"contract": job.metadata["contract"]} if "contract" in job.metadata else {}
    order = replace(studio().order_again(job), webhook_url=job.webhook_url, metadata=told_in)
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
    JobEvent.tell(job, "", Status.PENDING, now, f"Submitted; {ledger.dollars(order.cost_cents)} held")
    admission.ask_on_commit()
    return job


# An item that waits for the one before it is not queued yet. All other columns begin as their models say.
QUEUE: Final = """
WITH items AS (
    INSERT INTO jobs_item (job_id, position, stage, status, progress_percent, estimated_cost_cents, cost_cents,
                           error_code, error_message)
    SELECT %(job)s, number - 1, %(stage)s, 'pending', 0, cents, 0, '', ''
      FROM unnest(%(costs)s::int[]) WITH ORDINALITY AS priced (cents, number) ORDER BY number
    RETURNING id, position
)
INSERT INTO jobs_itemrun (item_id, team_id, provider, lane, queued_at, attempt, crashes, errors, provider_ref, memo,
                          stale_after_seconds, deadline_seconds, deadline_at)
SELECT id, %(team)s, %(provider)s, %(lane)s, CASE WHEN position = 0 OR NOT %(in_order)s THEN %(at)s END, 0, 0, 0, '', '{}',
       %(stale_after)s, %(deadline)s, %(deadline_at)s
  FROM items
"""


def _queue_items(job: Job, order: Order) -> None:
    first = studio().stages(order.type, order.provider)[0]
    rules = studio().rules(order.type)
    values: dict[str, Any] = {
        "job": job.pk,
        "stage": first.name,
        "costs": list(order.item_costs_cents),
        "team": job.team_id,
        "provider": job.provider,
        "lane": first.lane,
        "in_order": rules.in_order,
        "at": job.created_at,
        "stale_after": order.stale_after_seconds,
        "deadline": order.deadline_seconds,
        "deadline_at": job.created_at + timedelta(seconds=order.deadline_seconds) if rules.clock_from_submit else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, values)
