"""Telling a team's own systems how its jobs ended: where to, signed with what, and the outbox of what has to be told.

A delivery is written in the transaction that ends the job, so it exists exactly when the end does. The row is the truth:
who sends it takes a lease on it, and a message lost on the way is found again by the sweeper.
"""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from jobs import doorbell, failpoints
from wevion.accounts.models import Membership, Team

if TYPE_CHECKING:
    from jobs.models.job import Job

TEST = "webhook.test"


class WebhookEvent(models.TextChoices):
    """What a team can ask to be told."""

    COMPLETED = "job.completed", "A job completed"
    PARTIAL = "job.partial", "A job completed in part"
    FAILED = "job.failed", "A job failed"
    CANCELLED = "job.cancelled", "A job was cancelled"


class Endpoints(models.QuerySet["WebhookEndpoint"]):
    def of(self, member: Membership) -> Self:
        """Those of the member's team. Only an owner or admin has any business with them."""
        return self.filter(team=member.team) if member.may_administer else self.none()


class WebhookEndpoint(models.Model):
    """An address of the team's that is told of every job's end, of the kinds in `events`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField(max_length=2000)
    description = models.CharField(max_length=200, blank=True)
    events = ArrayField(models.CharField(max_length=20, choices=WebhookEvent.choices))
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=200, blank=True)
    consecutive_failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = Endpoints.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(events__len__gt=0), name="webhook_listens_to_something"),
            models.CheckConstraint(condition=Q(enabled=False) | Q(disabled_reason=""), name="webhook_reason_iff_disabled"),
        ]

    def __str__(self) -> str:
        return self.url

    def turn_on(self) -> None:
        """Listens again, with a clean record."""
        self.enabled, self.disabled_reason, self.consecutive_failures, self.failing_since = True, "", 0, None
        self.save(update_fields=["enabled", "disabled_reason", "consecutive_failures", "failing_since"])

    def turn_off(self, reason: str, now: datetime) -> None:
        """Tells it nothing any more; what was still to be told ends as failed, and can be replayed. Safe to call twice."""
        self.enabled, self.disabled_reason = False, reason
        self.save(update_fields=["enabled", "disabled_reason"])
        WebhookDelivery.objects.filter(endpoint=self, status=WebhookDelivery.Status.WAITING).update(
            status=WebhookDelivery.Status.FAILED, wake_at=None, lease_until=None, attempt=F("attempt") + 1, ended_at=now
        )

    def answered(self) -> None:
        WebhookEndpoint.objects.filter(pk=self.pk, consecutive_failures__gt=0).update(consecutive_failures=0, failing_since=None)

    def failed(self, now: datetime) -> None:
        """Counts a failed attempt, and when the row of them began."""
        WebhookEndpoint.objects.filter(pk=self.pk).update(
            consecutive_failures=F("consecutive_failures") + 1, failing_since=Coalesce("failing_since", now)
        )
        self.refresh_from_db(fields=["enabled", "consecutive_failures", "failing_since"])


class WebhookSecret(models.Model):
    """One signing secret, of an endpoint, or of the team (for the addresses that come with an order). Nothing secret is kept.

    The secret is derived from SECRET_KEY and the row's random id (jobs.webhooks.signing). `expires_at` is set on the one
    that a rotation replaces: until then both sign.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, null=True, related_name="secrets")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "endpoint"],
                condition=Q(expires_at=None),
                nulls_distinct=False,
                name="webhook_one_current_secret",
            )
        ]

    def __str__(self) -> str:
        return f"secret of {self.endpoint_id or self.team_id}"


class Deliveries(models.QuerySet["WebhookDelivery"]):
    def of(self, member: Membership) -> Self:
        """Those of the member's team, for an owner or admin."""
        return self.filter(team=member.team) if member.may_administer else self.none()


class WebhookDelivery(models.Model):
    """One event to be told to one address: the endpoint's as it is when sending, or `url`, which came with the order.

    `wake_at` says when to try next, null once it has ended. `tries` counts since the event or its replay; `attempt` rises
    at every claim and fences every later write.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_index=False)
    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, null=True, related_name="deliveries", db_index=False)
    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, null=True, related_name="webhook_deliveries")
    url = models.CharField(max_length=2000, blank=True)
    event = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    wake_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)

    objects = Deliveries.as_manager()

    class Meta:
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["team", "wake_at"], condition=Q(wake_at__isnull=False), name="webhook_due"),
            models.Index(fields=["team", "-created_at", "-id"], name="webhook_recent"),
            models.Index(fields=["endpoint", "-created_at", "-id"], name="webhook_of_endpoint"),
            models.Index(fields=["ended_at"], condition=Q(ended_at__isnull=False), name="webhook_ended"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="waiting", wake_at__isnull=False, ended_at=None)
                | Q(status__in=["delivered", "failed"], wake_at=None, ended_at__isnull=False),
                name="webhook_wakes_iff_waiting",
            ),
            models.CheckConstraint(condition=Q(endpoint__isnull=False) | Q(url__gt=""), name="webhook_goes_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    @property
    def message_id(self) -> str:
        """`webhook-id`: the same at every attempt and replay, so that a receiver can drop what it already has."""
        return f"msg_{self.id.hex}"

    @property
    def target(self) -> str:
        return self.endpoint.url if self.endpoint else self.url


class WebhookAttempt(models.Model):
    """One try: what was answered, or what went wrong. `answer` is the first 500 bytes of the body."""

    delivery = models.ForeignKey(WebhookDelivery, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.status or self.error}"


ANNOUNCE = """
INSERT INTO jobs_webhookdelivery (id, team_id, endpoint_id, job_id, url, event, status, tries, created_at, wake_at, attempt)
SELECT gen_random_uuid(), %(team)s, endpoint, %(job)s, url, %(event)s, 'waiting', 0, %(at)s, %(at)s, 0
  FROM (SELECT id AS endpoint, '' AS url FROM jobs_webhookendpoint
         WHERE team_id = %(team)s AND enabled AND %(event)s = ANY (events)
        UNION ALL SELECT NULL, %(url)s WHERE %(url)s <> '') AS told
"""


def announce(job: "Job") -> None:
    """Writes down whom to tell that the job has ended. In the transaction that ends it; rings for a sender on commit."""
    chosen: dict[str, Any] = {
        "team": job.team_id,
        "job": job.pk,
        "url": job.webhook_url,
        "event": f"job.{job.status}",
        "at": job.completed_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(ANNOUNCE, chosen)
        if cursor.rowcount:
            transaction.on_commit(_ring, robust=True)


def _ring() -> None:
    failpoints.reach("before_webhook_ring")
    doorbell.ring("jobs.send_webhooks", "io")
