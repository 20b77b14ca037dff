"""What is told: `{"type", "timestamp", "data"}`, with the job just as the API shows it.

The `webhook_url` of an order that came in another product's words is told in those words instead.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jobs.models import Job, WebhookDelivery
from jobs.representation import iso, represent_all
from jobs.studio import studio

TEST_TEXT = "This is a test from Wevion. The signature is made like that of a real event."


@dataclass(frozen=True, slots=True)
class Words:
    """What is said, and the names of headers that go beside ours: for a signature of the body alone, for the attempt's number."""

    said: Mapping[str, Any]
    signature_header: str = ""
    attempt_header: str = ""

    def encoded(self) -> bytes:
        return json.dumps(self.said, separators=(",", ":")).encode()


def words(delivery: WebhookDelivery) -> Words:
    """What to send. Made anew for every attempt: the links of a job's results are fresh each time."""
    if delivery.job_id is None:
        return _ours(delivery, {"message": TEST_TEXT})
    job = Job.objects.prefetch_related("items").get(pk=delivery.job_id)
    # An endpoint listens to all jobs of the team, and is told of them in one way.
    theirs = None if delivery.endpoint_id else studio().webhook_words(job)
    return theirs or _ours(delivery, represent_all([job])[0])


def _ours(delivery: WebhookDelivery, data: Mapping[str, Any]) -> Words:
    return Words({"type": delivery.event, "timestamp": iso(delivery.created_at), "data": data})
