"""Whose jobs a program sees, and what it is told when it may not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from rest_framework.test import APIClient

from jobs.models import JobEvent
from tests.api.calling import BASE, BODIES, Api, complete, error_of, standing, submitted
from wevion.accounts.models import ApiKey, Membership

KeyOf = Callable[[Membership], str]


@pytest.mark.parametrize("header", ["x-api-key: {}", "Authorization: Bearer {}", "Authorization: bearer  {}"])
def test_both_headers_are_taken(header: str, key_of: KeyOf, bob: Membership) -> None:
    name, _, value = header.format(key_of(bob)).partition(": ")
    assert APIClient().get(f"{BASE}/jobs", headers={name: value}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-api-key": ""},
        {"x-api-key": "wv_live_wrong"},
        {"x-api-key": "ключ"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer wv_live_wrong"},
        {"Authorization": "Basic Ym9iOmJvYg=="},
        {"Authorization": "Token wv_live_wrong"},
    ],
)
def test_a_missing_or_wrong_key_is_told_how_to_bring_one(headers: dict[str, str], db: None) -> None:
    answer = APIClient().get(f"{BASE}/jobs", headers=headers)
    error_of(answer, 401, "unauthorized")
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_browsers_session_is_no_key(client_of: Callable[[Membership], APIClient], bob: Membership) -> None:
    error_of(client_of(bob).get(f"{BASE}/jobs"), 401, "unauthorized")


@pytest.mark.parametrize("end", ["revoked", "expired", "removed", "inactive"])
def test_a_key_ends_at_once_with_its_time_its_member_or_its_revocation(end: str, api: Api, bob: Membership) -> None:
    client = api(bob)
    assert client.get(f"{BASE}/jobs").status_code == 200
    match end:
        case "revoked":
            ApiKey.objects.update(revoked_at=timezone.now())
        case "expired":
            ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        case "removed":
            bob.delete()
        case "inactive":
            bob.user.is_active = False
            bob.user.save()
    error_of(client.get(f"{BASE}/jobs"), 401, "unauthorized")


def test_a_key_is_kept_as_a_hash_only_and_its_use_is_noted(key_of: KeyOf, bob: Membership) -> None:
    secret = key_of(bob)
    APIClient().get(f"{BASE}/jobs", headers={"x-api-key": secret})
    row = ApiKey.objects.values().get()
    assert secret not in str(row)
    assert row["last_used_at"] is not None


ON_A_JOB = [("GET", ""), ("DELETE", ""), ("POST", "/retry"), ("POST", "/cancel")]
ON_NONE = [("GET", "jobs"), ("POST", "quote"), *(("POST", job_type) for job_type in BODIES)]


@pytest.mark.parametrize("ended", [False, True])
@pytest.mark.parametrize(("method", "rest"), ON_A_JOB)
def test_somebody_elses_job_does_not_exist(
    method: str, rest: str, ended: bool, api: Api, alice: Membership, bob: Membership, charlie: Membership
) -> None:
    """Not for a stranger, and not for the owner of the submitter's team: teams look in the backoffice."""
    job_id = submitted(api(bob), "tts")
    if ended:
        complete(job_id)
    before, events = standing(), JobEvent.objects.count()
    for member in (alice, charlie):
        body = error_of(api(member).generic(method, f"{BASE}/jobs/{job_id}{rest}"), 404, "not_found")
        nowhere = api(member).generic(method, f"{BASE}/jobs/00000000-0000-4000-8000-000000000000{rest}")
        assert error_of(nowhere, 404, "not_found")["message"] == body["message"]
    error_of(APIClient().generic(method, f"{BASE}/jobs/{job_id}{rest}"), 401, "unauthorized")
    assert (standing(), JobEvent.objects.count()) == (before, events)


@pytest.mark.parametrize(("method", "path"), ON_NONE)
def test_without_a_key_nothing_is_answered(method: str, path: str, db: None) -> None:
    error_of(APIClient().generic(method, f"{BASE}/{path}", "{", content_type="application/json"), 401, "unauthorized")


def test_a_list_has_ones_own_jobs_only(api: Api, alice: Membership, bob: Membership, charlie: Membership) -> None:
    jobs = {member.pk: submitted(api(member)) for member in (alice, bob, charlie)}
    folder = api(bob).get(f"{BASE}/jobs/{jobs[bob.pk]}").json()["drive_folder_id"]
    for member in (alice, bob, charlie):
        found = api(member).get(f"{BASE}/jobs?totals=true").json()
        assert [job["id"] for job in found["results"]] == [jobs[member.pk]]
        assert found["count"] == 1
    assert api(charlie).get(f"{BASE}/jobs?folder={folder}").json()["results"] == []


def test_a_cursor_of_one_person_shows_another_nothing(api: Api, bob: Membership, charlie: Membership) -> None:
    for _ in range(3):
        submitted(api(bob))
    url = api(bob).get(f"{BASE}/jobs?limit=1").json()["next"]
    assert api(charlie).get(url).json() == {"results": [], "next": None, "previous": None}


def test_a_viewer_may_read_and_be_quoted(api: Api, vera: Membership) -> None:
    client = api(vera)
    assert client.get(f"{BASE}/jobs").json()["results"] == []
    assert client.post(f"{BASE}/quote", {"type": "image"} | BODIES["image"]).status_code == 200


def test_a_fault_of_ours_has_the_envelope_and_tells_nothing_of_it(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE jobs_item RENAME COLUMN stage TO gone")
    body = error_of(client.get(f"{BASE}/jobs/{job_id}"), 500, "internal_error")
    assert "stage" not in body["message"]
