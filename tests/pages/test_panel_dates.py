"""Days in the panel: whole ones, in the time zone of who looks; and how far back a search goes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from jobs import clock
from jobs.models import Job
from tests.pages.making import made_at, make, page
from tests.pages.test_panel import prompts
from wevion.accounts.models import Membership

SignIn = Callable[[Membership], Client]
PANEL = "/creative-hub/jobs"


@pytest.mark.parametrize(
    ("zone", "query", "shown"),
    [
        ("", "since=2026-03-10&until=2026-03-10", ["late", "early"]),
        ("UTC", "since=2026-03-10", ["next", "late", "early"]),
        ("UTC", "until=2026-03-10", ["late", "early", "before"]),
        ("Asia/Tokyo", "since=2026-03-10&until=2026-03-10", ["early", "before"]),
        ("America/New_York", "since=2026-03-10&until=2026-03-10", ["next", "late"]),
        ("No/Where", "since=2026-03-10&until=2026-03-10", ["late", "early"]),
        ("../../etc/passwd", "since=2026-03-10&until=2026-03-10", ["late", "early"]),
        ("UTC", "since=2026-03-10&until=2026-03-10&when=today", ["late", "early"]),
    ],
)
def test_both_days_are_included_and_begin_at_the_persons_midnight(
    zone: str, query: str, shown: list[str], alice: Membership, client_of: SignIn
) -> None:
    for prompt, day, hour in (("before", 9, 16), ("early", 10, 1), ("late", 10, 23), ("next", 11, 2)):
        made_at(datetime(2026, 3, day, hour, tzinfo=UTC), alice, prompt)
    client = client_of(alice)
    client.cookies["tz"] = zone
    text = page(client.get(f"{PANEL}?{query}"))
    assert prompts(text) == shown
    assert f"midnight in {zone if zone.startswith(('Asia', 'America')) else 'UTC'}." in text


@pytest.mark.parametrize("query", ["since=soon", "until=2026-02-30", "since=0001-01-01", "until=9999-12-31", "when=ever"])
def test_a_day_that_makes_no_sense_is_refused_by_name(query: str, alice: Membership, client_of: SignIn) -> None:
    response = client_of(alice).get(f"{PANEL}?{query}")
    assert response.status_code == 400
    assert f"{query.partition('=')[0]}: " in page(response)


def test_quick_choices_count_back_from_today(alice: Membership, client_of: SignIn) -> None:
    now = clock.now()
    for days in (0, 5, 20, 60):
        made_at(now - timedelta(days=days), alice, f"{days} days")
    client = client_of(alice)
    assert prompts(page(client.get(f"{PANEL}?when=today"))) == ["0 days"]
    assert prompts(page(client.get(f"{PANEL}?when=7"))) == ["0 days", "5 days"]
    assert prompts(page(client.get(f"{PANEL}?when=30"))) == ["0 days", "5 days", "20 days"]
    assert prompts(page(client.get(f"{PANEL}?when=month")))[0] == "0 days"
    assert "60 days" not in prompts(page(client.get(f"{PANEL}?when=month")))


def test_a_search_looks_back_ninety_days_unless_dates_are_given_and_says_so(alice: Membership, client_of: SignIn) -> None:
    made_at(clock.now() - timedelta(days=100), alice, "an old bicycle")
    make(alice, "a new bicycle")
    client = client_of(alice)
    text = page(client.get(f"{PANEL}?q=bicycle"))
    assert prompts(text) == ["a new bicycle"]
    assert "Searched in the last 90 days" in text
    dated = page(client.get(f"{PANEL}?q=bicycle&since=2020-01-01"))
    assert prompts(dated) == ["a new bicycle", "an old bicycle"]
    assert "Searched in" not in dated
    assert "Searched in" not in page(client.get(PANEL))


def test_exact_times_are_written_in_the_persons_time_zone(alice: Membership, client_of: SignIn) -> None:
    made_at(datetime(2026, 1, 10, 12, 30, tzinfo=UTC), alice, "the one")
    client = client_of(alice)
    assert "10 Jan 2026, 12:30:00 UTC" in page(client.get(PANEL))
    client.cookies["tz"] = "Europe/Paris"
    assert "10 Jan 2026, 13:30:00 CET" in page(client.get(PANEL))


def test_neighbours_are_those_of_the_list_that_the_job_was_opened_from(alice: Membership, client_of: SignIn) -> None:
    now = clock.now()
    for number in range(4):
        made_at(now - timedelta(minutes=number), alice, f"{'red' if number % 2 else 'blue'} {number}")
    third, client = Job.objects.get(prompt="blue 2"), client_of(alice)
    ids = {job.prompt: str(job.pk) for job in Job.objects.all()}
    plain = page(client.get(f"{PANEL}/{third.pk}"))
    assert f'rel="prev" href="{PANEL}/{ids["red 1"]}"' in plain
    assert f'rel="next" href="{PANEL}/{ids["red 3"]}"' in plain
    filtered = page(client.get(f"{PANEL}/{third.pk}?q=blue"))
    assert f'rel="prev" href="{PANEL}/{ids["blue 0"]}?q=blue"' in filtered
    assert 'rel="next"' not in filtered
    assert f'href="{PANEL}?q=blue"' in filtered
    assert client.get(f"{PANEL}/{third.pk}?since=never").status_code == 200
