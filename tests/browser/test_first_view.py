"""What a first visit costs, with static files as production serves them: bytes on the way, and things that move."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page

from jobs.models import Job
from tests.browser.conftest import log_in
from tests.conftest import redis_url
from tests.pages.making import fail, make
from tests.processes import ROOT, Stack
from wevion.accounts.models import Membership
from wevion.stack.run import COLLECT

MOST_BYTES = 150_000  # compressed: the document, its styles, scripts and fonts; pictures come beside them
LITTLE_SHIFT = 0.05  # of the layout, as Chromium counts it; half of what is called good
SIZES = {"wide": (1280, 820), "phone": (360, 760)}
SHIFTS = """() => new Promise(done => {
    let sum = 0;
    const add = entries => entries.forEach(entry => { sum += entry.hadRecentInput ? 0 : entry.value; });
    const observer = new PerformanceObserver(list => add(list.getEntries()));
    observer.observe({ type: 'layout-shift', buffered: true });
    document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
        add(observer.takeRecords());
        done(sum);
    }))));
})"""


@pytest.fixture
def collected(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    """The web server alone, with the static files collected."""
    stack = Stack(connection.settings_dict, redis_url(), tmp_path)
    stack.environment["STATIC_ROOT"] = str(tmp_path / "static")
    try:
        environment = {**os.environ, **stack.environment}
        subprocess.run([sys.executable, "manage.py", *COLLECT], cwd=ROOT, env=environment, check=True)
        stack.start("web")
        yield stack
    finally:
        stack.stop()
        connection.close()


def weigh(page: Page, path: str) -> int:
    """Bytes that come over the wire for the page, with an empty cache and without its pictures."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.clearBrowserCache")
    kinds: dict[str, str] = {}
    bytes_of: dict[str, int] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on("Network.loadingFinished", lambda event: bytes_of.update({event["requestId"]: int(event["encodedDataLength"])}))
    page.goto(path, wait_until="networkidle")
    session.detach()
    return sum(size for request, size in bytes_of.items() if kinds.get(request) not in ("Image", "Media"))


def pages_of(job: Job) -> list[str]:
    hub = ["/creative-hub/", "/creative-hub/generate/image", "/creative-hub/jobs", f"/creative-hub/jobs/{job.pk}"]
    return [*hub, "/campaign-creator", "/dashboard", "/help", "/settings/profile", "/settings/team/billing"]


def test_a_first_view_is_light_and_stands_still(browser: Browser, collected: Stack, alice: Membership) -> None:
    jobs = [fail(make(alice, f"number {number}")) for number in range(10)]
    found = []
    for name, (width, height) in SIZES.items():
        context = browser.new_context(base_url=collected.url, viewport={"width": width, "height": height})
        page = context.new_page()
        light = {"/login": weigh(page, "/login")}
        log_in(page, alice)
        page.wait_for_url("**/creative-hub/")
        for path in pages_of(jobs[0]):
            light[path] = weigh(page, path)
            if (shift := page.evaluate(SHIFTS)) > LITTLE_SHIFT:
                found.append(f"{path} {name}: things move by {shift:.3f}")
        page.evaluate("document.body.style.paddingTop = '200px'")
        assert page.evaluate(SHIFTS) > LITTLE_SHIFT, "what moves is not seen"
        found += [f"{path} {name}: {size} bytes" for path, size in light.items() if not 10_000 < size < MOST_BYTES]
        context.close()
    assert found == []
