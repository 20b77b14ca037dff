"""The job: what a person asked for, sees, pays for and is told about. Every change of its status is a method here."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from jobs.models import ledger, webhook
from jobs.models.event import JobEvent, first_sentence, said_of
from jobs.models.outcome import UnknownOutcome
from jobs.models.status import ACTIVE, DELIVERED, FAILURES, TERMINAL, TRANSITIONS, Failure, IllegalTransition, Status
from wevion.accounts.models import Team, User

if TYPE_CHECKING:
    from jobs.models.item import Item


class Jobs(models.QuerySet["Job"]):
    """Reads start from the person: nothing else reaches a page or the API."""

    def of(self, user: User) -> Self:
        """The person's own jobs that are not hidden."""
        return self.filter(user=user, hidden_at=None)

    def hidden_of(self, user: User) -> Self:
        """The person's own jobs that were taken out of the list."""
        return self.filter(user=user, hidden_at__isnull=False)

    def all_of(self, user: User) -> Self:
        """The person's own jobs, hidden or not."""
        return self.filter(user=user)

    def of_team(self, team: Team) -> Self:
        """For the backoffice: everything the team asked for, hidden or not."""
        return self.filter(team=team)

    def active(self) -> Self:
        return self.filter(status__in=ACTIVE)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def locked(self, pk: uuid.UUID) -> "Job":
        """The row, locked until the transaction ends. Lock order everywhere: run, job, member month, account, feed.

        Its `locked_at` is the present, by the database's clock.
        """
        held = self.select_for_update(no_key=True)
        return held.annotate(locked_at=TransactionNow()).get(pk=pk)  # type: ignore[no-redef]  # mypy takes it for a second one


