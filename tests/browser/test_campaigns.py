"""The Campaign Creator in a browser: what is typed is not lost on the way."""

from playwright.sync_api import expect

from creative_hub.models import CampaignDraft
from tests.browser.conftest import SignIn
from wevion.accounts.models import Membership


def test_unsaved_words_of_a_draft_come_back_until_they_are_saved_or_discarded(sign_in: SignIn, alice: Membership) -> None:
    page = sign_in(alice)
    page.goto("/campaign-creator/new")
    page.get_by_label("Campaign name").press_sequentially("June sale")
    page.get_by_label("Headline").press_sequentially("Half price")
    page.get_by_role("link", name="Dashboard").click()
    page.goto("/campaign-creator/new")
    expect(page.locator("#campaign-back")).to_be_visible()
    expect(page.get_by_label("Campaign name")).to_have_value("June sale")
    expect(page.locator("#campaign-side")).to_contain_text("Half price")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator("#messages")).to_have_text("The draft “June sale” is saved.")
    draft = CampaignDraft.objects.get()
    assert (draft.name, draft.headline) == ("June sale", "Half price")

    page.get_by_label("Headline").press("End")
    page.get_by_label("Headline").press_sequentially(" today")
    page.reload()
    expect(page.get_by_label("Headline")).to_have_value("Half price today")
    page.get_by_role("button", name="Discard them").click()
    expect(page.get_by_label("Headline")).to_have_value("Half price")
    page.goto("/campaign-creator/new")
    expect(page.get_by_label("Campaign name")).to_have_value("")
