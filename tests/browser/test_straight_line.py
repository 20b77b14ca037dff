"""From login to the file in the folder, as a person goes, in a browser, with every process real."""

import re

import pytest
from playwright.sync_api import Page, Request, Response, expect

from creative_hub.models import Asset
from jobs.models import Job
from tests.browser.conftest import SignIn, log_in
from tests.processes import Stack, wait_until
from wevion.accounts.models import Membership


def open_dialog(page: Page) -> None:
    page.get_by_role("main").get_by_role("link", name="AI Generate").click()
    expect(page.locator("#dialog")).to_be_visible()
    expect(page.get_by_label("Prompt", exact=True)).to_be_focused()


def generate(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_role("button", name="Generate").click()
    expect(page.locator(".job-prompt", has_text=prompt)).to_be_visible()


def test_a_person_generates_an_image_and_finds_it_in_the_folder(sign_in: SignIn, alice: Membership, stack: Stack) -> None:
    page = sign_in(alice)
    seen: list[str] = []
    page.on("response", lambda response: note_statuses(response, seen))
    open_dialog(page)
    assert page.url.endswith("/creative-hub/generate/image")
    page.get_by_label("Variants").select_option("2")
    expect(page.locator("#quote")).to_contain_text("$0.04")
    expect(page.locator("#quote")).to_contain_text("you have $10.00")
    generate(page, "a red bicycle by the sea")

    row = page.locator("li.job")
    expect(row).to_contain_text("IMAGE -- local_image")
    expect(row).to_have_attribute("data-status", "completed", timeout=60_000)
    expect(row).to_contain_text("$0.04")
    expect(row.locator("img")).to_have_count(2)
    expect(page.locator("#jobs-sum")).to_have_text("1 job · $0.04 charged")
    assert seen[0] in ("pending", "processing")
    expect(page.locator("#jobs")).not_to_have_attribute("hx-trigger", re.compile("."))

    with page.context.expect_page() as opened:
        row.get_by_role("link", name="View Result").click()
    asset = Asset.objects.get(item__position=0)
    assert opened.value.url == f"{stack.url}/creative-hub/files/{asset.pk}"
    assert opened.value.locator("img").evaluate("image => image.naturalWidth") == asset.width

    page.keyboard.press("Escape")
    page.wait_for_url("**/creative-hub/")
    expect(page.locator("li.asset")).to_have_count(2)
    expect(page.locator("li.asset img").first).to_have_js_property("complete", True)
    expect(page.locator("li.asset").first).to_contain_text("a red bicycle by the sea")

    page.go_back()
    expect(page.get_by_role("heading", name="AI Generate")).to_be_visible()


def note_statuses(response: Response, seen: list[str]) -> None:
    if "/creative-hub/" in response.url and response.status == 200 and "html" in response.headers.get("content-type", ""):
        seen.extend(re.findall(r'data-status="(\w+)"', response.text()))


def test_a_refused_prompt_fails_kindly_and_can_be_edited_retried_and_hidden(sign_in: SignIn, alice: Membership) -> None:
    page = sign_in(alice)
    open_dialog(page)
    generate(page, "a nude portrait")
    row = page.locator("li.job")
    expect(row).to_have_attribute("data-status", "failed", timeout=60_000)
    for words in ("Not charged", "Reword it"):
        expect(row).to_contain_text(words)
    expect(row.get_by_role("button", name="Retry")).to_have_count(0)

    row.get_by_role("link", name="Edit & resubmit").click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a nude portrait")
    page.get_by_label("Prompt", exact=True).fill("a portrait of a lighthouse")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator("li.job")).to_have_count(2)
    expect(page.locator("li.job[data-status=completed]")).to_have_count(1, timeout=60_000)

    page.get_by_label("Status").select_option("failed")
    expect(page.locator("li.job")).to_have_count(1)
    assert "status=failed" in page.url
    page.reload()
    expect(page.get_by_label("Status")).to_have_value("failed")
    expect(page.locator("li.job")).to_have_count(1)

    page.locator("li.job summary").click()
    page.locator("li.job").get_by_role("button", name="Hide").click()
    expect(page.locator("#jobs")).to_contain_text("out of your list")
    expect(page.locator("li.job")).to_have_count(0)
    page.get_by_label("Status").select_option("")
    expect(page.locator("li.job")).to_have_count(1)


