"""Webhooks by the API: whose they are, what is refused, and what is shown once."""

import pytest
from rest_framework.test import APIClient

from jobs.models import WebhookDelivery, WebhookEndpoint
from jobs.webhooks import endpoints
from tests.api.calling import BASE, BODIES, Api, complete, error_of, fail, standing, submitted
from wevion.accounts.models import Membership

WEBHOOKS = "/api/v1/creative-hub/webhooks"
URL = "https://hooks.example.com/wevion"


def added(client: APIClient, **changes: object) -> str:
    answer = client.post(WEBHOOKS, {"url": URL} | changes)
    assert answer.status_code == 201, answer.content
    found: str = answer.json()["id"]
    return found


def test_the_secret_is_in_the_first_answer_and_in_no_other(api: Api, alice: Membership) -> None:
    client = api(alice)
    made = client.post(WEBHOOKS, {"url": URL, "events": ["job.failed", "job.completed"], "description": "Import"}).json()
    secret = made.pop("secret")
    assert secret.startswith("whsec_")
    assert client.get(WEBHOOKS).json() == {"results": [made]}
    assert client.get(f"{WEBHOOKS}/{made['id']}").json() == made
    assert (made["events"], made["enabled"], made["disabled_reason"]) == (["job.completed", "job.failed"], True, None)
    assert client.post(f"{WEBHOOKS}/{made['id']}/rotate").json()["secret"] not in ("", secret)


def test_it_is_changed_disabled_enabled_and_deleted(api: Api, alice: Membership) -> None:
    client = api(alice)
    pk = added(client)
    changed = client.patch(f"{WEBHOOKS}/{pk}", {"url": URL + "/2", "enabled": False}).json()
    assert (changed["url"], changed["enabled"]) == (URL + "/2", False)
    assert changed["disabled_reason"]
    error_of(client.post(f"{WEBHOOKS}/{pk}/test"), 409, "webhook_disabled")
    assert client.patch(f"{WEBHOOKS}/{pk}", {"enabled": True}).json()["disabled_reason"] is None
    assert client.post(f"{WEBHOOKS}/{pk}/test").status_code == 202
    assert client.delete(f"{WEBHOOKS}/{pk}").status_code == 204
    error_of(client.get(f"{WEBHOOKS}/{pk}"), 404, "not_found")


