"""The queue of deliveries: claiming what is due, and writing down how an attempt went.

A claim is a lease and a number that every later write carries: a sender that wakes late marks nothing. What is claimed
and never marked is sent again under the same id when the lease has run out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction

from jobs import clock, doorbell
from jobs.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from jobs.webhooks.notice import tell_admins
from jobs.webhooks.schedule import wait_seconds

TASK, LANE = "jobs.send_webhooks", "io"
LEASE_SECONDS = 40  # outlasts one attempt
AT_ONCE_PER_TEAM = 4  # so that one team's slow receivers do not hold up another's
DISABLED_AFTER = timedelta(days=5)
KEPT_FOR = timedelta(days=30)
OVERDUE_SECONDS = 2
PRUNED_AT_ONCE = 500
ANSWER_BYTES = 500

DUE = "wake_at <= now() AND (lease_until IS NULL OR lease_until < now())"
CLAIM = f"""
WITH due AS MATERIALIZED (
    SELECT mine.id FROM (SELECT DISTINCT team_id FROM jobs_webhookdelivery WHERE {DUE}) AS teams CROSS JOIN LATERAL (
        SELECT id, wake_at FROM jobs_webhookdelivery WHERE team_id = teams.team_id AND {DUE} ORDER BY wake_at
         LIMIT greatest(0, %(per_team)s - (SELECT count(*) FROM jobs_webhookdelivery
                                            WHERE team_id = teams.team_id AND wake_at IS NOT NULL AND lease_until > now()))
    ) AS mine ORDER BY mine.wake_at LIMIT %(limit)s
)
UPDATE jobs_webhookdelivery SET lease_until = now() + make_interval(secs => %(lease)s), attempt = attempt + 1
 WHERE id IN (SELECT id FROM due) AND {DUE}
RETURNING id, attempt
"""  # noqa: S608 -- put together from constants


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt: the status that was answered, or None and what went wrong. `answer` is the beginning of the body."""

    milliseconds: int
    status: int | None = None
    error: str = ""
    answer: bytes = b""
    retry_after_seconds: float | None = None

    @property
    def worked(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def claim(limit: int) -> list[WebhookDelivery]:
    """Takes up to `limit` due deliveries, oldest first, at most AT_ONCE_PER_TEAM under way for each team."""
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"per_team": AT_ONCE_PER_TEAM, "limit": limit, "lease": LEASE_SECONDS})
        taken = {pk for pk, _ in cursor.fetchall()}
    return list(WebhookDelivery.objects.select_related("endpoint", "team").filter(pk__in=taken))


@transaction.atomic
def record(delivery: WebhookDelivery, tried: Tried) -> None:
    """Writes the attempt down, and what follows from it, unless the claim was lost meanwhile: then the attempt alone.

    Of a delivery that was deleted meanwhile, with its endpoint, nothing is written.
    """
    if not WebhookDelivery.objects.select_for_update().filter(pk=delivery.pk).exists():
        return
    tries, now = delivery.tries + 1, clock.now()
    WebhookAttempt.objects.create(
        delivery=delivery,
        at=now,
        milliseconds=tried.milliseconds,
        status=tried.status,
        error=tried.error[:300],
        answer=tried.answer[:ANSWER_BYTES].decode(errors="replace").replace("\x00", "\ufffd"),
    )
    wait = None if tried.worked or tried.status == 410 else wait_seconds(tries, tried.retry_after_seconds)
    changes: dict[str, Any] = {"tries": tries, "lease_until": None}
    if wait is None:
        status = WebhookDelivery.Status.DELIVERED if tried.worked else WebhookDelivery.Status.FAILED
        changes |= {"status": status, "wake_at": None, "ended_at": now}
    else:
        changes |= {"wake_at": now + timedelta(seconds=wait)}
    if WebhookDelivery.objects.filter(pk=delivery.pk, attempt=delivery.attempt).update(**changes) and delivery.endpoint:
        _judge(delivery.endpoint, tried, now, gave_up=wait is None)


def _judge(endpoint: WebhookEndpoint, tried: Tried, now: datetime, *, gave_up: bool) -> None:
    """What the attempt says of the endpoint as a whole. After a long silence one failure is no reason yet: all tries are."""
    if tried.worked:
        endpoint.answered()
        return
    endpoint.failed(now)
    if not endpoint.enabled:
        return
    if tried.status == 410:
        endpoint.turn_off("It answered 410 Gone, which asks us to stop.", now)
    elif gave_up and endpoint.failing_since and now - endpoint.failing_since > DISABLED_AFTER:
        endpoint.turn_off("Nothing could be delivered for five days.", now)
    else:
        return
    transaction.on_commit(partial(tell_admins, endpoint), robust=True)


def queue_test(endpoint: WebhookEndpoint, event: str) -> WebhookDelivery:
    """Writes a test event for this endpoint alone, and rings."""
    now = clock.now()
    made = WebhookDelivery.objects.create(team_id=endpoint.team_id, endpoint=endpoint, event=event, created_at=now, wake_at=now)
    doorbell.ring_on_commit(TASK, LANE)
    return made


def replay(delivery: WebhookDelivery) -> None:
    """Sends it again now, under the same id, with a new round of attempts. One that is under way is left to its sender."""
    changed = WebhookDelivery.objects.filter(pk=delivery.pk, lease_until=None).update(
        status=WebhookDelivery.Status.WAITING, wake_at=clock.now(), ended_at=None, tries=0
    )
    if changed:
        doorbell.ring_on_commit(TASK, LANE)


def ring_for_due() -> None:
    """For the sweeper: what is due and in nobody's hands has lost its message, or its time has come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM jobs_webhookdelivery WHERE wake_at < now() - make_interval(secs => %s)"
            " AND (lease_until IS NULL OR lease_until < now()))",
            [OVERDUE_SECONDS],
        )
        if cursor.fetchone()[0]:
            doorbell.ring(TASK, LANE, expires_seconds=60)


def prune() -> int:
    """Forgets deliveries that ended a month ago, some at a time. Returns how many."""
    old = WebhookDelivery.objects.filter(ended_at__lt=clock.now() - KEPT_FOR).values("pk")[:PRUNED_AT_ONCE]
    _, by_model = WebhookDelivery.objects.filter(pk__in=old).delete()
    return by_model.get("jobs.WebhookDelivery", 0)
