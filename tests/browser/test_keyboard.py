"""The library, the Campaign Creator and the settings by keyboard alone: where the focus is, and what a screen reader is told."""

import pytest
from playwright.sync_api import Locator, Page, expect

from creative_hub.library import browsing
from tests.browser.conftest import Visit
from tests.library.conftest import Put, put, subfolder
from tests.pages.making import fail, make
from wevion.accounts.models import Membership

__all__ = ["put"]  # the fixture

HUB = "/creative-hub/"
PASSWORDS = {"Present password": "wrong", "New password": "a long one 1", "New password again": "a long one 1"}


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

    earlier = named("Move c.png earlier")
    reach(page, earlier, "Shift+Tab")
    for told in ("“c.png” is now number 2 of 3.", "“c.png” is now number 1 of 3.", "“c.png” is the first already."):
        page.keyboard.press("Enter")
        expect(said).to_have_text(told)
        expect(earlier).to_be_focused()
    expect(earlier).to_have_attribute("aria-disabled", "true")
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


@pytest.mark.parametrize(
    ("path", "typed", "button", "wrong"),
    [
        ("/settings/password", PASSWORDS, "Change password", "Present password"),
        ("/settings/team", {"E-mail": "alice@example.com"}, "Make the link", "E-mail"),
        ("/settings/team/api-keys", {"Name": " "}, "Make the key", "Name"),
        ("/settings/team/webhooks", {"Address": "http://127.0.0.1/"}, "Add the webhook", "Address"),
        ("/campaign-creator/new", {"Campaign name": "June", "Link": "example.com"}, "Save draft", "Link"),
    ],
)
def test_a_form_that_comes_back_begins_at_the_field_that_is_wrong(
    path: str, typed: dict[str, str], button: str, wrong: str, visit: Visit, alice: Membership
) -> None:
    page = visit(alice, path)
    for label, text in typed.items():
        page.get_by_label(label, exact=True).or_(page.get_by_label(f"{label} (optional)", exact=True)).fill(text)
    page.get_by_role("button", name=button).last.focus()
    with page.expect_navigation():  # to the same address
        page.keyboard.press("Enter")
    field = page.get_by_label(wrong, exact=True).or_(page.get_by_label(f"{wrong} (optional)", exact=True))
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")


def test_what_a_page_says_has_the_focus_and_a_secret_is_copied_from_there(visit: Visit, alice: Membership) -> None:
    page = visit(alice, "/settings/profile")
    reach(page, page.get_by_role("button", name="Save profile"))
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_be_focused()
    expect(page.locator("#messages")).to_have_text("Your profile is saved.")

    page.goto("/settings/team/api-keys")
    reach(page, page.get_by_label("Name", exact=True))
    page.keyboard.type("Nightly")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status", name="Here is the key “Nightly”")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_label("API key", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#toaster")).to_contain_text("Copied.")
    expect(page.get_by_role("button", name="Copy API key")).to_be_focused()

    revoke = page.locator("details.confirm > summary")
    reach(page, revoke)
    page.keyboard.press("Enter")
    sure = page.get_by_role("button", name="Yes, revoke")
    expect(sure).to_be_visible()
    page.keyboard.press("Tab")
    expect(sure).to_be_focused()
    page.keyboard.press("Escape")
    expect(revoke).to_be_focused()
    expect(page.locator("details.confirm")).not_to_have_attribute("open", "")


def test_escape_closes_a_menu_alone_and_tabbing_on_closes_it_too(visit: Visit, alice: Membership) -> None:
    fail(make(alice))
    page = visit(alice, HUB)
    folder = page.locator("#new-folder")
    reach(page, folder.locator("summary"))
    page.keyboard.press("Enter")
    expect(folder.locator("form")).to_be_visible()
    reach(page, page.get_by_label("Name", exact=True))
    reach(page, page.get_by_role("main").get_by_role("link", name="AI Generate"))
    expect(folder).to_have_js_property("open", False)

    page.keyboard.press("Enter")
    menu = page.locator("#dialog .job-menu")
    reach(page, menu.locator("summary"))
    page.keyboard.press("Enter")
    expect(menu.locator(".menu-sheet")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu).to_have_js_property("open", False)
    expect(menu.locator("summary")).to_be_focused()
    expect(page.locator("#dialog")).to_have_js_property("open", True)
    page.keyboard.press("Escape")
    page.wait_for_url(lambda address: address.endswith(HUB))


def test_upload_is_a_button_that_opens_the_file_chooser(visit: Visit, alice: Membership) -> None:
    page = visit(alice, HUB)
    page.on("filechooser", lambda chooser: None)  # asked for in time: within the block below the press may come first
    upload = page.get_by_role("button", name="Upload")
    expect(upload).to_have_count(1)
    reach(page, upload)
    with page.expect_file_chooser():
        page.keyboard.press("Enter")
    expect(upload).to_be_focused()


def test_a_search_for_a_file_tells_how_many_it_found(visit: Visit, alice: Membership, put: Put) -> None:
    for number in range(10):
        put(alice, f"sea {number}.png")
    page = visit(alice, "/creative-hub/generate/video")
    find, said = page.get_by_label("Start from an image: find in your library"), page.locator(".media-other [role=status]")
    reach(page, find)
    page.keyboard.type("sea 4")
    expect(said).to_have_text("1 file found.")
    page.keyboard.press("Backspace")
    expect(said).to_have_text("10 files found.")
    expect(find).to_be_focused()


def test_moving_begins_at_the_present_folder_or_says_that_there_is_no_other(visit: Visit, alice: Membership, put: Put) -> None:
    put(alice, "sea.png")
    page = visit(alice, HUB)

    def ask() -> None:
        reach(page, page.get_by_label("Select sea.png"))
        page.keyboard.press("Space")
        reach(page, page.get_by_role("button", name="Move"))
        page.keyboard.press("Enter")

    ask()
    dialog = page.locator("#library-dialog")
    expect(dialog).to_contain_text("There is no other folder yet. Make one first.")
    page.keyboard.press("Escape")
    subfolder(alice, "Summer")
    page.reload()
    ask()
    expect(dialog.get_by_role("radio", name="Creative Hub now")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(dialog.get_by_role("radio", name="Summer")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_have_text("1 thing moved to “Summer”.")
    expect(page.locator("#messages")).to_be_focused()
