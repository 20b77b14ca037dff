"""What is told: `{"type", "timestamp", "data"}`, with the job just as the API shows it."""

import json
from typing import Any

from jobs.models import Job, WebhookDelivery
from jobs.representation import iso, represent_all

TEST_TEXT = "This is a test from Wevion. The signature is made like that of a real event."


def body(delivery: WebhookDelivery) -> bytes:
    """The JSON to send. Made anew for every attempt: the links of a job's results are fresh each time."""
    said = {"type": delivery.event, "timestamp": iso(delivery.created_at), "data": _data(delivery)}
    return json.dumps(said, separators=(",", ":")).encode()


def _data(delivery: WebhookDelivery) -> dict[str, Any]:
    if delivery.job_id is None:
        return {"message": TEST_TEXT}
    return represent_all(Job.objects.filter(pk=delivery.job_id).prefetch_related("items"))[0]