def test_a_change_of_nothing_is_refused(api: Api, alice: Membership) -> None:
    client = api(alice)
    pk = added(client)
    for changes in (dict[str, object](), None):
        assert "change" in error_of(client.patch(f"{WEBHOOKS}/{pk}", changes), 400, "invalid_request")["message"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "url"),
        ({"url": ""}, "url"),
        ({"url": "http://example.com/x"}, "url"),
        ({"url": "https://192.168.0.1/x"}, "url"),
        ({"url": URL, "events": []}, "events"),
        ({"url": URL, "events": ["job.started"]}, "events"),
        ({"url": URL, "secret": "mine"}, "secret"),
        ({"url": URL, "enabled": "perhaps"}, "enabled"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_added(body: dict[str, object], named: str, api: Api, alice: Membership) -> None:
    assert named in error_of(api(alice).post(WEBHOOKS, body), 400, "invalid_request")["details"]
    assert not WebhookEndpoint.objects.exists()


def test_there_is_a_limit(api: Api, alice: Membership) -> None:
    for _ in range(endpoints.MOST):
        endpoints.add(alice, URL, ["job.completed"])
    error_of(api(alice).post(WEBHOOKS, {"url": URL}), 409, "too_many_webhooks")


def test_only_owners_and_admins_have_webhooks_and_another_teams_do_not_exist(
    api: Api, alice: Membership, bob: Membership, charlie: Membership
) -> None:
    pk = added(api(alice))
    delivery = api(alice).post(f"{WEBHOOKS}/{pk}/test").json()["id"]
    assert "owners and admins" in error_of(api(bob).get(WEBHOOKS), 403, "forbidden")["message"]
    stranger = api(charlie)
    assert stranger.get(WEBHOOKS).json() == {"results": []}
    assert stranger.get(f"{WEBHOOKS}/deliveries").json()["results"] == []
    paths = [("GET", pk), ("PATCH", pk), ("DELETE", pk), ("POST", f"{pk}/rotate"), ("POST", f"{pk}/test")]
    paths += [("GET", f"deliveries/{delivery}"), ("POST", f"deliveries/{delivery}/replay")]
    for method, path in paths:
        error_of(stranger.generic(method, f"{WEBHOOKS}/{path}", "{}", content_type="application/json"), 404, "not_found")
    assert WebhookEndpoint.objects.filter(pk=pk, enabled=True).exists()


def test_deliveries_are_listed_narrowed_and_replayed(api: Api, alice: Membership) -> None:
    client = api(alice)
    pk = added(client)
    job_id = submitted(client, "tts")
    complete(job_id)
    client.post(f"{WEBHOOKS}/{pk}/test")
    found = client.get(f"{WEBHOOKS}/deliveries?job={job_id}").json()["results"]
    assert [(row["event"], row["status"], row["endpoint_id"], row["url"]) for row in found] == [
        ("job.completed", "waiting", pk, URL)
    ]
    assert len(client.get(f"{WEBHOOKS}/deliveries?endpoint={pk}&status=waiting").json()["results"]) == 2
    first = client.get(f"{WEBHOOKS}/deliveries?limit=1").json()
    assert len(client.get(first["next"]).json()["results"]) == 1
    WebhookDelivery.objects.filter(pk=found[0]["id"]).update(
        status="failed", wake_at=None, ended_at=found[0]["created_at"], tries=10
    )
    again = client.post(f"{WEBHOOKS}/deliveries/{found[0]['id']}/replay")
    assert (again.status_code, again.json()["status"]) == (202, "waiting")
    assert again.json()["message_id"] == found[0]["message_id"]


@pytest.mark.parametrize(
    ("query", "named"), [("status=sent", "status"), ("endpoint=1", "endpoint"), ("job=x", "job"), ("user=1", "user")]
)
def test_a_bad_filter_of_deliveries_is_named(query: str, named: str, api: Api, alice: Membership) -> None:
    assert named in error_of(api(alice).get(f"{WEBHOOKS}/deliveries?{query}"), 400, "invalid_request")["details"]


def test_the_teams_own_secret_is_made_anew(api: Api, alice: Membership, bob: Membership) -> None:
    secrets = {api(alice).post(f"{WEBHOOKS}/secret").json()["secret"] for _ in range(2)}
    assert len(secrets) == 2
    error_of(api(bob).post(f"{WEBHOOKS}/secret"), 403, "forbidden")


@pytest.mark.parametrize(
    "url", ["http://example.com", "https://127.0.0.1/x", "https://" + "x" * 2000, 5, ["https://example.com"]]
)
def test_a_bad_webhook_url_is_named_and_no_job_is_made(url: object, api: Api, bob: Membership) -> None:
    before = standing()
    answer = api(bob).post(f"{BASE}/tts", BODIES["tts"] | {"webhook_url": url})
    assert "webhook_url" in error_of(answer, 400, "invalid_request")["details"]
    assert standing() == before


def test_an_order_with_an_address_is_told_there_and_its_retry_too(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client, "tts", webhook_url=URL)
    fail(job_id)
    again = client.post(f"{BASE}/jobs/{job_id}/retry").json()["job_id"]
    complete(again)
    told = WebhookDelivery.objects.order_by("created_at").values_list("job_id", "event", "url")
    assert [(str(job), event, url) for job, event, url in told] == [(job_id, "job.failed", URL), (again, "job.completed", URL)]


def test_one_idempotency_key_with_another_address_is_another_request(api: Api, bob: Membership) -> None:
    client = api(bob)
    for url, status in ((URL, 202), (URL, 202), (URL + "/2", 422)):
        answer = client.post(f"{BASE}/tts", BODIES["tts"] | {"webhook_url": url}, headers={"Idempotency-Key": "k"})
        assert answer.status_code == status
