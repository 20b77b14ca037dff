"""The dashboard: right numbers, for the right eyes, in the right days."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jobs import clock, submission
from jobs.models import Job
from jobs.submission import Order
from jobs.usage import DURATIONS, Tally, Usage, usage
from jobs.views.charts import HEIGHT, plot, round_up, share
from tests.api.calling import complete, fail
from tests.pages.making import page
from wevion.accounts.models import Membership, Role

SignIn = Callable[[Membership], Client]
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def ended(
    member: Membership,
    at: datetime,
    cents: int = 25,
    provider: str = "local_image",
    job_type: str = "image",
    seconds: int = 10,
    code: str = "",
) -> Job:
    """A job that ended then: delivered, or failed with the code."""
    job = submission.submit(member, Order(job_type, provider, "x", {}, [cents], 900, 1800))
    fail(str(job.pk), code) if code else complete(str(job.pk))
    with connection.cursor() as cursor:  # past the trigger: a receipt does not change
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE jobs_job DISABLE TRIGGER USER")
        started = None if code else at - timedelta(seconds=seconds)
        Job.objects.filter(pk=job.pk).update(completed_at=at, started_at=started)
        cursor.execute("ALTER TABLE jobs_job ENABLE TRIGGER USER")
    return job


def of(member: Membership, days: int = 7, zone: Any = UTC, team: bool = False, now: datetime = NOON) -> Usage:
    return usage(member.team, None if team else member.user, now, days, zone)


def test_every_day_is_there_and_a_job_counts_on_the_day_it_ended(bob: Membership) -> None:
    ended(bob, NOON)
    ended(bob, NOON - timedelta(days=2), 30)
    ended(bob, NOON - timedelta(days=2), code="provider_timeout")
    found = of(bob)
    assert list(found.days) == [date(2026, 3, day) for day in range(4, 11)]
    assert found.days[date(2026, 3, 10)] == Tally(1, 0, 1, 25)
    assert found.days[date(2026, 3, 8)] == Tally(1, 1, 2, 30)
    assert found.days[date(2026, 3, 9)] == Tally()
    assert found.total == Tally(2, 1, 3, 55)


def test_the_span_before_is_there_to_compare_with_and_in_nothing_else(bob: Membership) -> None:
    ended(bob, NOON)
    ended(bob, NOON - timedelta(days=7), 40, "flux_2_pro")
    ended(bob, NOON - timedelta(days=9), code="rate_limited")
    ended(bob, NOON - timedelta(days=14), 99)
    found = of(bob)
    assert found.before == Tally(1, 1, 2, 40)
    assert found.total == Tally(1, 0, 1, 25)
    assert set(found.providers) == {"local_image"}
    assert found.failures == {}
    assert len(found.durations) == 1


def test_it_is_split_by_type_and_provider_and_reason(bob: Membership) -> None:
    ended(bob, NOON, 25, "flux_2_pro")
    ended(bob, NOON, 90, "luma_ray3", "video")
    ended(bob, NOON, 25, "flux_2_pro", code="content_rejected")
    ended(bob, NOON, 25, "flux_2_pro", code="content_rejected")
    ended(bob, NOON, 25, "flux_2_pro", code="provider_error")
    found = of(bob)
    assert found.providers == {"luma_ray3": Tally(1, 0, 1, 90), "flux_2_pro": Tally(1, 3, 4, 25)}
    assert list(found.providers) == ["luma_ray3", "flux_2_pro"], "the costliest first"
    assert found.types == {"video": Tally(1, 0, 1, 90), "image": Tally(1, 3, 4, 25)}
    assert found.failures == {"content_rejected": 2, "provider_error": 1}


def test_durations_are_of_delivered_jobs_half_and_nine_of_ten(bob: Membership) -> None:
    for seconds in range(10, 111, 10):
        ended(bob, NOON, seconds=seconds)
    ended(bob, NOON, code="provider_timeout")
    (duration,) = of(bob).durations
    assert (duration.jobs, duration.half_seconds, duration.most_seconds) == (11, 60, 100)


def test_a_day_begins_where_the_person_is_and_summer_time_changes_nothing(bob: Membership) -> None:
    zone = ZoneInfo("Europe/Paris")
    ended(bob, datetime(2026, 3, 28, 23, 30, tzinfo=UTC))  # 0:30 on the 29th, the day with 23 hours
    ended(bob, datetime(2026, 3, 29, 22, 30, tzinfo=UTC))  # 0:30 on the 30th, summer time
    found = of(bob, zone=zone, now=datetime(2026, 3, 30, 9, tzinfo=UTC))
    assert [day for day, tally in found.days.items() if tally.jobs] == [date(2026, 3, 29), date(2026, 3, 30)]


def test_hidden_jobs_count_for_they_were_paid_for(bob: Membership) -> None:
    job = ended(bob, NOON)
    submission.hide(bob.user, Job.objects.get(pk=job.pk))
    assert of(bob).total.cost_cents == 25


def test_one_sees_ones_own_and_the_team_together_and_no_stranger(alice: Membership, bob: Membership, charlie: Membership) -> None:
    ended(alice, NOON, 10)
    ended(bob, NOON, 20)
    ended(charlie, NOON, 40)
    assert [of(member).total.cost_cents for member in (alice, bob, charlie)] == [10, 20, 40]
    assert of(alice, team=True).total.cost_cents == 30


def test_the_team_is_for_those_who_may_see_its_billing(
    alice: Membership, bob: Membership, vera: Membership, client_of: SignIn
) -> None:
    ended(alice, clock.now(), 30)
    for member in (bob, vera):
        client = client_of(member)
        assert client.get("/dashboard?of=team").status_code == 403
        text = page(client.get("/dashboard"))
        assert "Whole team" not in text
        assert "No job has ended" in text
    vera.role = Role.FINANCE
    vera.save()
    text = page(client_of(vera).get("/dashboard?of=team"))
    assert "<strong>$0.30</strong>" in text


def test_the_page_tells_the_numbers_to_those_who_do_not_see_the_plots(bob: Membership, client_of: SignIn) -> None:
    now = clock.now()
    ended(bob, now, 25)
    ended(bob, now, code="content_rejected")
    text = page(client_of(bob).get("/dashboard?days=7"))
    today = f"{now.day} {now:%b}"
    assert f"<title>{today}: $0.25</title>" in text
    assert f"<title>{today}: 1 delivered, 1 failed</title>" in text
    row = f'<th scope="row">{today}</th><td class="amount">$0.25</td><td class="amount">1</td><td class="amount">1</td>'
    assert text.count(row) == 2, "each plot has its table"
    assert "safety filter refused" in text
    assert text.count('role="img" aria-labelledby=') == 2


@pytest.mark.parametrize(("query", "days"), [("", 30), ("?days=7", 7), ("?days=90", 90), ("?days=31", 30), ("?days=x", 30)])
def test_the_span_is_one_of_three(query: str, days: int, bob: Membership, client_of: SignIn) -> None:
    ended(bob, clock.now())
    answer = client_of(bob).get(f"/dashboard{query}")
    assert answer.context["days"] == days
    assert len(answer.context["rows"]) == days


@pytest.mark.parametrize(
    ("cookie", "zone"), [("Europe/Paris", "Europe/Paris"), ("America", "UTC"), ("../../etc/passwd", "UTC"), ("Nowhere", "UTC")]
)
def test_the_zone_is_the_persons_if_their_browser_said_a_real_one(
    cookie: str, zone: str, bob: Membership, client_of: SignIn
) -> None:
    client = client_of(bob)
    client.cookies["tz"] = cookie
    assert client.get("/dashboard").context["zone"] == zone


def test_two_statements_take_all_the_numbers_out_of_the_jobs(bob: Membership, client_of: SignIn) -> None:
    for cents in range(1, 8):
        ended(bob, clock.now(), cents)
    client = client_of(bob)
    with CaptureQueriesContext(connection) as caught:
        client.get("/dashboard?days=90")
    assert sum("GROUP BY" in query["sql"] and "completed_at >=" in query["sql"] for query in caught) == 2
    assert len(caught) <= 11


def test_the_numbers_come_from_an_index_range(bob: Membership) -> None:
    values: dict[str, Any] = {"team": bob.team_id, "start": NOON, "end": NOON, "delivered": ["completed"]}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("DROP INDEX job_usual")  # in an empty table all indexes cost the same; rolled back with the test
        cursor.execute("EXPLAIN " + DURATIONS.format(whose="team_id = %(team)s"), values)
        plan = " ".join(line for (line,) in cursor.fetchall())
    assert "job_ended" in plan


@pytest.mark.parametrize(
    ("value", "top"), [(0, 2), (1, 2), (3, 4), (9, 10), (10, 10), (11, 20), (55, 60), (101, 200), (999, 1000)]
)
def test_a_scale_ends_at_a_round_even_number(value: int, top: int) -> None:
    assert round_up(value) == top


def test_bars_stay_in_the_plot_and_something_is_never_drawn_as_nothing() -> None:
    drawn = plot(["a", "b", "c"], [1000, 1, 0], [0, 3, 900], str)
    bars = [bar for column in drawn.columns for bar in (column.up, column.down) if bar]
    assert len(bars) == 4
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT and bar.height >= 1.5 for bar in bars)
    assert share(0, 10) == 0
    assert share(1, 100_000) == 1
