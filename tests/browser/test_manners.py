"""Small manners of the pages: notes are seen, Back goes back, a choice stays chosen, and nobody is led to a closed door."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from creative_hub import campaigns
from creative_hub.models import CampaignDraft
from tests.browser.conftest import Visit
from tests.library.conftest import Put, put
from tests.pages.making import fail, make
from wevion.accounts.models import Membership, Role

__all__ = ["put"]  # the fixture

HUB = "/creative-hub/"


def toast(page: Page, text: str) -> None:
    page.evaluate("text => document.dispatchEvent(new CustomEvent('toast', { detail: { text } }))", text)


def test_notes_outlive_the_dialog_in_which_they_were_shown(visit: Visit, alice: Membership, put: Put) -> None:
    put(alice, "sea.png")
    page = visit(alice, HUB)
    page.get_by_label("Select sea.png").check()
    dialog = page.locator("#library-dialog")
    page.get_by_role("button", name="Rename").click()
    expect(dialog).to_be_visible()
    toast(page, "in the dialog")
    expect(dialog.locator(".toast-note")).to_have_text("in the dialog×")
    dialog.get_by_role("button", name="Cancel").or_(dialog.get_by_role("link", name="Cancel")).click()
    expect(dialog).to_be_hidden()
    expect(page.locator(".toast-note")).to_be_visible()
    page.get_by_role("button", name="Move").click()
    expect(dialog.get_by_role("heading", name="Move sea.png")).to_be_visible()
    toast(page, "a second one")
    expect(page.locator(".toast-note")).to_have_text(["in the dialog×", "a second one×"])


def test_one_press_of_back_leaves_a_search(visit: Visit, alice: Membership) -> None:
    for prompt in ("a red boat", "a green hill"):
        fail(make(alice, prompt))
    page = visit(alice, "/creative-hub/jobs")
    page.get_by_label("Status").select_option("failed")
    page.wait_for_url("**/jobs?status=failed")
    with page.expect_response(lambda answer: "q=red" in answer.url):
        page.get_by_label("Search in prompts").press_sequentially("red")
    page.wait_for_url("**/jobs?status=failed&q=red")
    with page.expect_response(lambda answer: "q=red" in answer.url):
        page.get_by_label("Search in prompts").press("Tab")  # the field tells of its change only now
    expect(page.locator("li.job")).to_have_count(1)
    page.go_back()
    expect(page).to_have_url(re.compile(r"/jobs(\?status=failed)?$"))
    expect(page.locator("li.job")).to_have_count(2)


def test_a_theme_chosen_beside_the_profile_is_the_one_that_is_saved(visit: Visit, alice: Membership) -> None:
    page = visit(alice, "/settings/profile")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_class("dark")
    expect(page.locator("input[name=theme][value=dark]")).to_be_checked()
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_load_state()
    expect(page.locator("html")).to_have_class("dark")


@pytest.mark.parametrize(("status", "said"), [(429, "Too many requests in a short time."), (503, "did not answer")])
def test_the_order_form_says_what_was_answered(
    visit: Visit, alice: Membership, complaints: list[str], status: int, said: str
) -> None:
    page = visit(alice, "/creative-hub/generate/image")

    def refuse(route: Route) -> None:
        if route.request.method == "POST" and route.request.url.endswith("/image"):
            route.fulfill(status=status, body="no")
        else:
            route.continue_()

    page.route("**/generate/image", refuse)
    page.get_by_label("Prompt", exact=True).fill("a red boat")
    page.locator("#order-submit").click()
    expect(page.locator("#order-trouble")).to_contain_text(said)
    expect(page.locator("#order-trouble")).to_contain_text("What you typed is kept.")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("a red boat")
    complaints[:] = [text for text in complaints if f"status of {status}" not in text]


def test_the_last_upload_that_is_dismissed_takes_its_section_along(visit: Visit, alice: Membership, tmp_path: Path) -> None:
    page = visit(alice, HUB)
    files = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for file in files:
        file.write_text("hello")
    page.locator("#upload-files").set_input_files(files)
    second = page.get_by_role("button", name="Dismiss two.txt")
    second.wait_for()
    first = page.get_by_role("button", name="Dismiss one.txt")
    first.focus()
    first.press("Enter")
    expect(second).to_be_focused()
    second.press("Enter")
    expect(page.locator("#uploads")).to_be_hidden()
    expect(page.locator("#upload-choose")).to_be_focused()


def test_who_may_only_look_is_not_led_to_what_is_refused(
    visit: Visit, bob: Membership, put: Put, drain: Callable[[], int]
) -> None:
    """Somebody whose role was changed: the work of before is still there."""
    campaigns.save(CampaignDraft(owner=bob.user, team=bob.team, name="June sale"), {}, [put(bob, "sea.png")])
    done = make(bob, "a red boat")
    drain()
    failed = fail(make(bob, "no boat"))
    bob.role = Role.VIEWER
    bob.save(update_fields=["role"])
    own = [f"/creative-hub/jobs/{job.pk}" for job in (done, failed)]
    for path in (HUB, "/creative-hub/jobs", *own, "/campaign-creator", "/dashboard"):
        page = visit(bob, path)
        links = page.eval_on_selector_all("main a[href], nav a[href]", "links => links.map(link => link.href)")
        for address in {link for link in links if link.startswith(page.evaluate("location.origin"))}:
            assert page.request.get(address).status == 200, (path, address)
