"""Every page and state, in light and in dark: axe finds nothing on any of them, and no page is left out."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.template.loader import render_to_string
from django.test.signals import template_rendered
from playwright.sync_api import Browser, Page, Route
from pytest_django.live_server_helper import LiveServer

from tests.browser import furnished
from tests.browser.conftest import enter
from tests.library.conftest import Put, put
from tests.pages.test_manners import FOLDER, SignIn
from wevion.accounts.models import Membership

__all__ = ["put"]  # the fixture

FAILURES: Final = ("400", "403_csrf", "411", "413", "451", "500")
FORMS: Final = ("/creative-hub/generate/image", "/campaign-creator/new", "/settings/password", "/settings/team/webhooks")
QUICK: Final = {"resultTypes": ["violations"], "preload": False}  # nothing of what is in order, and no second fetch of the styles
COLOURS: Final = {**QUICK, "runOnly": ["color-contrast", "link-in-text-block"]}  # all that may differ in the dark
WORN: Final = "dark => document.documentElement.classList.contains('dark') === dark"
ALL: Final = {**QUICK, "rules": {"target-size": {"enabled": True}}}


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    """The names of the templates that this process has rendered, the server's threads included."""
    names: set[str] = set()

    def note(template: Any, **_: Any) -> None:
        names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def templates() -> set[str]:
    """Those of whole pages of ours. The API's page is Swagger UI's, the backoffice Django's."""
    whole = (path.relative_to(FOLDER) for path in FOLDER.rglob("[!_]*.html"))
    return {str(path) for path in whole if path.parts[0] not in ("admin", "api", "mail")} - {"base.html"}


def look(page: Page) -> list[str]:
    """What axe finds on the page as it stands, in light and in dark."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for dark, rules in ((False, ALL), (True, COLOURS)):
        page.emulate_media(color_scheme="dark" if dark else "light")
        page.wait_for_function(WORN, arg=dark)
        for finding in page.evaluate("rules => axe.run(rules).then(found => found.violations)", rules):
            found += [f"{page.url} {'dark' if dark else 'light'}: {finding['id']} at {node['html']}" for node in finding["nodes"]]
    return found


def visit(page: Page, paths: list[str]) -> list[str]:
    found = []
    for path in paths:
        page.goto(path)
        found += look(page)
    return found


def refused_forms(page: Page) -> list[str]:
    """Forms that come back with what is wrong beside the fields."""
    found = []
    for path in FORMS:
        page.goto(path)
        with page.expect_navigation():
            page.locator("main form[method=post]:has(.field)").first.evaluate("form => form.submit()")
        found += look(page)
    return found


def opened(page: Page) -> list[str]:
    """What only appears when somebody acts: the dialogs, the menus, the selection, a secret, the keys."""
    page.goto("/creative-hub/")
    page.get_by_label("Select sea.png").check()
    found = look(page)
    page.get_by_role("main").get_by_role("link", name="AI Generate").click()
    page.locator("#dialog #order").wait_for()
    found += look(page)
    page.goto("/creative-hub/jobs")
    page.locator(".job-tick").first.check()
    page.locator(".job-menu summary").first.click()
    found += look(page)
    page.locator("#tick-all").check()
    page.get_by_role("button", name="Retry the selected").click()
    page.get_by_role("heading", name="Retry several jobs").wait_for()
    found += look(page)
    page.goto("/settings/team/webhooks")
    page.get_by_label("Address", exact=True).fill("https://hooks.example.com/second")
    page.get_by_role("button", name="Add the webhook").click()
    page.get_by_label("Signing secret").wait_for()
    found += look(page)
    page.keyboard.press("?")
    page.locator("#keys[open]").wait_for()
    return found + look(page)


def failures(page: Page) -> list[str]:
    def answer(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        route.fulfill(content_type="text/html", body=render_to_string(f"{name}.html", {"message": "It was too large."}))

    page.route("**/failure/*", answer)
    return visit(page, ["/nowhere", "/settings/team/billing", *(f"/failure/{name}" for name in FAILURES)])


def test_axe_finds_nothing_on_any_page(
    page: Page, alice: Membership, bob: Membership, client_of: SignIn, put: Put, rendered: set[str]
) -> None:
    client = client_of(alice)
    empty = ["/creative-hub/", "/creative-hub/jobs", "/creative-hub/trash", "/campaign-creator", "/dashboard"]
    found = visit(page, furnished.doors(bob, client))
    enter(page, bob, client_of)
    found += visit(page, empty) + failures(page)
    enter(page, alice, client_of)
    found += visit(page, furnished.settings_of(alice, bob, client))
    found += visit(page, furnished.library(alice, put)) + visit(page, furnished.work(alice))
    found += refused_forms(page) + opened(page)
    assert found == []
    assert templates() - rendered == set(), "templates that axe has not seen"
