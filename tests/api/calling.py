"""What the tests of the API share: its addresses, its bodies, and its errors."""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from jobs.models import CreditAccount, Item, ItemRun, Job, LedgerEntry, MemberMonth
from wevion.accounts.models import Membership

Api = Callable[[Membership], APIClient]
Drain = Callable[[], int]
BASE = "/api/v1/creative-hub/generate"
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
