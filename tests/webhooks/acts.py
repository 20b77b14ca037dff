"""What the tests of webhooks do with the engine and with time."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from creative_hub.orders import ORDERS
from jobs import clock, submission
from jobs.models import Job, WebhookDelivery
from jobs.webhooks import send
from tests.api.calling import complete, fail
from wevion.accounts.models import Membership


def ended(member: Membership, status: str = "completed", webhook_url: str = "") -> Job:
    """A job of the member's that has ended so."""
    order = ORDERS["tts"](data={"text": "Hello"}, context={"membership": member})
    order.is_valid(raise_exception=True)
    job = submission.submit(member, replace(order.order(), webhook_url=webhook_url))
    if status == "completed":
        complete(str(job.pk))
    elif status == "failed":
        fail(str(job.pk))
    else:
        with transaction.atomic():
            Job.objects.locked(job.pk).cancel(clock.now(), "")
    job.refresh_from_db()
    return job


def sent() -> int:
    return send.send_due()


def pass_time(**amount: float) -> None:
    """Moves what has happened to the deliveries into the past."""
    by = timedelta(**amount)
    WebhookDelivery.objects.update(
        wake_at=F("wake_at") - by, lease_until=F("lease_until") - by, created_at=F("created_at") - by, ended_at=F("ended_at") - by
    )


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("endpoint").get()
