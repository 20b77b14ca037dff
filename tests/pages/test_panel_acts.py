"""What is done to jobs from the panel: downloads, hiding and its way back, retries, cancelling; one by one and together."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.test import Client

from creative_hub.models import Asset, Folder
from jobs import bulk, clock
from jobs.models import FAILURES, CreditAccount, Item, Job
from tests.pages.making import HTMX, fail, make, page, start
from wevion.accounts.models import Membership

SignIn = Callable[[Membership], Client]
Drain = Callable[[], int]
PANEL = "/creative-hub/jobs"


def unzipped(response: Any) -> dict[str, bytes]:
    """The contents of a zip that was sent as a stream."""
    assert response.streaming
    with zipfile.ZipFile(io.BytesIO(response.getvalue())) as found:
        assert found.testzip() is None
        assert {entry.compress_type for entry in found.infolist()} == {zipfile.ZIP_STORED}
        return {name: found.read(name) for name in found.namelist()}


def test_all_files_of_a_job_come_as_one_zip_with_a_manifest(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    job = make(alice, "=a red bicycle", num_variants=2)
    drain()
    response = client_of(alice).get(f"{PANEL}/{job.pk}/zip")
    assert "a%20red%20bicycle.zip" in response["Content-Disposition"] or "a red bicycle.zip" in response["Content-Disposition"]
    files = unzipped(response)
    rows = json.loads(files.pop("manifest.json"))
    table = list(csv.DictReader(io.StringIO(files.pop("manifest.csv").decode("utf-8-sig"))))
    assert [row["file"] for row in rows] == list(files) == [row["file"] for row in table]
    assert [row["sha256"] for row in rows] == [hashlib.sha256(content).hexdigest() for content in files.values()]
    assert {(row["job_id"], row["type"], row["prompt"], row["cost_cents"]) for row in rows} == {
        (str(job.pk), "image", "=a red bicycle", 2)
    }
    assert table[0]["prompt"] == "'=a red bicycle"


def test_the_ticked_jobs_are_downloaded_together_and_what_is_missing_is_named(
    alice: Membership, client_of: SignIn, drain: Drain
) -> None:
    one, two, three = make(alice, "the same words"), make(alice, "the same words"), make(alice, "binned")
    drain()
    failed = fail(make(alice))
    Asset.objects.get(item__job=two).file.storage.delete(str(Asset.objects.get(item__job=two).file))
    Asset.objects.filter(item__job=three).update(deleted_at=clock.now())
    again = make(alice, "the same words")
    drain()
    elsewhere = Folder.objects.create(team=alice.team, owner=alice.user, parent=Folder.objects.get(), name="Elsewhere")
    Asset.objects.filter(item__job=one).update(name="same.png")
    Asset.objects.filter(item__job=again).update(name="same.png", folder=elsewhere)
    chosen = {"job": [str(job.pk) for job in (one, two, three, failed, again)] + ["no id"]}
    files = unzipped(client_of(alice).post(f"{PANEL}/download", chosen))
    rows = {row["job_id"]: row for row in json.loads(files["manifest.json"])}
    assert len(rows) == 5
    assert rows[str(two.pk)]["note"] == "The file is no longer in storage."
    assert rows[str(three.pk)]["note"] == rows[str(failed.pk)]["note"] == "No file: the job has none in the library."
    assert {name.partition(".")[0] for name in files} == {"manifest", "same", "same (2)"}


def test_what_an_admin_took_down_is_neither_shown_nor_downloaded(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    job = make(alice)
    drain()
    Asset.objects.filter(item__job=job).update(taken_down_at=clock.now(), taken_down_for="a brand's mark")
    client = client_of(alice)
    text = page(client.get(f"{PANEL}/{job.pk}"))
    assert "An admin took down what this job made: a brand&#x27;s mark" in text
    assert "View Result" not in text
    assert "no file to download" in page(client.get(f"{PANEL}/{job.pk}/zip", follow=True))


def test_all_that_match_the_filter_means_the_filter_and_only_ones_own(
    alice: Membership, bob: Membership, client_of: SignIn, drain: Drain
) -> None:
    make(alice, "red one")
    make(alice, "blue one")
    make(bob, "red of bob")
    drain()
    everything = {"all": "1", "filter": "q=red"}
    rows = json.loads(unzipped(client_of(alice).post(f"{PANEL}/download", everything))["manifest.json"])
    assert [row["prompt"] for row in rows] == ["red one"]
    after = client_of(alice).post(f"{PANEL}/hide", everything, follow=True)
    assert "The job is out of your list" in page(after)
    assert list(Job.objects.filter(hidden_at=None).order_by("prompt").values_list("prompt", flat=True)) == [
        "blue one",
        "red of bob",
    ]


def test_a_stranger_and_a_teammate_get_nothing_of_ones_jobs(
    alice: Membership, bob: Membership, charlie: Membership, client_of: SignIn, drain: Drain
) -> None:
    job = make(alice)
    drain()
    client_of(alice).post(f"{PANEL}/hide", {"job": str(job.pk)})
    hidden_at = Job.objects.get().hidden_at
    assert hidden_at
    for other in (bob, charlie):
        client = client_of(other)
        assert client.get(f"{PANEL}/{job.pk}/zip").status_code == 404
        assert client.post(f"{PANEL}/{job.pk}/cancel").status_code == 404
        for act in ("download", "hide", "retry"):
            assert "Tick the jobs first" in page(client.post(f"{PANEL}/{act}", {"job": str(job.pk)}, follow=True)), act
        assert "nothing to take back" in page(client.post(f"{PANEL}/unhide", {"at": hidden_at.isoformat()}, follow=True))
    assert Job.objects.get().hidden_at == hidden_at


def test_too_many_jobs_at_once_are_refused_with_the_limit(alice: Membership, client_of: SignIn) -> None:
    Job.objects.bulk_create(
        Job(user=alice.user, team=alice.team, type="image", provider="local_image", estimated_cost_cents=1) for _ in range(501)
    )
    after = client_of(alice).post(f"{PANEL}/hide", {"all": "1", "filter": ""}, follow=True)
    assert "more than 500 jobs" in page(after)
    assert not Job.objects.exclude(hidden_at=None).exists()


def test_hiding_can_be_taken_back_as_one_act(alice: Membership, client_of: SignIn) -> None:
    jobs = [fail(make(alice, f"no {number}")) for number in range(3)]
    running = make(alice, "running")
    client = client_of(alice)
    client.post(f"{PANEL}/{jobs[2].pk}/hide")
    Job.objects.filter(pk=jobs[2].pk).update(hidden_at=clock.now() - timedelta(minutes=1))
    after = page(client.post(f"{PANEL}/hide", {"job": [str(job.pk) for job in (*jobs, running)]}, headers=HTMX, follow=True))
    assert "2 jobs are out of your list" in after
    assert "The job is still running" in after
    undo = re.search(r'name="at" value="([^"]+)"', after)
    assert undo
    back = page(client.post(f"{PANEL}/unhide", {"at": undo[1]}, follow=True))
    assert "2 jobs are back in your list" in back
    assert set(Job.objects.of(alice.user)) == {jobs[0], jobs[1], running}
    for nonsense in ("", "soon", "2026-99-99T00:00:00", undo[1]):
        assert "nothing to take back" in page(client.post(f"{PANEL}/unhide", {"at": nonsense}, follow=True))


def test_hidden_jobs_are_found_looked_at_and_shown_again(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    seen, *rest = [fail(make(alice, f"no {number}")) for number in range(4)]
    theirs = fail(make(bob, "theirs"))
    client = client_of(alice)
    for job in rest:
        client.post(f"{PANEL}/{job.pk}/hide")
    client_of(bob).post(f"{PANEL}/{theirs.pk}/hide")
    listed = client.get(f"{PANEL}?status=hidden")
    assert {job.pk for job in listed.context["jobs"]} == {job.pk for job in rest}
    assert "Show again" in page(listed)
    for job in rest:
        assert client.get(f"{PANEL}/{job.pk}?status=hidden").status_code == 200
        assert client.get(f"/creative-hub/generate/image?again={job.pk}").status_code == 200
    assert client.get(f"{PANEL}/{theirs.pk}").status_code == 404
    assert client.get(f"/creative-hub/generate/image?again={theirs.pk}").status_code == 404

    one = page(client.post(f"{PANEL}/unhide", {"job": [str(rest[0].pk), str(theirs.pk), str(seen.pk)]}, follow=True))
    assert "1 job is back in your list" in one
    assert set(Job.objects.of(alice.user)) == {seen, rest[0]}
    assert "nothing to take back" in page(client.post(f"{PANEL}/unhide", {"job": str(seen.pk)}, follow=True))
    assert "Tick the jobs first" in page(client.post(f"{PANEL}/unhide", {"job": str(theirs.pk)}, follow=True))
    every = page(client.post(f"{PANEL}/unhide", {"all": "1", "filter": "status=hidden"}, follow=True))
    assert "2 jobs are back in your list" in every
    assert not Job.objects.hidden_of(alice.user).exists()
    assert Job.objects.hidden_of(bob.user).exists()
    assert "No hidden job is here" in page(client.get(f"{PANEL}?status=hidden"))


def test_several_are_retried_after_the_price_was_agreed_to(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    done = make(alice)
    drain()
    failed = [fail(make(alice, f"no {number}")) for number in range(3)]
    refused, running = fail(make(alice), "content_rejected"), make(alice)
    client = client_of(alice)
    client.post(f"{PANEL}/{failed[2].pk}/retry")
    count = Job.objects.count()
    chosen = {"job": [str(job.pk) for job in (done, *failed, refused, running)], "next": PANEL}
    asked = page(client.post(f"{PANEL}/retry", chosen))
    assert "<strong>2 jobs</strong> will be submitted again" in asked
    assert "$0.04" in asked
    for left_out in ("1 job: retried already", "1 job: still running", "1 job: completed", "1 job: would be refused again"):
        assert left_out in asked
    assert Job.objects.count() == count
    cheap = page(client.post(f"{PANEL}/retry", chosen | {"agreed": "1"}))
    assert "The price has changed" in cheap
    assert Job.objects.count() == count
    after = page(client.post(f"{PANEL}/retry", chosen | {"agreed": "4"}, follow=True))
    assert "2 jobs submitted again" in after
    assert Job.objects.filter(retry_of__in=failed[:2]).count() == 2


def test_a_bulk_retry_ends_where_the_credit_does_and_says_so(alice: Membership, client_of: SignIn) -> None:
    failed = [fail(make(alice, f"no {number}")) for number in range(2)]
    CreditAccount.objects.filter(team=alice.team).update(posted_cents=3)
    chosen = {"job": [str(job.pk) for job in failed], "next": PANEL}
    client = client_of(alice)
    assert "does not cover all of them" in page(client.post(f"{PANEL}/retry", chosen))
    after = page(client.post(f"{PANEL}/retry", chosen | {"agreed": "4"}, follow=True))
    assert "1 job submitted again" in after
    assert "1 job not submitted, and not charged" in after
    assert Job.objects.filter(retry_of__in=failed).count() == 1


def test_who_may_only_look_can_retry_nothing(vera: Membership, client_of: SignIn) -> None:
    assert client_of(vera).post(f"{PANEL}/retry", {"job": []}).status_code == 403


def test_acts_change_nothing_by_a_link(alice: Membership, client_of: SignIn) -> None:
    job = fail(make(alice))
    client = client_of(alice)
    for path in ("hide", "unhide", "retry", "download", f"{job.pk}/hide", f"{job.pk}/retry", f"{job.pk}/cancel"):
        assert client.get(f"{PANEL}/{path}").status_code == 405, path


def test_a_job_of_the_five_types_cannot_be_cancelled(alice: Membership, client_of: SignIn) -> None:
    job = make(alice)
    client = client_of(alice)
    assert f"{job.pk}/cancel" not in page(client.get(PANEL))
    assert "runs to its end" in page(client.post(f"{PANEL}/{job.pk}/cancel", follow=True))
    assert Job.objects.get().status == "pending"


def test_a_cancelled_job_says_so_and_that_nothing_was_charged(alice: Membership, client_of: SignIn) -> None:
    job = make(alice)
    with transaction.atomic():
        Job.objects.locked(job.pk).cancel(clock.now(), "Cancelled before it finished")
    text = page(client_of(alice).get(PANEL))
    assert "Cancelled by you" in text
    assert "Not charged" in text
    assert f"{job.pk}/retry" in text


def test_a_partial_job_shows_its_files_and_names_what_failed(alice: Membership, client_of: SignIn, drain: Drain) -> None:
    other = make(alice)
    drain()
    delivered = Asset.objects.get(item__job=other)
    job = start(make(alice, num_variants=2))
    kept, lost = job.items.order_by("position")
    with transaction.atomic():
        kept.complete(dict(other.items.get().result or {}))
        lost.fail("provider_error", FAILURES["provider_error"].text)
        Job.objects.locked(job.pk).complete_in_part(2, clock.now())
    Asset.objects.filter(pk=delivered.pk).update(item=Item.objects.get(pk=kept.pk))
    client = client_of(alice)
    text = page(client.get(f"{PANEL}?status=partial"))
    for words in ("Partly completed", "1 of 2 parts could not be made", f"Part 2: {lost.error_message}", "$0.02", "View Result"):
        assert words in text
    assert f"job-{job.pk}" in page(client.get(f"{PANEL}?status=completed"))
    assert "1 file" in page(client.get(f"{PANEL}/{job.pk}"))


def test_hiding_twice_leaves_the_first_act_as_it_was(alice: Membership) -> None:
    jobs = [fail(make(alice)) for _ in range(2)]
    hidden = bulk.hide(jobs)
    assert (hidden.count, hidden.still_active) == (2, 0)
    first = hidden.at - timedelta(seconds=1)  # a test is one transaction, whose clock stands still
    Job.objects.update(hidden_at=first)
    again = bulk.hide(jobs)  # pressed twice: they are hidden, and stay so since the first time
    assert (again.count, again.at) == (2, first)
    assert set(Job.objects.values_list("hidden_at", flat=True)) == {first}
    assert bulk.take_back(alice.user, again.at.isoformat()) == 2
