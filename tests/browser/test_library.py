"""The library in a browser: files dropped onto the page, a line that drops, a dialog, and a file dragged into a folder."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from creative_hub.models import Asset, CampaignDraft, Folder, Upload
from tests.browser.conftest import SignIn
from wevion.accounts.models import Membership

pytestmark = pytest.mark.processes("web")


def noise(path: Path) -> Path:
    """A picture that no compression makes small: more than one piece of an upload."""
    Image.effect_noise((3600, 3600), 100).save(path, "PNG")
    assert path.stat().st_size > 9 * 1024 * 1024
    return path


def choose(page: Page, *files: Path) -> None:
    page.locator("#upload-files").set_input_files(list(files))


def test_files_are_uploaded_through_a_dropped_line_sorted_and_used(
    sign_in: SignIn, alice: Membership, tmp_path: Path, complaints: list[str]
) -> None:
    large, small, wrong = noise(tmp_path / "large.png"), tmp_path / "small.png", tmp_path / "notes.txt"
    Image.new("RGB", (20, 20), "teal").save(small)
    wrong.write_text("hello")
    page = sign_in(alice)
    folder = Folder.objects.create(
        owner=alice.user, team=alice.team, parent=Folder.objects.root_of(alice.user, alice.team), name="Summer"
    )
    page.reload()

    drops = 0

    def drop_twice(route: Route) -> None:
        nonlocal drops
        if route.request.method == "PATCH" and route.request.headers.get("upload-offset") != "0" and drops < 2:
            drops += 1
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/uploads/**", drop_twice)
    choose(page, large, small, wrong)
    expect(page.locator("#uploads")).to_contain_text("This is not a PNG")
    expect(page.locator("li.asset")).to_have_count(2, timeout=60_000)
    assert drops == 2
    assert Asset.objects.get(name="large.png").bytes == large.stat().st_size
    assert not Upload.objects.exists()
    complaints[:] = [said for said in complaints if "ERR_CONNECTION_RESET" not in said]

    page.locator("li.asset", has_text="small.png").drag_to(page.locator("li.folder", has_text="Summer"))
    expect(page.locator("#messages")).to_contain_text("1 thing moved to “Summer”")
    assert Asset.objects.get(name="small.png").folder == folder

    page.locator("li.asset", has_text="large.png").hover()
    page.get_by_label("Select large.png").check()
    expect(page.locator("#selection-count")).to_have_text("1 selected")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("dialog")).to_contain_text("Move large.png to the trash?")
    page.get_by_role("button", name="Move to trash").click()
    expect(page.locator("li.asset")).to_have_count(0)

    page.get_by_role("link", name="Summer").click()
    page.get_by_role("link", name="small.png").click()
    page.get_by_role("link", name="Use in Campaign").click()
    page.get_by_label("Campaign name").fill("June sale")
    page.get_by_label("Headline").fill("Ride now")
    expect(page.locator("#ad")).to_contain_text("Ride now")
    page.get_by_text("Choose from the Creative Hub").click()
    page.get_by_role("button", name="Creative Hub", exact=True).click()
    expect(page.locator("#picker")).to_contain_text("Summer")
    expect(page.get_by_label("Headline")).to_have_value("Ride now")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator("#messages")).to_contain_text("is saved")
    assert CampaignDraft.objects.get().headline == "Ride now"
