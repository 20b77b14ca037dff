"""An item is one piece of a job's work; its run is the hot half, a small row that lives while the item is active.

Polling changes a run thousands of times a second over all jobs. In a table of its own that churn stays off the jobs
and items, which grow for ever: a claim there is four times cheaper than on a ten-million-row table.
"""

from django.db import models
from django.db.models import Q

from jobs.models.status import FAILURES, Status
from wevion.accounts.models import Team


class Lane(models.TextChoices):
    """Who advances a run."""

    IO = "io", "Celery threads: short calls"
    MEDIA = "media", "Celery processes: downloads and rendering"
    POLL = "poll", "The poller"


class Item(models.Model):
    """One variant, scene or project of a job. `result` describes the stored file, in the studio's words."""

    job = models.ForeignKey("jobs.Job", on_delete=models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=30)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    estimated_cost_cents = models.PositiveIntegerField()
    cost_cents = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=30, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    result = models.JSONField(null=True)

    class Meta:
        ordering = ["job", "position"]
        constraints = [
            models.UniqueConstraint("job", "position", name="item_once_per_position"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="item_status_known"),
            models.CheckConstraint(
                condition=Q(status=Status.COMPLETED, result__isnull=False) | Q(~Q(status=Status.COMPLETED), result__isnull=True),
                name="item_result_iff_completed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}:{self.position}"

    def begin(self) -> None:
        self._write(status=Status.PROCESSING)

    def complete(self, result: dict[str, object]) -> None:
        self._write(status=Status.COMPLETED, progress_percent=100, result=result, cost_cents=self.estimated_cost_cents)

    def fail(self, code: str, message: str) -> None:
        self._write(status=Status.FAILED, error_code=code, error_message=(message or FAILURES[code].text)[:500])

    def cancel(self) -> None:
        """Its job was stopped, by the person or by another item's failure."""
        self._write(status=Status.CANCELLED, error_code="cancelled", error_message=FAILURES["cancelled"].text)

    def _write(self, **changes: object) -> None:
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))


class ItemRun(models.Model):
    """The lease and the clocks of an active item. Deleted when the item ends.

    `wake_at` null: queued, not admitted yet; `queued_at` null: not even queued, for an item before it has to end first.
    `attempt` rises at every claim and fences every later write; it is not a retry count. `crashes` counts claims that found a
    lease that ran out; `errors` the transient failures in a row.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, primary_key=True, related_name="run")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    provider = models.CharField(max_length=40)
    lane = models.CharField(max_length=8, choices=Lane.choices)
    queued_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveBigIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    errors = models.PositiveSmallIntegerField(default=0)
    provider_ref = models.TextField(blank=True)
    intent_at = models.DateTimeField(null=True)
    memo = models.JSONField(default=dict)
    stale_after_seconds = models.PositiveIntegerField()
    deadline_seconds = models.PositiveIntegerField()
    last_progress_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["lane", "wake_at"], name="run_due"),
            models.Index(fields=["queued_at"], condition=Q(wake_at=None), name="run_queued"),
        ]
        constraints = [models.CheckConstraint(condition=Q(lane__in=Lane.values), name="run_lane_known")]

    def __str__(self) -> str:
        return f"{self.item_id} #{self.attempt}"
