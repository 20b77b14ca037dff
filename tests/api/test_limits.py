"""How often a key may ask, and what it may do."""

from collections.abc import Callable

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.api.calling import BASE, BODIES, Api, complete, error_of, standing, submitted
from tests.threads import at_once
from wevion.accounts.models import ApiKey, Membership, Permission
from wevion.drf import throttling
from wevion.drf.throttling import KeyThrottle

LEFT = ("X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset")
WEBHOOKS = "/api/v1/creative-hub/webhooks"


@pytest.fixture
def program() -> Callable[..., APIClient]:
    """A program whose key has these permissions alone."""

    def make(member: Membership, *permissions: str) -> APIClient:
        client = APIClient()
        client.default_format = "json"
        client.credentials(HTTP_X_API_KEY=ApiKey.objects.issue(member, "narrow", permissions=permissions)[1])
        return client

    return make


def test_the_hundred_and_first_request_of_a_minute_is_told_when_to_come_back(
    api: Api, alice: Membership, bob: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "100/min"})
    client = api(bob)
    answers = [client.get(f"{BASE}/jobs") for _ in range(100)]
    assert [answer.status_code for answer in answers] == [200] * 100
    assert [int(answer["X-RateLimit-Remaining"]) for answer in answers] == list(range(99, -1, -1))
    answer = client.get(f"{BASE}/jobs")
    error_of(answer, 429, "rate_limited")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert [answer[name] for name in LEFT] == ["100", "0", answer["Retry-After"]]
    assert api(alice).get(f"{BASE}/jobs").status_code == 200, "another key is not affected"


def test_what_is_left_stands_on_failed_answers_too(api: Api, bob: Membership) -> None:
    client = api(bob)
    for answer in (client.post(f"{BASE}/image", {}), client.get(f"{BASE}/jobs/00000000-0000-4000-8000-000000000000")):
        assert all(int(answer[name]) > 0 for name in LEFT)


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_do_not_slip_past(api: Api, bob: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "5/min"})
    client = api(bob)
    statuses = at_once(12, lambda: client.get(f"{BASE}/jobs").status_code)
    assert sorted(map(str, statuses)) == ["200"] * 5 + ["429"] * 7
    connection.close()


def test_without_redis_requests_are_served_and_not_counted_and_one_line_says_so(
    api: Api,
    bob: Membership,
    monkeypatch: pytest.MonkeyPatch,
    settings: object,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"  # type: ignore[attr-defined]
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "1/min"})
    monkeypatch.setattr(throttling, "_quiet_until", 0.0)
    client = api(bob)
    assert [client.get(f"{BASE}/jobs").status_code for _ in range(3)] == [200] * 3
    assert [record.name for record in caplog.records].count("wevion.drf.throttling") == 1


def test_a_key_that_may_read_reads_and_nothing_else(program: Callable[..., APIClient], api: Api, bob: Membership) -> None:
    job_id = submitted(api(bob), "tts")
    complete(job_id)
    client, before = program(bob, Permission.READ), standing()
    assert client.get(f"{BASE}/jobs").status_code == 200
    assert client.get(f"{BASE}/jobs/{job_id}").status_code == 200
    assert client.post(f"{BASE}/quote", {"type": "tts"} | BODIES["tts"]).status_code == 200
    for method, path in (
        ("POST", "tts"),
        ("POST", f"jobs/{job_id}/retry"),
        ("POST", f"jobs/{job_id}/cancel"),
        ("DELETE", f"jobs/{job_id}"),
    ):
        body = error_of(client.generic(method, f"{BASE}/{path}"), 403, "forbidden")
        assert "`generate`" in body["message"]
    assert standing() == before


def test_a_key_that_may_generate_submits_and_does_not_read(program: Callable[..., APIClient], bob: Membership) -> None:
    client = program(bob, Permission.GENERATE)
    answer = client.post(f"{BASE}/tts", BODIES["tts"])
    assert answer.status_code == 202
    assert "`read`" in error_of(client.get(answer["Location"]), 403, "forbidden")["message"]


def test_webhooks_need_their_own_permission(program: Callable[..., APIClient], alice: Membership) -> None:
    both = program(alice, Permission.READ, Permission.GENERATE)
    assert "`webhooks`" in error_of(both.get(WEBHOOKS), 403, "forbidden")["message"]
    assert program(alice, Permission.WEBHOOKS).get(WEBHOOKS).status_code == 200
