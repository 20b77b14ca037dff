"""How long a job will probably take: the catalog's figure at first, and then what jobs have taken here."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from creative_hub import catalog
from jobs import clock, durations, sweeper
from jobs.models import Job, UsualTime
from jobs.models.usual import FEWEST_JOBS, LATEST_JOBS
from tests.api.calling import BASE, BODIES, Api, begin, submitted
from tests.pages.making import page
from wevion.accounts.models import Membership

CATALOG = catalog.model("local_image").typical_seconds


def took(member: Membership, seconds: Iterable[int], days_ago: int = 0, **fields: Any) -> None:
    """Completed images of the past, the first of them the oldest."""
    now = clock.now() - timedelta(days=days_ago)
    past = {"user": member.user, "team": member.team, "type": "image", "provider": "local_image", "status": "completed"}
    past |= {"estimated_cost_cents": 2, "progress_percent": 100} | fields
    seconds = list(seconds)
    ends = [now - timedelta(minutes=len(seconds) - at) for at in range(len(seconds))]
    Job.objects.bulk_create(
        Job(created_at=end, started_at=end - timedelta(seconds=each), completed_at=end, **past)
        for each, end in zip(seconds, ends, strict=True)
    )


def a_minute_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweeper measures, and this process reads anew."""
    for name in ("_measured_at", "_read_at"):
        monkeypatch.setattr(durations, name, getattr(durations, name) - durations.EVERY_SECONDS)
    sweeper.sweep()


def quoted(client: Any) -> dict[str, int]:
    eta: dict[str, int] = client.post(f"{BASE}/quote", {"type": "image"} | BODIES["image"]).json()["eta_seconds"]
    return eta


def test_the_api_the_form_and_the_panel_tell_what_jobs_have_taken_here(
    api: Api, bob: Membership, charlie: Membership, client_of: Callable[[Membership], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    program, browser = api(bob), client_of(bob)
    took(charlie, range(601, 600 + FEWEST_JOBS))
    a_minute_later(monkeypatch)
    assert quoted(program) == {"p50": CATALOG[0], "p90": CATALOG[1]}, "of nineteen jobs nothing is concluded"

    took(charlie, [620])
    a_minute_later(monkeypatch)
    assert quoted(program) == {"p50": 611, "p90": 619}
    assert "usually 10 min 11 s to 10 min 19 s" in page(browser.get("/creative-hub/generate/image"))
    job_id = submitted(program)
    assert program.get(f"{BASE}/jobs/{job_id}").json()["eta_seconds"] == {"p50": 611, "p90": 619}
    begin(job_id)
    assert "about 10 min left" in page(browser.get("/creative-hub/jobs"))
    assert "10 min 11 s to 10 min 19 s" in page(browser.get("/help"))


def test_only_the_latest_completed_jobs_of_the_type_and_provider_count(bob: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    took(bob, [9000] * 30 + [50] * LATEST_JOBS, days_ago=1)
    took(bob, [7000] * 30, status="failed", progress_percent=0, error_code="provider_timeout", error_message="Too late.")
    took(bob, [800] * 30, provider="flux_2_pro")
    took(bob, [0] * 30, type="story")
    a_minute_later(monkeypatch)
    measured = set(UsualTime.objects.values_list("type", "provider", "half_seconds", "most_seconds", "jobs"))
    assert measured == {
        ("image", "local_image", 50, 50, 200),
        ("image", "flux_2_pro", 800, 800, 30),
        ("story", "local_image", 1, 1, 30),
    }
    took(bob, [90] * LATEST_JOBS)
    a_minute_later(monkeypatch)
    assert durations.usual_seconds("image", "local_image") == (90, 90)


def test_it_is_measured_and_read_once_a_minute_and_not_for_each_request(
    bob: Membership, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    took(bob, [33] * FEWEST_JOBS)
    a_minute_later(monkeypatch)
    assert durations.usual_seconds("image", "local_image") == (33, 33)
    UsualTime.objects.update(half_seconds=1)
    with django_assert_num_queries(0):
        durations.measure_if_due()
        assert durations.usual_seconds("image", "local_image") == (33, 33)
        assert durations.usual_seconds("image", "gpt_image_1_5") == catalog.model("gpt_image_1_5").typical_seconds
