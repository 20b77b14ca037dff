"""The end of a job that was ordered in a neighbour's words is told to the order's address in those words."""

import hashlib
import hmac
from typing import Any

import pytest

from creative_hub.api.document import document
from jobs.models import Job, WebhookDelivery
from jobs.webhooks import endpoints, signing
from tests.api.calling import BASE, Api, complete, fail, valid
from tests.webhooks.acts import pass_time, sent
from tests.webhooks.conftest import receiver
from tests.webhooks.receiver import Receiver
from wevion.accounts.models import Membership

__all__ = ["receiver"]

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = {"urls": ["https://example.com/lamp", "https://example.com/mug"]}
CLIP = {"video_id": "https://example.com/clip.mp4"}


def signed(secret: str, body: bytes) -> str:
    """As the ad generator's description has it: of the body alone, in hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_an_ad_job_is_told_with_its_projects_and_both_signatures(receiver: Receiver, api: Api, bob: Membership) -> None:
    secret = signing.rotate(bob.team)
    job_id = api(bob).post("/api/v1/generate", {**PAGES, "webhookUrl": receiver.url}).json()["jobId"]
    complete(job_id, lost=(1,))
    assert sent() == 1
    told = receiver.verified(secret)
    valid(document(), "AdsTold", told)
    assert (told["event"], told["jobId"], told["status"]) == ("job.completed", job_id, "partial")
    assert (told["totalProjects"], told["completedProjects"], told["failedProjects"]) == (2, 1, 1)
    done, lost = told["projects"]
    assert (done["status"], bool(done["finalOutputUrl"]), lost["status"], lost["finalOutputUrl"]) == (
        "completed",
        True,
        "failed",
        None,
    )
    headers, body = receiver.got[0]
    assert (headers["x-nouvel-signature"], headers["x-nouvel-attempt"]) == (signed(secret, body), "1")


def test_it_is_signed_anew_and_counted_at_every_attempt_and_with_the_current_secret(
    receiver: Receiver, api: Api, bob: Membership
) -> None:
    signing.rotate(bob.team)
    secret, receiver.answer = signing.rotate(bob.team), 503
    fail(api(bob).post("/api/v1/generate", {**PAGES, "webhookUrl": receiver.url}).json()["jobId"])
    sent()
    pass_time(seconds=60)
    sent()
    headers, body = receiver.got[1]
    assert (headers["x-nouvel-signature"], headers["x-nouvel-attempt"]) == (signed(secret, body), "2")
    assert receiver.events[1]["status"] == "failed"


@pytest.mark.parametrize(("act", "status", "percent"), [(complete, "completed", 100), (fail, "failed", 0)])
def test_a_clip_job_is_told_as_it_is_shown_with_its_clip(
    act: Any, status: str, percent: int, receiver: Receiver, api: Api, bob: Membership
) -> None:
    job_id = api(bob).post("/api/v1/jobs", {**CLIP, "webhook_url": receiver.url}).json()["job_id"]
    act(job_id)
    sent()
    [told] = receiver.events
    valid(document(), "ClipsTold", told)
    assert (told["job_id"], told["status"], told["progress_percent"]) == (job_id, status, percent)
    assert ("output_video_url" in told) == (status == "completed")
    assert "processing_time_seconds" in told
    assert told["data"]["job_id"] == job_id
    assert "x-nouvel-signature" not in receiver.got[0][0]


def test_a_cancel_is_told_too(receiver: Receiver, api: Api, bob: Membership) -> None:
    client = api(bob)
    clip = client.post("/api/v1/jobs", {**CLIP, "webhook_url": receiver.url}).json()["job_id"]
    ad = client.post("/api/v1/generate", {**PAGES, "webhookUrl": receiver.url}).json()["jobId"]
    for job_id in (clip, ad):
        assert client.post(f"/api/v1/jobs/{job_id}/cancel").status_code == 200
    sent()
    told = {event.get("jobId") or event["job_id"]: event for event in receiver.events}
    assert told[clip]["status"] == "cancelled"
    assert (told[ad]["event"], told[ad]["status"], told[ad]["completedDetails"]) == ("job.cancelled", "cancelled", [])


def test_a_retry_is_told_in_the_words_of_the_first_order(receiver: Receiver, api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = client.post("/api/v1/generate", {**PAGES, "webhookUrl": receiver.url}).json()["jobId"]
    fail(job_id)
    again = client.post(f"{BASE}/jobs/{job_id}/retry").json()["job_id"]
    complete(again)
    sent()
    assert {event["jobId"]: event["status"] for event in receiver.events} == {job_id: "failed", again: "completed"}


def test_the_same_type_ordered_in_our_words_and_the_teams_endpoints_are_told_in_ours(
    receiver: Receiver, api: Api, alice: Membership, bob: Membership
) -> None:
    client = api(bob)
    ours = client.post(f"{BASE}/ad", {**PAGES, "webhook_url": receiver.url}).json()["job_id"]
    complete(ours)
    sent()
    assert (receiver.events[0]["type"], receiver.events[0]["data"]["id"]) == ("job.completed", ours)
    endpoints.add(alice, receiver.url, ["job.failed"])
    fail(client.post("/api/v1/generate", PAGES).json()["jobId"])
    sent()
    assert receiver.events[1]["type"] == "job.failed"
    assert Job.objects.filter(metadata__contract="ads").count() == WebhookDelivery.objects.filter(endpoint=None).count() == 1
