"""A real browser before the real processes. Whatever the page complains about on its console fails the test."""

import os
import re
import shutil
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.conftest import PASSWORD
from tests.processes import Stack
from tests.storage.conftest import bucket as bucket
from tests.storage.conftest import s3_server as s3_server
from wevion.accounts.models import Membership

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
EXPECTED = ("status of 422", "status of 401")  # a form that comes back with its errors; a poll whose session has ended

# What must appear is waited for as long as a machine needs that runs all tests at once: how fast it comes is no test's affair.
expect.set_options(timeout=30_000)

SignIn = Callable[[Membership], Page]
Visit = Callable[[Membership, str], Page]
READY = """() => document.readyState === 'complete'
    && (!document.querySelector('[hx-get], [hx-post]') || document.querySelector('[data-htmx-powered]'))"""


@pytest.fixture(scope="module")  # not longer: other tests start event loops of their own in this thread
def browser() -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def complaints() -> list[str]:
    """What the console said that it should not: errors, and violations of the policy."""
    return []


@pytest.fixture
def context(browser: Browser, stack: Stack, complaints: list[str]) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=stack.url, viewport={"width": 1180, "height": 820})
    context.set_default_timeout(30_000)
    listen(context, complaints)
    yield context
    context.close()
    assert complaints == []


def listen(context: BrowserContext, complaints: list[str]) -> None:
    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(known in message.text for known in EXPECTED):
            complaints.append(f"{message.type}: {message.text}")

    context.on("console", note)
    context.on("weberror", lambda error: complaints.append(f"uncaught: {error.error}"))


@pytest.fixture
def sign_in(context: BrowserContext) -> SignIn:
    """Logs in through the page, and stands in the hub."""

    def through_the_page(member: Membership) -> Page:
        page = context.new_page()
        page.goto("/")
        log_in(page, member)
        page.wait_for_url(re.compile(r"^[^?]*/creative-hub/$"))  # and not the login page that leads there
        return page

    return through_the_page


def log_in(page: Page, member: Membership) -> None:
    """Fills in the login page that is shown."""
    page.get_by_label("E-mail").fill(member.user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def enter(page: Page, member: Membership, sign_in: Callable[[Membership], Client]) -> None:
    name = settings.SESSION_COOKIE_NAME
    value = sign_in(member).cookies[name].value
    page.context.add_cookies([{"name": name, "value": value, "domain": "localhost", "path": "/"}])


@pytest.fixture
def visit(
    browser: Browser, live_server: LiveServer, client_of: Callable[[Membership], Client], complaints: list[str]
) -> Iterator[Visit]:
    """Opens a page as the member, in a window of their own."""
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1180, "height": 820}, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    listen(context, complaints)
    page = context.new_page()

    def open_as(member: Membership, path: str) -> Page:
        enter(page, member, client_of)
        page.goto(path)
        page.wait_for_function(READY)
        return page

    yield open_as
    context.close()
    assert complaints == []
