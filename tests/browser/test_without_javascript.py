"""Every page works as plain links and forms: only the live refresh needs JavaScript. And every page fits a telephone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SignIn, log_in
from tests.processes import Stack, wait_until
from wevion.accounts.models import Membership

PAGES = (
    "/creative-hub/",
    "/creative-hub/generate/image",
    "/creative-hub/generate/composite",
    "/creative-hub/jobs",
    "/creative-hub/trash",
    "/campaign-creator",
    "/campaign-creator/new",
    "/settings/team/billing",
)


def test_a_job_is_submitted_watched_and_hidden_by_links_and_forms(browser: Browser, stack: Stack, alice: Membership) -> None:
    context = browser.new_context(base_url=stack.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    log_in(page, alice)

    page.locator("summary", has_text="New folder").click()
    page.get_by_label("Name").fill("Summer")
    page.get_by_role("button", name="Create folder").click()
    page.get_by_role("link", name="Summer").click()
    page.get_by_role("main").get_by_role("link", name="AI Generate").click()
    page.get_by_label("Prompt", exact=True).fill("a lighthouse")
    page.get_by_label("Variants").select_option("3")
    page.get_by_role("button", name="Update the price").click()
    expect(page.locator("#quote")).to_contain_text("$0.06")
    page.get_by_label("Variants").select_option("1")
    page.get_by_role("button", name="Generate").click()
    expect(page.locator("#jobs")).to_contain_text("Submitted.")

    def ended() -> bool:
        page.reload()
        return page.locator("li.job[data-status=completed]").count() == 1

    wait_until(ended, 60, "the job")
    page.get_by_label("Status").select_option("completed")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("li.job")).to_have_count(1)
    page.get_by_role("link", name="Close").click()
    expect(page.get_by_role("heading", name="Summer")).to_be_visible()
    expect(page.locator("li.asset")).to_have_count(1)
    page.goto("/creative-hub/jobs")
    page.locator("li.job summary").click()
    page.locator("li.job").get_by_role("button", name="Hide").click()
    expect(page.locator("#jobs")).to_contain_text("No jobs yet")
    context.close()


def wide(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


@pytest.mark.processes("web")
def test_every_page_fits_its_window_and_keeps_the_chosen_colours(sign_in: SignIn, alice: Membership) -> None:
    page = sign_in(alice)
    for path in PAGES:
        page.goto(path)
        for width in (360, 768, 1920):
            page.set_viewport_size({"width": width, "height": 800})
            assert wide(page) <= width, path
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_class("dark")
    page.reload()
    expect(page.locator("html")).to_have_class("dark")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_class("light")
