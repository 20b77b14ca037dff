"""The panel refreshes itself and leaves alone what the person is doing; and it tells when it cannot, and when a job has ended."""

import re
import subprocess
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from imageio_ffmpeg import get_ffmpeg_exe  # type: ignore[import-untyped]
from playwright.sync_api import Page, expect

from creative_hub.models import Asset, Folder
from jobs import clock
from jobs.models import Item, ItemRun, Job, JobFeed
from tests.browser.conftest import SignIn
from tests.pages.making import fail, make, start
from tests.processes import Stack, wait_until
from wevion.accounts.models import Membership

PANEL = "/creative-hub/jobs"
pytestmark = pytest.mark.processes("web")  # whatever happens to a job is done by the test


def progress(job: Job, percent: int) -> None:
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(progress_percent=percent)
        JobFeed.objects.filter(user=job.user_id).update(version=F("version") + 1)


def poll(page: Page, section: str = "#jobs") -> int:
    """Lets the section ask at once; returns the answer's status."""
    with page.expect_response(lambda response: "v=" in response.url) as answer:
        page.evaluate("section => htmx.trigger(section, 'poll-now')", section)
    answer.value.finished()
    return answer.value.status


def refresh_ten_times(page: Page, running: Job) -> None:
    """Another row changes each time."""
    for _ in range(10):
        percent = Job.objects.values_list("progress_percent", flat=True).get(pk=running.pk) + 1
        progress(running, percent)
        assert poll(page) == 200
        expect(page.locator(f"#job-{running.pk} progress")).to_have_js_property("value", percent)


def test_refreshes_failures_and_a_restart_leave_the_person_in_peace(
    sign_in: SignIn, alice: Membership, stack: Stack, complaints: list[str]
) -> None:
    make(alice, "the oldest of all")  # so that the failed one is not the last row, below which nothing is shown again
    failed = fail(make(alice, "an old failure"))
    for number in range(10):
        make(alice, f"waiting {number}")
    running = start(make(alice, "the running one"))
    page = sign_in(alice)
    page.goto("/creative-hub/generate/image")
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("li.job")).to_have_count(13)
    expect(page).to_have_title(re.compile(r"^\(12\) "))

    old = page.locator(f"#job-{failed.pk}")
    old.locator(".job-tick").check()
    page.locator(".job-tick").nth(2).check()
    expect(page.locator("#several-count")).to_have_text("2 selected")
    prompt = page.get_by_label("Prompt", exact=True)
    prompt.click()
    page.keyboard.type("half typed")
    page.evaluate("window.scrollTo(0, 700)")
    prompt.evaluate("field => { field.focus({ preventScroll: true }); field.setSelectionRange(2, 4) }")
    refresh_ten_times(page, running)
    assert poll(page) == 204
    assert page.evaluate("scrollY") == 700
    expect(prompt).to_be_focused()
    expect(prompt).to_have_value("half typed")
    assert prompt.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 4]
    expect(page.locator(".job-tick:checked")).to_have_count(2)
    expect(page.locator("li.job")).to_have_count(13)

    page.evaluate("() => getSelection().selectAllChildren(document.querySelectorAll('.job-prompt')[3])")
    words = page.evaluate("String(getSelection())")
    menu = old.locator("summary")
    menu.focus()
    page.keyboard.press("Enter")
    refresh_ten_times(page, running)
    expect(menu).to_be_focused()
    expect(old.locator("details")).to_have_js_property("open", True)
    assert page.evaluate("String(getSelection())") == words != ""
    page.keyboard.press("Escape")
    expect(old.locator("details")).to_have_js_property("open", False)

    page.reload()
    expect(page.locator("li.job")).to_have_count(13)  # as many as were shown
    page.goto(PANEL)
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("li.job").nth(10).locator("[data-open]")).to_be_focused()
    old.locator("summary").click()
    stack.kill("web")
    notice = page.locator("#toaster", has_text="Connection lost, trying again")
    page.evaluate("htmx.trigger('#jobs', 'poll-now')")
    expect(notice).to_be_visible()
    old.get_by_role("button", name="Hide").click()
    expect(page.locator("#toaster")).to_contain_text("The server cannot be reached")
    expect(old).to_be_visible()
    stack.restart("web")
    wait_until(stack.answers, 60, "the web server")
    expect(notice).to_have_count(0, timeout=20_000)  # by the poll's own next turn
    progress(running, 80)
    expect(page.locator(f"#job-{running.pk} progress")).to_have_js_property("value", 80, timeout=20_000)
    if not old.locator("details").evaluate("menu => menu.open"):
        old.locator("summary").click()
    old.get_by_role("button", name="Hide").click()
    expect(page.locator("#jobs")).to_contain_text("The job is out of your list")
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#jobs")).to_contain_text("1 job is back in your list")
    page.locator("#tick-all").check()
    expect(page.locator("#several-count")).to_have_text(re.compile("^1[0-9] selected"))
    page.get_by_role("button", name="Hide the selected").click()
    expect(page.locator("#jobs")).to_contain_text("The job is out of your list")
    expect(page.locator("#jobs")).to_contain_text("still running. A job can be hidden when it has ended")
    complaints[:] = [text for text in complaints if "ERR_CONNECTION_RE" not in text and "Failed to fetch" not in text]


