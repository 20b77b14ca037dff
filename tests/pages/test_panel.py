"""The Jobs panel: what each row says, and how it refreshes itself."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from creative_hub.orders import ORDERS
from jobs import admission, clock, submission
from jobs.models import Job, JobFeed
from jobs.views.place import Place
from jobs.waiting import waiting, with_waits
from tests.library.conftest import Put, put
from tests.pages.making import HTMX, fail, made_at, make, page, queries_after_login, start
from wevion.accounts.models import Membership

__all__ = ["put"]  # the fixture

SignIn = Callable[[Membership], Client]
Drain = Callable[[], int]
PANEL = "/creative-hub/jobs"


def version(member: Membership) -> int:
    return JobFeed.version_of(member.user)


def test_a_pending_job_says_when_it_was_submitted_and_what_it_will_cost(alice: Membership, client_of: SignIn) -> None:
    make(alice)
    text = page(client_of(alice).get(PANEL))
    for words in ("<strong>IMAGE</strong> -- <span", "local_image", "a red bicycle", "Pending", "submitted <time", "$0.02"):
        assert words in text
    assert "is-pending" in text
    assert "1 job · $0.00 charged · 1 active" in text


def test_a_processing_job_shows_progress_stage_and_time_left(alice: Membership, client_of: SignIn) -> None:
    start(make(alice))
    text = page(client_of(alice).get(PANEL))
    assert 'value="40" max="100"' in text
    assert "Rendering" in text
    assert "data-left" in text


def test_a_completed_job_shows_cost_duration_thumbnail_and_its_file(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    job = make(alice)
    drain()
    asset = job.items.get().asset
    text = page(client_of(alice).get(PANEL))
    for words in ("Completed", "$0.02", "View Result", "Download", f"/creative-hub/files/{asset.pk}/thumbnail"):
        assert words in text
    assert re.search(r'title="Duration">\d+ s<', text)


def test_a_failed_job_says_why_what_to_do_and_that_nothing_was_charged(alice: Membership, client_of: SignIn) -> None:
    fail(make(alice))
    text = page(client_of(alice).get(PANEL))
    for words in ("Failed", "did not finish within the allowed time", "Try again in a few minutes", "Not charged", "Retry"):
        assert words in text


def test_a_refused_prompt_offers_the_form_filled_in_rather_than_a_retry(alice: Membership, client_of: SignIn) -> None:
    job = fail(make(alice), "content_rejected")
    text = page(client_of(alice).get(PANEL))
    assert "Edit &amp; resubmit" in text
    assert f"/creative-hub/generate/image?again={job.pk}" in text
    assert f"{job.pk}/retry" not in text


def test_a_job_that_waits_too_long_says_so(alice: Membership, client_of: SignIn) -> None:
    job = make(alice)
    with transaction.atomic():
        Job.objects.locked(job.pk).mark_delayed(clock.now())
    assert "taking longer than usual" in page(client_of(alice).get(PANEL))


def test_only_its_submitter_sees_a_job(alice: Membership, bob: Membership, charlie: Membership, client_of: SignIn) -> None:
    job = make(alice, "mine alone")
    for other in (bob, charlie):
        client = client_of(other)
        assert "mine alone" not in page(client.get(PANEL))
        assert client.get(f"{PANEL}/{job.pk}").status_code == 404
        assert client.post(f"{PANEL}/{job.pk}/hide").status_code == 404
        assert client.post(f"{PANEL}/{job.pk}/retry").status_code == 404


def test_an_unchanged_poll_takes_one_query_and_answers_nothing(alice: Membership, client_of: SignIn) -> None:
    for _ in range(10):
        make(alice)
    client = client_of(alice)
    response, queries = queries_after_login(client, f"{PANEL}?v={version(alice)}&n=10")
    assert (response.status_code, queries, response.content) == (204, 1, b"")
    assert not response.templates


def test_a_changed_poll_of_ten_rows_takes_four_queries(alice: Membership, client_of: SignIn) -> None:
    rows = [make(alice) for _ in range(12)]
    fail(rows[11])
    start(rows[10])
    response, queries = queries_after_login(client_of(alice), f"{PANEL}?v=0&n=10")
    assert (response.status_code, queries) == (200, 4)
    assert response.content.count(b'<li id="job-') == 10


def test_the_panel_polls_while_something_is_active_and_then_stops(alice: Membership, client_of: SignIn) -> None:
    job = make(alice)
    client = client_of(alice)
    polling = page(client.get(PANEL, headers=HTMX))
    assert 'hx-trigger="every 5s, poll-now"' in polling
    assert f'hx-get="{PANEL}?v={version(alice)}"' in polling
    fail(job)
    still = page(client.get(f"{PANEL}?v=1", headers=HTMX))
    opening = still[still.index("<section") : still.index(">", still.index("<section"))]
    assert "hx-get" not in opening
    assert "hx-trigger" not in opening


def test_a_filtered_panel_goes_on_polling_for_jobs_that_are_not_shown(alice: Membership, client_of: SignIn) -> None:
    make(alice)
    text = page(client_of(alice).get(f"{PANEL}?status=failed", headers=HTMX))
    assert "No job matches these filters" in text
    assert "every 5s" in text
    assert "status=failed&amp;v=" in text


def prompts(text: str) -> list[str]:
    """Of the rows, from the top."""
    return re.findall(r'class="job-prompt"><a[^>]*>([^<]*)</a>', text)


def test_filters_choose_rows_and_stay_in_the_address(alice: Membership, client_of: SignIn) -> None:
    fail(make(alice, "the failed one"))
    make(alice, "the waiting one, vom Ö bis zum Ü, 100%")
    client = client_of(alice)
    for query, shown in (
        ("status=failed", ["the failed one"]),
        ("status=completed", []),
        ("status=active", ["the waiting one, vom Ö bis zum Ü, 100%"]),
        ("q=WAITING", ["the waiting one, vom Ö bis zum Ü, 100%"]),
        ("q=BIS+ZUM+ü", ["the waiting one, vom Ö bis zum Ü, 100%"]),
        ("q=100%25", ["the waiting one, vom Ö bis zum Ü, 100%"]),
        ("q=%25", ["the waiting one, vom Ö bis zum Ü, 100%"]),
        ("q=t_e", []),
        ("type=image&provider=local_image&status=failed", ["the failed one"]),
        ("type=video", []),
    ):
        assert prompts(page(client.get(f"{PANEL}?{query}"))) == shown, query
    text = page(client.get(f"{PANEL}?status=failed&type=image"))
    assert '<option value="failed" selected>' in text
    assert '<option value="image" selected>' in text


@pytest.mark.parametrize("query", ["type=poem", "status=late", "created_after=soon", "completed_before=x"])
def test_a_filter_that_makes_no_sense_is_refused_by_name(query: str, alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    for headers in ({}, HTMX):
        response = client.get(f"{PANEL}?{query}", headers=headers)
        assert response.status_code == 400
        assert query.partition("=")[0] in page(response)


def address(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found, pattern
    return found[1].replace("&amp;", "&")


def test_load_more_goes_on_below_by_key_and_the_poll_covers_what_is_shown(alice: Membership, client_of: SignIn) -> None:
    now = clock.now()
    for number in range(12):
        made_at(now - timedelta(minutes=20 - number), alice, f"picture {number}")
    client = client_of(alice)
    first = page(client.get(PANEL))
    assert prompts(first) == [f"picture {number}" for number in range(11, 1, -1)]
    make(alice, "a new one")
    more = page(client.get(address(first, r'hx-get="([^"]+)"[^>]*>Load more'), headers=HTMX))
    assert prompts(more) == ["picture 1", "picture 0"]
    assert "Load more" not in more
    upto = address(more, r'id="jobs-upto" type="hidden" name="upto" value="([^"]+)"')
    polled = page(client.get(f"{PANEL}?v=0&upto={upto}", headers=HTMX))
    assert prompts(polled) == ["a new one", *(f"picture {number}" for number in range(11, -1, -1))]
    without_script = page(client.get(address(first, r'href="([^"]+)#jobs-more"[^>]*>Load more')))
    assert prompts(without_script) == prompts(polled)


def test_a_place_that_makes_no_sense_is_ignored(alice: Membership, client_of: SignIn) -> None:
    make(alice, "the one")
    client = client_of(alice)
    for query in ("upto=x", "upto=9999999999999999.00000000000000000000000000000000&more=1", "before=1.2", "n=99999999"):
        assert prompts(page(client.get(f"{PANEL}?{query}"))) == ["the one"], query
    assert prompts(page(client.get(f"{PANEL}?after=x", headers=HTMX))) == []


def test_the_sum_counts_what_the_filter_passes(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    make(alice)
    drain()
    fail(make(alice))
    client = client_of(alice)
    assert "2 jobs · $0.02 charged" in page(client.get(PANEL))
    assert "1 job · $0.00 charged" in page(client.get(f"{PANEL}?status=failed"))


def test_a_retry_is_a_new_job_and_pressing_twice_makes_one(alice: Membership, client_of: SignIn) -> None:
    failed = fail(make(alice))
    client = client_of(alice)
    for _ in range(2):
        assert client.post(f"{PANEL}/{failed.pk}/retry").status_code == 302
    assert list(Job.objects.filter(retry_of=failed).values_list("status", flat=True)) == ["pending"]


def test_a_retry_that_cannot_help_says_why(alice: Membership, client_of: SignIn) -> None:
    rejected = fail(make(alice), "content_rejected")
    client = client_of(alice)
    response = client.post(f"{PANEL}/{rejected.pk}/retry", follow=True)
    assert "would be refused again" in page(response)
    assert not Job.objects.filter(retry_of=rejected).exists()


def test_hiding_takes_the_row_away_and_leaves_the_file(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    job = make(alice)
    drain()
    asset = job.items.get().asset
    client = client_of(alice)
    after = client.post(f"{PANEL}/{job.pk}/hide", {"next": f"{PANEL}?type=image"}, follow=True)
    assert after.redirect_chain == [(f"{PANEL}?type=image", 302)]
    assert f"job-{job.pk}" not in page(after)
    assert client.get(f"/creative-hub/files/{asset.pk}").status_code == 200


def test_a_running_job_cannot_be_hidden(alice: Membership, client_of: SignIn) -> None:
    job = make(alice)
    after = client_of(alice).post(f"{PANEL}/{job.pk}/hide", follow=True)
    assert "still running" in page(after)
    assert f"job-{job.pk}" in page(after)


def test_next_never_leads_away_from_the_site(alice: Membership, client_of: SignIn) -> None:
    job = fail(make(alice))
    response = client_of(alice).post(f"{PANEL}/{job.pk}/hide", {"next": "https://evil.example/"})
    assert response["Location"] == PANEL


def test_a_poll_after_the_session_ended_says_where_to_log_in_and_a_click_goes_there(client: Client, db: None) -> None:
    here = {**HTMX, "HX-Current-URL": "http://testserver/creative-hub/generate/image?status=failed"}
    login = "/login?next=%2Fcreative-hub%2Fgenerate%2Fimage%3Fstatus%3Dfailed"
    poll = client.get(f"{PANEL}?v=3", headers={**here, "X-Poll": "1"})
    assert (poll.status_code, poll["Login-At"], "HX-Redirect" in poll) == (401, login, False)
    click = client.get(PANEL, headers=here)
    assert (click.status_code, click["HX-Redirect"]) == (401, login)


def test_a_form_sent_after_the_session_ended_comes_back_to_the_page_it_stood_on(client: Client, db: None) -> None:
    page_of_the_form = {"Referer": "http://testserver/creative-hub/?q=sea"}
    assert client.post(f"{PANEL}/hide", headers=page_of_the_form)["Location"] == "/login?next=%2Fcreative-hub%2F%3Fq%3Dsea"
    for elsewhere in ("https://evil.example/", "http://[", ""):
        assert client.post(f"{PANEL}/hide", headers={"Referer": elsewhere})["Location"] == "/login?next=%2F"
        assert client.get(PANEL, headers={**HTMX, "HX-Current-URL": elsewhere})["HX-Redirect"] == "/login?next=%2F"


def test_loading_more_leaves_an_address_that_shows_as_much(alice: Membership, client_of: SignIn) -> None:
    now = clock.now()
    made = [made_at(now - timedelta(minutes=13 - number), alice, f"number {number}") for number in range(13)]
    last = Place.of(made[3])
    here = {**HTMX, "HX-Current-URL": "http://testserver/creative-hub/generate/image?status=active&upto=old"}
    more = client_of(alice).get(f"{PANEL}?after={last}&n=10", headers=here)
    address = more["HX-Replace-Url"]
    assert address == f"/creative-hub/generate/image?status=active&upto={last}&more=1"
    assert prompts(page(client_of(alice).get(address))) == [job.prompt for job in reversed(made)]


def test_a_filter_leaves_an_address_of_what_is_chosen_alone(alice: Membership, client_of: SignIn) -> None:
    chosen = f"{PANEL}?q=&status=failed&type=&provider=&when=&since=&until="
    client = client_of(alice)
    form = client.get(chosen, headers={**HTMX, "HX-Source": "form#jobs-filter"})
    assert form["HX-Push-Url"] == f"{PANEL}?status=failed"
    words = client.get(f"{PANEL}?q=sea&type=", headers={**HTMX, "HX-Source": "input#id_q"})
    assert words["HX-Replace-Url"] == f"{PANEL}?q=sea"


def test_a_job_further_back_never_seems_to_start_sooner(alice: Membership, client_of: SignIn, settings: Any) -> None:
    settings.TEAM_SLOTS = 1
    slow = ORDERS["avatar"](data={"script": "Hello there"}, context={"membership": alice})
    slow.is_valid(raise_exception=True)
    submission.submit(alice, slow.order())
    admission.admit()
    jobs = [submission.submit(alice, slow.order()), make(alice, "quick"), make(alice, "quick too")]
    told = {job.pk: waiting(job) for job in with_waits(Job.objects.of(alice.user), alice.user)}
    waits = [told[job.pk] for job in jobs]
    assert [wait.position for wait in waits if wait] == [1, 2, 3]
    seconds = [wait.about_seconds or 0 for wait in waits if wait]
    assert seconds == sorted(seconds)
    assert seconds[0] >= 20  # the avatar before it


def test_the_preview_shows_parameters_timeline_and_media(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    job = make(alice, seed=7)
    drain()
    text = page(client_of(alice).get(f"{PANEL}/{job.pk}"))
    asset = job.items.get().asset
    for words in (
        "Seed",
        '<dd class="lines">7</dd>',
        "Timeline",
        "Submitted; $0.02 held",
        f'<img src="/creative-hub/files/{asset.pk}"',
        str(job.pk),
    ):
        assert words in text
    assert "data-poll" not in text


def test_the_preview_says_the_parameters_as_the_form_does(alice: Membership, client_of: SignIn, put: Put) -> None:
    picture = put(alice, "first.png")
    form = ORDERS["video"](data={"prompt": "waves", "image_url": str(picture.pk)}, context={"membership": alice})
    form.is_valid(raise_exception=True)
    client = client_of(alice)
    text = page(client.get(f"{PANEL}/{submission.submit(alice, form.order()).pk}"))
    link = f'<a class="link" href="/creative-hub/files/{picture.pk}/view">first.png</a>'
    assert f'<dt>Start from an image</dt><dd class="lines">{link}</dd>' in text
    assert '<dt>Duration</dt><dd class="lines">5 seconds</dd>' in text
    characters = [{"name": "Fox", "appearance": "a red fox"}]
    data = {"prompt": "a tale", "scenes": ["One", "Two"], "characters": characters}
    form = ORDERS["story"](data=data, context={"membership": alice})
    form.is_valid(raise_exception=True)
    story = client.get(f"{PANEL}/{submission.submit(alice, form.order()).pk}").content.decode()
    assert "One\nTwo</dd>" in story
    assert "Fox: a red fox</dd>" in story


def test_the_preview_of_a_running_job_refreshes_itself(alice: Membership, client_of: SignIn) -> None:
    job = start(make(alice))
    client = client_of(alice)
    assert f'hx-get="{PANEL}/{job.pk}?v={version(alice)}"' in page(client.get(f"{PANEL}/{job.pk}"))
    assert client.get(f"{PANEL}/{job.pk}?v={version(alice)}", headers=HTMX).status_code == 204


def test_a_page_without_a_list_asks_whether_jobs_have_ended_and_only_while_some_run(
    alice: Membership, bob: Membership, client_of: SignIn
) -> None:
    job = make(alice, "the only one")
    client = client_of(alice)
    assert f'hx-get="{PANEL}/pulse?v={version(alice)}"' in page(client.get("/creative-hub/"))
    response, queries = queries_after_login(client, f"{PANEL}/pulse?v={version(alice)}")
    assert (response.status_code, queries) == (204, 1)
    fail(job)
    response, queries = queries_after_login(client, f"{PANEL}/pulse?v=old")
    told = html.unescape(page(response))
    assert f'"id": "{job.pk}"' in told
    assert '"prompt": "the only one"' in told
    assert "hx-get" not in told
    assert queries == 2
    assert f"{PANEL}/pulse" not in page(client.get("/creative-hub/"))
    assert str(job.pk) not in page(client_of(bob).get(f"{PANEL}/pulse"))


def test_beyond_what_one_page_shows_the_older_jobs_begin_a_list_of_their_own(alice: Membership, client_of: SignIn) -> None:
    start = clock.now()
    Job.objects.bulk_create(
        Job(
            user=alice.user,
            team=alice.team,
            type="image",
            provider="local_image",
            prompt=f"no {number}",
            estimated_cost_cents=1,
            created_at=start - timedelta(minutes=number),
        )
        for number in range(1001)
    )
    client = client_of(alice)
    ninth = Place.of(Job.objects.get(prompt="no 195"))
    text = page(client.get(f"{PANEL}?upto={ninth}&more=1"))
    assert "More than 1000 jobs" in text
    assert prompts(text) == [f"no {number}" for number in range(200)]
    older = page(client.get(address(text, r'href="([^"]+)">Show the older ones')))
    assert prompts(older) == [f"no {number}" for number in range(200, 210)]
    assert "Back to the newest jobs" in older
    assert "1001 jobs · $0.00 charged" in page(client.get(address(text, r'href="([^"]+)"[^>]*>Count them all')))
    _, queries = queries_after_login(client, f"{PANEL}?v=old&upto={ninth}")
    assert queries == 4
