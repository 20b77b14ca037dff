"""What only a browser shows of the generation form: drafts, keys, files that are dropped or uploaded, a line that fails."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from creative_hub.models import Asset
from jobs.models import Job
from tests.browser.conftest import SignIn
from tests.pages.shelf import file_of
from wevion.accounts.models import Membership

DROP = """(field, address) => {
    const carried = new DataTransfer();
    carried.setData('text/uri-list', address);
    field.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def prompt_of(page: Page) -> Locator:
    return page.get_by_label("Prompt", exact=True)


@pytest.mark.processes("web")
def test_a_draft_is_kept_until_it_becomes_a_job_even_when_the_line_fails(
    sign_in: SignIn, alice: Membership, complaints: list[str]
) -> None:
    page = sign_in(alice)
    page.keyboard.press("g")
    expect(prompt_of(page)).to_be_focused()
    page.keyboard.type("a green lighthouse")
    expect(page.locator("#order-prompt-count")).to_have_text("3,982 characters left")
    page.get_by_label("Variants").select_option("2")
    page.keyboard.press("Escape")
    page.wait_for_url("**/creative-hub/")

    page.keyboard.press("n")
    expect(prompt_of(page)).to_have_value("a green lighthouse")
    expect(page.get_by_label("Variants")).to_have_value("2")
    expect(page.locator("#order-draft")).to_contain_text("Your unfinished draft is back.")
    expect(page.locator("#quote")).to_contain_text("$0.04", timeout=20_000)

    prompt_of(page).focus()
    page.context.set_offline(True)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#order-trouble")).to_contain_text("What you typed is kept")
    page.context.set_offline(False)
    complaints.clear()  # the browser's own words about the line
    page.keyboard.press("Control+Enter")
    expect(page.locator("li.job")).to_have_count(1)
    expect(prompt_of(page)).to_have_value("")
    expect(page.get_by_label("Variants")).to_have_value("2")
    assert Job.objects.get().prompt == "a green lighthouse"
    page.reload()
    expect(prompt_of(page)).to_have_value("")


@pytest.mark.processes("web")
def test_files_are_chosen_dropped_and_uploaded_and_enter_submits(sign_in: SignIn, alice: Membership) -> None:
    bicycle = file_of(alice)
    page = sign_in(alice)
    page.goto("/creative-hub/generate/video")
    page.get_by_role("button", name="City", exact=True).click()
    expect(prompt_of(page)).to_have_value(
        "A city street in the rain at night, neon signs mirrored in puddles, the camera rises slowly"
    )
    expect(prompt_of(page)).to_be_focused()
    media = page.locator(".media-field")
    address = page.get_by_label("Start from an image: address on the web")
    chosen = media.locator("input[type=radio]:checked")
    media.evaluate(DROP, "https://example.com/picture.png")
    expect(address).to_have_value("https://example.com/picture.png")
    media.evaluate(DROP, f"/creative-hub/files/{bicycle.pk}")
    expect(chosen).to_have_value(str(bicycle.pk))
    expect(address).to_have_value("")

    picture = BytesIO()
    Image.new("RGB", (320, 240), "teal").save(picture, "PNG")
    media.locator("input[type=file]").set_input_files({"name": "teal.png", "mimeType": "image/png", "buffer": picture.getvalue()})
    expect(media.locator("[data-state]")).to_contain_text("“teal.png” is in your library, and chosen.")
    expect(chosen).to_have_value(str(Asset.objects.get(name="teal.png").pk))
    media.locator("input[type=file]").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"words"})
    expect(media.locator("[data-state]")).to_contain_text("This field takes an image")

    page.goto("/creative-hub/generate/composite")
    page.get_by_label("Headline").fill("Sale")
    page.keyboard.press("Enter")
    expect(page.locator("li.job")).to_have_count(1)
    assert Job.objects.get().settings["headline_text"] == "Sale"


@pytest.mark.processes("web")
def test_single_keys_work_where_nobody_types(sign_in: SignIn, alice: Membership) -> None:
    file_of(alice, "one.png")
    file_of(alice, "two.png")
    page = sign_in(alice)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    rows = page.locator("li.asset")
    for key, row in (("j", 0), ("j", 1), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(row).locator("a:focus")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("jn?")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("jn?")
    expect(page.locator("#dialog")).to_be_hidden()
