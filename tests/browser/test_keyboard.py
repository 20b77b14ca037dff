"""The library, the Campaign Creator and the settings by keyboard alone: where the focus is, and what a screen reader is told."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from creative_hub.library import browsing
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


def covered(element: Locator) -> bool:
    """Whether something else lies over the element's middle."""
    return bool(
        element.evaluate("""element => {
            const box = element.getBoundingClientRect();
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return !(top && (element.contains(top) || top.contains(element)));
        }""")
    )


def test_arrow_keys_walk_through_order_and_kind_and_the_address_follows(visit: Visit, alice: Membership, put: Put) -> None:
    for name in ("b.png", "a.png", "c.png"):
        put(alice, name)
    page = visit(alice, HUB)
    names, order, kind = page.locator(".asset-name"), page.get_by_label("Order"), page.get_by_label("Kind")
    expect(names).to_have_text(["c.png", "a.png", "b.png"])
    reach(page, kind)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found")).to_have_text("Files of the kind video in this folder: none. Show everything")
    page.wait_for_url("**/creative-hub/?q=&kind=video")
    expect(kind).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(names).to_have_count(3)

    reach(page, order)
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    expect(names).to_have_text(["a.png", "b.png", "c.png"])
    expect(order).to_be_focused()
    expect(order).to_have_value("name")
    page.wait_for_url("**/creative-hub/?q=&kind=image")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#library")).to_have_attribute("data-view", "list")
    expect(page.get_by_role("button", name="List")).to_be_focused()
    expect(page.get_by_role("button", name="List")).to_have_attribute("aria-pressed", "true")

    reach(page, page.get_by_label("Search all your files"), "Shift+Tab")
    page.keyboard.type("a.p")
    page.keyboard.press("Enter")
    expect(names).to_have_text(["a.png"])
    expect(page.get_by_label("Search all your files")).to_be_focused()
    page.evaluate("history.back()")
    expect(names).to_have_text(["a.png", "b.png", "c.png"])
    page.evaluate("history.forward()")
    expect(names).to_have_text(["a.png"])
    expect(order).to_have_value("name")
    reach(page, page.get_by_label("Select a.png"))
    page.keyboard.press("Space")
    reach(page, page.get_by_role("button", name="Delete"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("button", name="Move to trash"))
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("1 thing moved to the trash.")
    assert page.url.endswith("/creative-hub/?q=a.p&kind=image")


def test_more_files_take_the_focus_and_none_lies_below_the_bar(
    visit: Visit, alice: Membership, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "PAGE", 20)
    for number in range(36):
        put(alice, f"{number:02}.png")
    page = visit(alice, HUB)
    reach(page, page.get_by_role("button", name="List"))
    page.keyboard.press("Enter")
    expect(page.locator("#library")).to_have_attribute("data-view", "list")
    reach(page, page.get_by_label("Select 34.png"))
    page.keyboard.press("Space")
    expect(page.locator("#selection-count")).to_have_text("1 selected")
    expect(page.locator("#selection-count")).to_have_attribute("aria-live", "polite")
    for number in range(33, 15, -1):
        link = page.get_by_role("link", name=f"{number:02}.png")
        reach(page, link)
        assert not covered(link), number
    reach(page, page.get_by_role("link", name="Load more"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="15.png")).to_be_focused()
    expect(page.locator("li.asset")).to_have_count(36)
    expect(page.locator("#selection-count")).to_have_text("1 selected")


def test_a_low_window_still_reaches_the_end_of_the_sidebar(visit: Visit, alice: Membership) -> None:
    page = visit(alice, HUB)
    page.set_viewport_size({"width": 1180, "height": 320})
    leave = page.get_by_role("button", name="Log out")
    reach(page, leave)
    expect(leave).to_be_in_viewport(ratio=1)
