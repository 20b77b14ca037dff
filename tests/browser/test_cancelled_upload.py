"""Cancelling an upload in a browser. The web server alone is enough for it."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from creative_hub.models import Asset, Upload
from tests.browser.conftest import SignIn
from tests.processes import Stack
from wevion.accounts.models import Membership

pytestmark = pytest.mark.processes("web")


def test_an_upload_that_is_cancelled_on_its_way_leaves_nothing_behind(
    sign_in: SignIn, alice: Membership, stack: Stack, tmp_path: Path
) -> None:
    film, pieces = tmp_path / "film.mp4", stack.folder / "media" / ".uploads"
    film.write_bytes(os.urandom(9_000_000))
    page = sign_in(alice)

    def hold_the_second_piece(route: Route) -> None:
        if route.request.method != "PATCH" or route.request.headers["upload-offset"] == "0":
            route.continue_()

    page.route("**/uploads/**", hold_the_second_piece)
    with page.expect_request(lambda request: request.headers.get("upload-offset", "0") != "0", timeout=60_000):
        page.locator("#upload-files").set_input_files(film)
    assert (Upload.objects.count(), len(list(pieces.iterdir()))) == (1, 1)

    with page.expect_response(lambda response: response.request.method == "DELETE") as answer:
        page.get_by_role("button", name="Cancel film.mp4").click()
    assert answer.value.status == 204
    expect(page.locator("li.upload")).to_have_count(0)
    assert (Upload.objects.count(), Asset.objects.count(), list(pieces.iterdir())) == (0, 0, [])
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('tus::'))") == []