@pytest.mark.processes("web")
def test_what_is_wrong_with_the_form_is_said_in_place(sign_in: SignIn, alice: Membership) -> None:
    page = sign_in(alice)
    open_dialog(page)
    page.get_by_label("Seed").fill("-4")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator("#order-prompt-error")).to_have_text("Please fill this in.")
    expect(page.locator("#order-seed-error")).to_have_text("At least 0.")
    expect(page.get_by_label("Prompt", exact=True)).to_be_focused()
    expect(page.get_by_label("Seed")).to_have_value("-4")
    page.get_by_role("link", name="TTS").click()
    expect(page.get_by_role("textbox", name="Text")).to_be_visible()
    assert page.url.endswith("/creative-hub/generate/tts")
    assert not Job.objects.exists()


def test_the_panel_asks_while_something_is_active_and_says_when_the_session_has_ended(
    sign_in: SignIn, alice: Membership, stack: Stack
) -> None:
    stack.kill("media")  # nothing is rendered until it is back
    page = sign_in(alice)
    open_dialog(page)
    generate(page, "a harbour at night")
    polls: list[Request] = []
    page.on("request", lambda request: polls.append(request) if "v=" in request.url else None)

    page.get_by_label("Prompt", exact=True).fill("half typed")
    with page.expect_response(lambda response: "v=" in response.url, timeout=15_000) as quiet:
        pass
    assert quiet.value.status in (200, 204)
    with page.expect_response(lambda response: "v=" in response.url and response.status == 204, timeout=15_000):
        pass
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("half typed")
    expect(page.get_by_label("Prompt", exact=True)).to_be_focused()

    page.context.clear_cookies()
    ended = page.locator("#toaster", has_text="Your session has ended. What you typed is still here.")
    expect(ended).to_be_visible(timeout=15_000)
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("half typed")
    ended.get_by_role("link", name="Log in").click()
    log_in(page, alice)
    page.wait_for_url("**/creative-hub/generate/image")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("half typed")

    stack.restart("media")
    expect(page.locator("li.job")).to_have_attribute("data-status", "completed", timeout=90_000)
    asked = len(polls)
    page.wait_for_timeout(6_000)
    assert len(polls) == asked
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("half typed")


def test_a_voiceover_plays_in_its_preview_and_in_a_tab_of_its_own(sign_in: SignIn, alice: Membership) -> None:
    page = sign_in(alice)
    page.goto("/creative-hub/generate/tts")
    page.get_by_role("textbox", name="Text").fill("Hello there.")
    page.get_by_role("button", name="Generate").click()
    row = page.locator("li.job")
    expect(row).to_have_attribute("data-status", "completed", timeout=60_000)
    with page.context.expect_page() as opened:
        row.get_by_role("link", name="View Result").click()
    can_play(opened.value, "video, audio")
    row.get_by_role("link", name="View this job").click()
    can_play(page, "#files audio")
    wave = page.locator("#files .wave")
    wave.click(position={"x": wave.evaluate("wave => wave.clientWidth / 2"), "y": 9})
    wait_until(lambda: float(wave.evaluate("wave => wave.style.getPropertyValue('--played') || 0")) >= 0.4, 20, "the middle")
    with page.expect_download() as download:
        page.locator("#files").get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "Hello there.mp3"


def can_play(page: Page, player: str) -> None:
    """The browser has read enough of the file to know how long it is."""
    wait_until(lambda: page.locator(player).evaluate("player => player.duration > 0.3"), 20, "the player")