def clip(member: Membership, job: Job, tmp_path: Path) -> None:
    """Ends the job's first item with a clip of half a minute, made here; and the job, if that was all of it."""
    made = tmp_path / "clip.mp4"
    source = ["-f", "lavfi", "-i", "testsrc=size=160x120:rate=5:duration=30", "-pix_fmt", "yuv420p"]
    subprocess.run([get_ffmpeg_exe(), "-loglevel", "error", *source, str(made)], check=True)
    with made.open("rb") as opened:
        name = default_storage.save("results/clip.mp4", opened)
    item = Item.objects.get(job=job, position=0)
    with transaction.atomic():
        ItemRun.objects.filter(item=item).delete()
        locked = Job.objects.locked(job.pk)
        item.complete({"file": name})
        root = Folder.objects.root_of(member.user, member.team)
        facts = {"kind": "video", "mime": "video/mp4", "bytes": made.stat().st_size, "sha256": "0" * 64, "duration_seconds": 30}
        Asset.objects.create(team=member.team, owner=member.user, folder=root, item=item, name="clip.mp4", file=name, **facts)
        if job.items.count() == 1:
            locked.complete(2, clock.now())


def test_a_playing_clip_survives_ten_refreshes_of_its_own_page(
    sign_in: SignIn, alice: Membership, stack: Stack, tmp_path: Path
) -> None:
    job = start(make(alice, "two of them", num_variants=2))
    clip(alice, job, tmp_path)
    page = sign_in(alice)
    page.goto(f"{PANEL}/{job.pk}")
    player = page.locator("#files video")
    player.evaluate("player => { player.muted = true; window.kept = player; return player.play() }")
    at = player.evaluate("player => player.currentTime")
    for percent in range(41, 51):
        progress(job, percent)
        assert poll(page, "#job") == 200
        expect(page.locator("#job progress")).to_have_js_property("value", percent)
    wait_until(lambda: player.evaluate("player => player.currentTime") > at, 10, "the clip to go on")
    assert player.evaluate("player => [player.paused, player === window.kept]") == [False, True]


def test_a_row_keeps_its_place_and_its_focus_when_its_job_starts_and_ends(
    sign_in: SignIn, alice: Membership, stack: Stack, tmp_path: Path
) -> None:
    make(alice, "the row below")
    page = sign_in(alice)
    page.goto(PANEL)
    below = page.locator("li.job", has_text="the row below")
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 820})
        pending = make(alice, f"at {width}")
        poll(page)
        place = below.bounding_box()
        view = page.locator(f"#view-{pending.pk}")
        view.focus()
        start(pending)
        poll(page)
        assert below.bounding_box() == place
        clip(alice, pending, tmp_path)
        poll(page)
        expect(page.locator(f"#job-{pending.pk}")).to_have_attribute("data-status", "completed")
        assert below.bounding_box() == place
        expect(view).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{PANEL}/{pending.pk}")


def test_a_job_that_ends_is_told_on_whichever_page(sign_in: SignIn, alice: Membership, stack: Stack, tmp_path: Path) -> None:
    first, second, third = (start(make(alice, f"the {name} one")) for name in ("first", "second", "third"))
    page = sign_in(alice)
    expect(page).to_have_title(re.compile(r"^\(3\) "))
    fail(first)
    poll(page, "#pulse")
    note = page.locator(".toast-note", has_text="Failed, not charged: the first one")
    expect(note).to_be_visible()
    expect(page).to_have_title(re.compile(r"^\(2\) "))
    note.get_by_role("link", name="View").click()
    page.wait_for_url(f"**{PANEL}/{first.pk}")
    expect(page.locator(".toast-note")).to_have_count(0)

    page.goto(f"{PANEL}/{second.pk}")
    clip(alice, second, tmp_path)
    poll(page, "#job")
    expect(page.locator(".toast-note", has_text="Completed: the second one")).to_be_visible()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(f"**{PANEL}/{first.pk}")
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(f"**{PANEL}/{second.pk}")
    fail(third)
    poll(page, "#pulse")
    expect(page).to_have_title(re.compile(r"^✓ "))
