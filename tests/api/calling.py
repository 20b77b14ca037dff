"""What the tests of the API share: its addresses, its bodies, and its errors."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from jsonschema import Draft202012Validator
from rest_framework.test import APIClient

from jobs import clock, settlement
from jobs.models import CreditAccount, Item, ItemRun, Job, LedgerEntry, MemberMonth
from wevion.accounts.models import Membership

Api = Callable[[Membership], APIClient]
Drain = Callable[[], int]
BASE = "/api/v1/creative-hub/generate"
AUTHENTICATION_QUERIES = 1  # the key, with its member
BODIES: dict[str, dict[str, Any]] = {
    "image": {"prompt": "a red bicycle", "num_variants": 2},
    "video": {"prompt": "waves on a beach", "duration": 5},
    "avatar": {"script": "Welcome to the shop.", "aspect_ratio": "9:16"},
    "tts": {"text": "Welcome to the shop."},
    "composite": {"headline_text": "Half price", "cta_text": "Buy now"},
}


def submitted(client: APIClient, job_type: str = "image", **changes: Any) -> str:
    """The id of a new job."""
    answer = client.post(f"{BASE}/{job_type}", BODIES[job_type] | changes)
    assert answer.status_code == 202, answer.content
    job_id: str = answer.json()["job_id"]
    return job_id


def begin(job_id: str) -> None:
    with transaction.atomic():
        job = Job.objects.locked(UUID(job_id))
        job.start(clock.now())
        Item.objects.filter(job=job).update(progress_percent=40)
        Job.objects.filter(pk=job.pk).update(progress_percent=40, current_stage="rendering")


def fail(job_id: str, code: str = "provider_timeout") -> None:
    """Every item ends so, and with them the job."""
    with transaction.atomic():
        ItemRun.objects.filter(item__job_id=UUID(job_id)).delete()
        for item in Item.objects.filter(job_id=UUID(job_id)):
            item.fail(code, "")
        settlement.settle(Job.objects.get(pk=job_id))


def complete(job_id: str, content: bytes = bytes(range(256)) * 4, lost: tuple[int, ...] = ()) -> None:
    """As the runner does when the renderer is through, without its minutes: bytes stored, items settled, job filed and charged.

    The items at the positions in `lost` fail.
    """
    begin(job_id)
    with transaction.atomic():
        job = Job.objects.locked(UUID(job_id))
        ItemRun.objects.filter(item__job=job).delete()
        for item in job.items_in_order():
            if item.position in lost:
                item.fail("provider_error", "")
            else:
                item.complete(_stored(item, content))
        settlement.settle(job)


def _stored(item: Item, content: bytes) -> dict[str, object]:
    return {
        "file": default_storage.save(f"results/{item.job_id}/{item.position}.png", ContentFile(content)),
        "thumbnail": "",
        "kind": "image",
        "mime": "image/png",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "width": 8,
        "height": 8,
        "duration_seconds": None,
    }


def spaced(job_ids: list[str]) -> None:
    """Dates the jobs a second apart, the last a second ago: in a test's one transaction they are all made at the same time."""
    now = clock.now()
    for age, job_id in enumerate(reversed(job_ids), start=1):
        Job.objects.filter(pk=job_id).update(created_at=now - timedelta(seconds=age))


def valid(document: dict[str, Any], name: str, body: Any) -> None:
    """Raises where the body is not what the description says of that schema."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(body)


def error_of(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The error's envelope, whose form is checked."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"].startswith("application/json"), answer["Content-Type"]
    body: dict[str, Any] = answer.json()
    assert set(body) == {"error", "message", "details", "request_id"}
    assert body["error"] == code, body
    assert body["message"]
    assert body["request_id"] == answer["X-Request-Id"]
    return body


def standing() -> tuple[Any, ...]:
    """All that a refused request must leave as it was."""
    accounts = list(CreditAccount.objects.order_by("pk").values_list("posted_cents", "held_cents"))
    months = list(MemberMonth.objects.order_by("pk").values_list("held_cents", "charged_cents"))
    return Job.objects.count(), Item.objects.count(), ItemRun.objects.count(), LedgerEntry.objects.count(), accounts, months
