"""The job as programs see it, and lists of jobs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from jobs.models import Job
from tests.api.calling import AUTHENTICATION_QUERIES, BASE, Api, Drain, begin, complete, fail, spaced, submitted
from wevion.accounts.models import Membership

SEED_KEYS = {
    *("id", "user_id", "type", "status", "provider", "prompt", "settings", "result_urls", "error_message", "cost_cents"),
    *("drive_folder_id", "metadata", "created_at", "completed_at"),
}
OUR_KEYS = {
    *("error", "started_at", "progress_percent", "current_stage", "eta_seconds", "waiting"),
    *("estimated_cost_cents", "retry_of", "items"),
}
ITEM_KEYS = {"position", "status", "progress_percent", "result_urls", "error"}


def job_of(client: APIClient, job_id: str) -> dict[str, Any]:
    job: dict[str, Any] = client.get(f"{BASE}/jobs/{job_id}").json()
    assert set(job) == SEED_KEYS | OUR_KEYS
    assert all(set(item) == ITEM_KEYS for item in job["items"])
    return job


def test_a_pending_job_says_what_was_asked_and_how_long_it_may_take(api: Api, bob: Membership) -> None:
    client = api(bob)
    job = job_of(client, submitted(client, seed=7))
    assert job["user_id"] == str(bob.user_id)
    assert (job["status"], job["progress_percent"], job["result_urls"], job["error"]) == ("pending", 0, [], None)
    assert (job["cost_cents"], job["estimated_cost_cents"], job["error_message"]) == (0, 4, None)
    assert (job["started_at"], job["completed_at"], job["retry_of"]) == (None, None, None)
    assert job["settings"] == {"aspect_ratio": "1:1", "num_variants": 2, "seed": 7}
    assert job["created_at"].endswith("Z")
    assert job["eta_seconds"]["p50"] <= job["eta_seconds"]["p90"]
    assert [item["position"] for item in job["items"]] == [0, 1]


def test_a_processing_job_shows_its_progress(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    begin(job_id)
    job = job_of(client, job_id)
    assert (job["status"], job["progress_percent"], job["current_stage"]) == ("processing", 40, "rendering")
    assert job["started_at"].endswith("Z")


def test_a_completed_job_has_its_results_and_its_cost(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    complete(job_id)
    job = job_of(client, job_id)
    assert (job["status"], job["progress_percent"], job["cost_cents"], job["eta_seconds"]) == ("completed", 100, 4, None)
    assert len(job["result_urls"]) == 2
    assert [url for item in job["items"] for url in item["result_urls"]] == job["result_urls"]
    assert job["started_at"] <= job["completed_at"]


def test_a_failed_job_says_why_and_what_to_do_and_costs_nothing(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    fail(job_id)
    job = job_of(client, job_id)
    assert (job["status"], job["cost_cents"], job["result_urls"]) == ("failed", 0, [])
    assert job["error_message"] == job["error"]["message"]
    assert set(job["error"]) == {"code", "message", "stage", "remedy"}
    assert job["error"]["code"] == "provider_timeout"
    assert job["error"]["remedy"]


def test_an_unchanged_job_is_not_sent_again(api: Api, bob: Membership, settings: Any) -> None:
    settings.RESULT_LINK_SECONDS = 10**8  # no window of the links ends just now
    client = api(bob)
    job_id = submitted(client)
    first = client.get(f"{BASE}/jobs/{job_id}")
    for known in (first["ETag"], f'W/"x", {first["ETag"]}', "*"):
        again = client.get(f"{BASE}/jobs/{job_id}", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    complete(job_id)
    changed = client.get(f"{BASE}/jobs/{job_id}", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] == client.get(f"{BASE}/jobs/{job_id}")["ETag"], "links are stable, so the ETag is"


def test_a_job_that_runs_says_when_to_ask_again_and_an_ended_one_does_not(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    assert client.get(f"{BASE}/jobs/{job_id}")["Retry-After"] == "5"
    complete(job_id)
    assert "Retry-After" not in client.get(f"{BASE}/jobs/{job_id}")


@pytest.mark.parametrize("end", ["pending", "completed", "failed"])
def test_reading_a_job_takes_two_queries_after_authentication(end: str, api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client)
    if end == "completed":
        complete(job_id)
    if end == "failed":
        fail(job_id)
    client.get(f"{BASE}/jobs/{job_id}")  # notes the key's use, once a minute
    with CaptureQueriesContext(connection) as caught:
        assert client.get(f"{BASE}/jobs/{job_id}").json()["status"] == end
    assert len(caught) - AUTHENTICATION_QUERIES == (2 if end == "completed" else 1)


def test_a_list_takes_the_same_queries_however_long_it_is(api: Api, bob: Membership) -> None:
    client = api(bob)
    counts = []
    for _ in range(2):
        for job_type in ("tts", "tts", "image"):
            complete(submitted(client, job_type))
        fail(submitted(client))
        client.get(f"{BASE}/jobs")
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{BASE}/jobs").status_code == 200
        counts.append(len(caught) - AUTHENTICATION_QUERIES)
    assert counts == [3, 3]


def test_a_real_render_ends_in_the_same_form(api: Api, bob: Membership, drain: Drain) -> None:
    client = api(bob)
    job_id = submitted(client, "tts")
    drain()
    job = job_of(client, job_id)
    assert (job["status"], len(job["result_urls"])) == ("completed", 1)


def test_of_an_image_with_a_lost_variant_the_delivered_ones_are_charged(api: Api, bob: Membership) -> None:
    client = api(bob)
    job_id = submitted(client, num_variants=3)
    complete(job_id, lost=(1,))
    job = job_of(client, job_id)
    assert (job["status"], job["cost_cents"], job["estimated_cost_cents"], len(job["result_urls"])) == ("completed", 4, 6, 2)
    assert job["metadata"]["failed_items"] == [{"position": 1, "code": "provider_error"}]
    assert [bool(item["error"]) for item in job["items"]] == [False, True, False]


def listed(client: APIClient, query: str = "") -> list[str]:
    answer = client.get(f"{BASE}/jobs?{query}")
    assert answer.status_code == 200, answer.content
    return [job["id"] for job in answer.json()["results"]]


def test_the_list_has_whole_jobs_the_newest_first_and_ten_at_a_time(api: Api, bob: Membership) -> None:
    client = api(bob)
    made = [submitted(client) for _ in range(12)]
    spaced(made)
    answer = client.get(f"{BASE}/jobs").json()
    assert [job["id"] for job in answer["results"]] == made[:1:-1]
    assert set(answer) == {"results", "next", "previous"}
    assert all(set(job) == SEED_KEYS | OUR_KEYS for job in answer["results"])
    assert answer["results"][0] == job_of(client, made[-1])


def test_filters_narrow_the_list(api: Api, bob: Membership) -> None:
    client = api(bob)
    ended = submitted(client, "tts")
    complete(ended)
    failed, running, waiting = submitted(client), submitted(client, "video", prompt="Bicycle 100% _x_"), submitted(client)
    spaced([ended, failed, running, waiting])
    fail(failed)
    begin(running)
    assert listed(client, "status=active") == [waiting, running]
    assert listed(client, "status=pending") == [waiting]
    assert listed(client, "status=processing") == [running]
    assert listed(client, "status=completed") == [ended]
    assert listed(client, "status=failed") == [failed]
    assert listed(client, "type=tts&status=completed") == [ended]
    assert listed(client, "type=tts&status=failed") == []
    assert listed(client, "provider=local_video") == [running]
    assert listed(client, "q=bicycle 100%25 _X_") == [running]
    assert listed(client, "q=%25") == [running], "a percent sign is a percent sign"
    folder = client.get(f"{BASE}/jobs/{ended}").json()["drive_folder_id"]
    assert len(listed(client, f"folder={folder}")) == 4


def test_times_narrow_the_list_from_the_first_up_to_but_without_the_second(api: Api, bob: Membership) -> None:
    client = api(bob)
    early, late = submitted(client, "tts"), submitted(client, "tts")
    complete(early)
    complete(late)
    start = Job.objects.get(pk=early).created_at
    Job.objects.filter(pk=late).update(created_at=start + timedelta(days=1))
    query = {name: (start + timedelta(days=days)).isoformat().replace("+00:00", "Z") for name, days in (("a", 0), ("b", 1))}
    assert listed(client, f"created_after={query['a']}&created_before={query['b']}") == [early]
    assert listed(client, f"created_after={query['b']}") == [late]
    assert len(listed(client, f"completed_after={query['a']}")) == 2
    assert listed(client, f"completed_before={query['a']}") == []


def test_totals_count_all_that_pass_the_filter(api: Api, bob: Membership) -> None:
    client = api(bob)
    for _ in range(3):
        complete(submitted(client))
    fail(submitted(client))
    answer = client.get(f"{BASE}/jobs?limit=1&status=completed&totals=true").json()
    assert (len(answer["results"]), answer["count"], answer["cost_cents"]) == (1, 3, 12)


def pages(client: APIClient, url: str | None, link: str, between: Callable[[], object]) -> list[list[str]]:
    found = []
    while url:
        answer = client.get(url).json()
        found.append([job["id"] for job in answer["results"]])
        url = answer[link]
        between()
    return found


def test_pages_have_no_gaps_or_repeats_while_new_jobs_arrive(api: Api, bob: Membership) -> None:
    client = api(bob)
    made = [submitted(client, "tts") for _ in range(25)]
    spaced(made)
    # Many at the same moment: the id breaks the tie.
    Job.objects.filter(pk__in=made[5:20]).update(created_at=Job.objects.get(pk=made[5]).created_at)
    in_order = [str(pk) for pk in Job.objects.of(bob.user).newest_first().values_list("pk", flat=True)]
    found = pages(client, f"{BASE}/jobs?limit=4&type=tts", "next", lambda: submitted(client, "tts"))
    assert [len(page) for page in found] == [4] * 6 + [1]
    assert [pk for page in found for pk in page] == in_order
    assert len(listed(client, "limit=100")) == 25 + 7


def test_the_way_back_shows_the_same_pages(api: Api, bob: Membership) -> None:
    client = api(bob)
    made = [submitted(client, "tts") for _ in range(10)]
    spaced(made)
    last = client.get(f"{BASE}/jobs?limit=4").json()
    assert last["previous"] is None
    while last["next"]:
        last = client.get(last["next"]).json()
    back = pages(client, last["previous"], "previous", lambda: None)
    assert [pk for page in reversed(back) for pk in page] == made[:1:-1]