class Job(models.Model):
    """One request. Its items do the work; this row is its receipt and is kept for ever."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="jobs", db_index=False)
    type = models.CharField(max_length=20)
    provider = models.CharField(max_length=40)
    prompt = models.TextField(blank=True)
    settings = models.JSONField(default=dict)
    drive_folder_id = models.UUIDField(null=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    current_stage = models.CharField(max_length=30, blank=True)
    estimated_cost_cents = models.PositiveIntegerField()
    cost_cents = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=30, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    metadata = models.JSONField(default=dict)
    retry_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="retries")
    idempotency_key = models.CharField(max_length=255, null=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    webhook_url = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    delayed_at = models.DateTimeField(null=True)
    hidden_at = models.DateTimeField(null=True)

    locked_at: datetime  # only of a row from Jobs.locked

    objects = Jobs.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], condition=Q(hidden_at=None), name="job_recent"),
            models.Index(fields=["user", "status", "-created_at", "-id"], condition=Q(hidden_at=None), name="job_by_status"),
            models.Index(fields=["user", "type", "-created_at", "-id"], condition=Q(hidden_at=None), name="job_by_type"),
            models.Index(fields=["user", "-created_at", "-id"], condition=Q(hidden_at__isnull=False), name="job_hidden"),
            models.Index(fields=["team", "-created_at", "-id"], name="job_of_team"),
            models.Index(fields=["created_at"], condition=Q(status="pending"), name="job_waiting"),
            models.Index(fields=["team", "completed_at", "user"], condition=Q(completed_at__isnull=False), name="job_ended"),
            models.Index(fields=["type", "provider", "-completed_at"], condition=Q(status="completed"), name="job_usual"),
        ]
        constraints = [
            models.UniqueConstraint("user", "idempotency_key", name="job_once_per_key"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="job_status_known"),
            models.CheckConstraint(condition=Q(type__gt=""), name="job_type_named"),
            models.CheckConstraint(condition=Q(cost_cents=0) | Q(status__in=DELIVERED), name="job_only_delivered_costs"),
            models.CheckConstraint(
                condition=Q(cost_cents__lte=F("estimated_cost_cents")), name="job_costs_no_more_than_estimated"
            ),
            models.CheckConstraint(
                condition=Q(status__in=ACTIVE, completed_at=None) | Q(status__in=TERMINAL, completed_at__isnull=False),
                name="job_completed_at_iff_terminal",
            ),
            models.CheckConstraint(
                condition=Q(status__in=DELIVERED, progress_percent=100) | Q(~Q(status__in=DELIVERED), progress_percent__lt=100),
                name="job_100_percent_iff_delivered",
            ),
            models.CheckConstraint(
                condition=Q(status=Status.FAILED, error_code__gt="", error_message__gt="")
                | Q(~Q(status=Status.FAILED), error_code="", error_message=""),
                name="job_error_iff_failed",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=False) | Q(status__in=[Status.PENDING, Status.FAILED, Status.CANCELLED]),
                name="job_started_before_processing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"

    # What it is

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def failure(self) -> Failure | None:
        """The text and remedy of a failed job's code."""
        return FAILURES[self.error_code] if self.error_code else None

    @property
    def may_retry(self) -> bool:
        """Whether the same again may help: after a failure of that kind, for what a partial job lacks, after a cancel."""
        if self.status in (Status.PARTIAL, Status.CANCELLED):
            return True
        return self.failure is not None and self.failure.retry

    @property
    def duration_seconds(self) -> float | None:
        """From start to end; None while it runs, and for a job that failed before it started."""
        if self.started_at is None or self.completed_at is None:
            return None
        return (self.completed_at - self.started_at).total_seconds()

    # What happens to it: each on a locked row (`Job.objects.locked`), in the caller's transaction

    def start(self, now: datetime, note: str = "") -> None:
        """pending → processing: the first item has begun."""
        self._move(Status.PROCESSING, now, note, started_at=now)

    def complete(self, cost_cents: int, now: datetime, note: str = "", **metadata: Any) -> None:
        """processing → completed: charges `cost_cents`, at most the estimate, and releases the rest of the hold.

        The timeline says what was charged after the `note`, which says what was delivered.
        """
        self._deliver(Status.COMPLETED, cost_cents, now, note, metadata)

    def complete_in_part(self, cost_cents: int, now: datetime, note: str = "", **metadata: Any) -> None:
        """processing → partial: like `complete`, for a workflow of which some items were lost."""
        self._deliver(Status.PARTIAL, cost_cents, now, note, metadata)

    def _deliver(self, to: Status, cost_cents: int, now: datetime, note: str, metadata: dict[str, Any]) -> None:
        cost_cents = min(cost_cents, self.estimated_cost_cents)
        charged = f"{ledger.dollars(cost_cents)} charged" if cost_cents else "nothing charged"
        self._move(
            to,
            now,
            ", ".join(filter(None, (note, charged))),
            completed_at=now,
            progress_percent=100,
            current_stage="",
            cost_cents=cost_cents,
            metadata=self.metadata | metadata,
        )

    def fail(self, code: str, message: str, now: datetime, order: str = "", detail: str = "") -> None:
        """→ failed, from pending or processing: releases the whole hold. An empty message takes the code's own text.

        `order` is the provider's reference of what we gave up on.
        """
        message = (message or FAILURES[code].text)[:500]
        note = f"{first_sentence(message)}; {self._released()}" + said_of(order)
        changes = {"completed_at": now, "current_stage": "", "error_code": code, "error_message": message}
        self._move(Status.FAILED, now, note, detail, **changes)
        if code == "outcome_unknown":
            UnknownOutcome.raise_for(self, now)

    def cancel(self, now: datetime, note: str) -> None:
        """→ cancelled, from pending or processing: releases the whole hold. Its runs are gone before it is called."""
        self._move(Status.CANCELLED, now, "; ".join(filter(None, (note, self._released()))), completed_at=now, current_stage="")

    def mark_delayed(self, now: datetime) -> None:
        """Pending for longer than it should be; said in the panel and the backoffice. Safe to call twice."""
        if self.status == Status.PENDING and self.delayed_at is None:
            self._write(delayed_at=now)
            JobEvent.tell(self, self.status, self.status, now, "Waiting longer than usual")

    def hide(self, now: datetime) -> None:
        """Takes the row out of the person's panel and lists; the files stay. Safe to call twice."""
        if self.hidden_at is None:
            self._write(hidden_at=now)
            JobEvent.tell(self, self.status, self.status, now, "Hidden from the panel")

    def unhide(self, now: datetime) -> None:
        if self.hidden_at is not None:
            self._write(hidden_at=None)
            JobEvent.tell(self, self.status, self.status, now, "Shown in the panel again")

    def note(self, now: datetime, text: str, detail: str = "") -> None:
        """Adds a line to the timeline."""
        JobEvent.append(self, self.status, self.status, now, text, detail)

    def items_in_order(self) -> Iterable["Item"]:
        return self.items.order_by("position")

    def _released(self) -> str:
        held = self.estimated_cost_cents
        return f"{ledger.dollars(held)} released, nothing charged" if held else "nothing charged"

    def _move(self, to: Status, now: datetime, note: str, detail: str = "", **changes: Any) -> None:
        if to not in TRANSITIONS[self.status]:
            raise IllegalTransition(f"{self.id}: {self.status} → {to}")
        before = self.status
        self._write(status=to, **changes)
        if to in TERMINAL:
            webhook.announce(self)
            ledger.charge(self) if to in DELIVERED else ledger.release(self)
        JobEvent.tell(self, before, to, now, note, detail)

    def _write(self, **changes: Any) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))
