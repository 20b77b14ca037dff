"""What a program can do to a job: retry, cancel, and hide it."""

import pytest
from rest_framework.test import APIClient

from jobs.models import Job, JobEvent
from tests.api.calling import BASE, Api, complete, error_of, fail, submitted
from wevion.accounts.models import Membership


def test_a_retry_is_a_new_job_that_names_the_first(api: Api, bob: Membership) -> None:
    client = api(bob)
    first = submitted(client, seed=3)
    error_of(client.post(f"{BASE}/jobs/{first}/retry"), 409, "not_retryable")
    fail(first)
    answer = client.post(f"{BASE}/jobs/{first}/retry")
    assert answer.status_code == 202
    again = client.get(answer["Location"]).json()
    assert (again["retry_of"], again["status"], again["settings"]["seed"]) == (first, "pending", 3)
    assert client.post(f"{BASE}/jobs/{first}/retry").json() == answer.json(), "asked twice, made once"


@pytest.mark.parametrize("job_type", ["image", "video", "avatar", "tts", "composite"])
def test_a_retry_has_the_settings_prompt_and_folder_of_the_first(job_type: str, api: Api, bob: Membership) -> None:
    client = api(bob)
    first = submitted(client, job_type)
    fail(first)
    again = client.get(client.post(f"{BASE}/jobs/{first}/retry")["Location"]).json()
    same = ("type", "provider", "prompt", "settings", "drive_folder_id", "estimated_cost_cents")
    first_job = client.get(f"{BASE}/jobs/{first}").json()
    assert [again[name] for name in same] == [first_job[name] for name in same]


def test_what_was_refused_for_its_content_cannot_be_retried(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    fail(job_id, "content_rejected")
    error_of(client.post(f"{BASE}/jobs/{job_id}/retry"), 409, "not_retryable")


def test_a_job_of_a_team_that_was_left_cannot_be_retried(api: Api, bob: Membership, charlie: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    fail(job_id)
    user = bob.user
    bob.delete()
    moved = Membership.objects.create(user=user, team=charlie.team, role="manager")
    error_of(api(moved).post(f"{BASE}/jobs/{job_id}/retry"), 409, "not_retryable")


@pytest.mark.parametrize("ended", [False, True])
def test_these_types_cannot_be_cancelled(ended: bool, api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client, "tts")
    if ended:
        complete(job_id)
    error_of(client.post(f"{BASE}/jobs/{job_id}/cancel"), 409, "not_cancellable")
    assert client.get(f"{BASE}/jobs/{job_id}").json()["status"] == ("completed" if ended else "pending")


def test_deleting_hides_an_ended_job_and_leaves_its_file(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client, "tts")
    error_of(client.delete(f"{BASE}/jobs/{job_id}"), 409, "still_active")
    complete(job_id)
    url = client.get(f"{BASE}/jobs/{job_id}").json()["result_urls"][0]
    answer = client.delete(f"{BASE}/jobs/{job_id}")
    assert (answer.status_code, answer.content) == (204, b"")
    error_of(client.get(f"{BASE}/jobs/{job_id}"), 404, "not_found")
    error_of(client.delete(f"{BASE}/jobs/{job_id}"), 404, "not_found")
    assert client.get(f"{BASE}/jobs").json()["results"] == []
    assert b"".join(APIClient().get(url)), "the file stays"
    assert Job.objects.get(pk=job_id).cost_cents == 1
    assert JobEvent.objects.filter(job_id=job_id, note__contains="Hidden").count() == 1
