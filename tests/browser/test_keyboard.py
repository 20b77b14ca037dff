"""The library, the Campaign Creator and the settings by keyboard alone: where the focus is, and what a screen reader is told."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import listen
from tests.browser.test_accessibility import enter
from tests.library.conftest import Put, put
from tests.pages.test_manners import SignIn
from wevion.accounts.models import Membership

__all__ = ["put"]  # the fixture

Visit = Callable[[Membership, str], Page]
HUB = "/creative-hub/"


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, client_of: SignIn, complaints: list[str]) -> Iterator[Visit]:
    """Opens a page as the member, in a window of their own."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1180, "height": 820}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    listen(context, complaints)
    page = context.new_page()

    def open_as(member: Membership, path: str) -> Page:
        enter(page, member, client_of)
        page.goto(path)
        page.wait_for_function("document.readyState === 'complete' && document.querySelector('[data-htmx-powered]')")
        return page

    yield open_as
    context.close()
    assert complaints == []


def reach(page: Page, goal: Locator, key: str = "Tab", most: int = 60) -> None:
    """Presses the key until the element has the focus."""
    for _ in range(most):
        if goal.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{goal} is not reached")


def test_cards_are_added_ordered_and_removed_without_losing_the_focus(visit: Visit, alice: Membership, put: Put) -> None:
    for name in ("c.png", "b.png", "a.png"):  # the newest is offered first
        put(alice, name)
    page = visit(alice, "/campaign-creator/new")
    cards, said = page.locator(".card-name").and_(page.locator(".card-file *")), page.locator("#campaign-said")

    def named(name: str) -> Locator:
        return page.get_by_role("button", name=name)

    reach(page, named("Add a.png"))
    page.keyboard.press("Enter")
    expect(said).to_have_text("Added “a.png”: 1 of 10 pictures.")
    expect(named("Add b.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(named("Add c.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#picker > summary")).to_be_focused()
    expect(said).to_have_text("Added “c.png”: 3 of 10 pictures.")

    forward = named("Move c.png forward")
    reach(page, forward, "Shift+Tab")
    for told in ("“c.png” is now number 2 of 3.", "“c.png” is now number 1 of 3.", "“c.png” is the first already."):
        page.keyboard.press("Enter")
        expect(said).to_have_text(told)
        expect(forward).to_be_focused()
    expect(forward).to_have_attribute("aria-disabled", "true")
    expect(cards).to_have_text(["c.png", "a.png", "b.png"])

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Removed “c.png”: 2 of 10 pictures.")
    expect(named("Remove a.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(named("Remove b.png")).to_be_focused()
    page.keyboard.press("Enter")
    expect(said).to_have_text("Removed “b.png”: no files.")
    expect(page.locator("#picker > summary")).to_be_focused()
    reach(page, page.get_by_label("Search all your files"))
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    expect(said).to_have_text("Found: 1 file.")
    expect(page.get_by_label("Search all your files")).to_be_focused()
