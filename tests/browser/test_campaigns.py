"""The Campaign Creator in a browser: what is typed is not lost on the way."""

import pytest
from playwright.sync_api import expect

from creative_hub.library import tree
from creative_hub.library.tree import Selection
from creative_hub.models import CampaignDraft
from tests.browser.conftest import SignIn
from tests.library.conftest import Put, put
from wevion.accounts.models import Membership

__all__ = ["put"]  # the fixture

pytestmark = pytest.mark.processes("web")


def test_files_chosen_and_not_saved_come_back_but_not_in_the_place_of_others_that_were_asked_for(
    sign_in: SignIn, alice: Membership, put: Put
) -> None:
    sea, _, moon = (put(alice, name) for name in ("sea.png", "hill.png", "moon.png"))
    page = sign_in(alice)
    page.goto(f"/campaign-creator/new?asset={sea.pk}")
    page.get_by_text("Choose from the Creative Hub").click()
    page.get_by_label("Add hill.png").click()
    expect(page.locator(".card-file")).to_have_count(2)
    page.get_by_label("Move hill.png earlier").click()
    expect(page.locator(".card-name").first).to_have_text("hill.png")
    page.get_by_role("link", name="Dashboard").click()

    page.goto("/campaign-creator/new")
    expect(page.locator("#campaign-back")).to_contain_text("Your unsaved changes are back.")
    expect(page.locator(".card-file .card-name")).to_have_text(["hill.png", "sea.png"])
    page.get_by_label("Headline").press_sequentially("Half price")
    page.goto(f"/campaign-creator/new?asset={moon.pk}")
    expect(page.get_by_label("Headline")).to_have_value("Half price")
    expect(page.locator(".card-file .card-name")).to_have_text(["moon.png"])

    page.get_by_label("Campaign name").fill("June sale")
    page.get_by_role("button", name="Save draft").last.click()
    expect(page.locator("#messages")).to_have_text("The draft “June sale” is saved.")
    page.get_by_text("Choose from the Creative Hub").click()
    page.get_by_label("Add sea.png").click()
    expect(page.locator(".card-file")).to_have_count(2)
    tree.trash(alice.user, Selection([sea]))
    page.reload()
    expect(page.locator(".card-file .card-name")).to_have_text(["moon.png"])


def test_discarding_after_a_refused_save_opens_the_form_fresh(sign_in: SignIn, alice: Membership) -> None:
    page = sign_in(alice)
    page.goto("/campaign-creator/new")
    page.get_by_label("Headline").press_sequentially("Half price")
    page.reload()
    expect(page.locator("#campaign-back")).to_contain_text("Your unsaved changes are back.")
    page.get_by_role("button", name="Save draft").last.click()  # without a name
    expect(page.get_by_text("Please fill this in.")).to_be_visible()
    page.get_by_role("button", name="Discard them").click()
    expect(page.get_by_label("Headline")).to_have_value("")
    expect(page.get_by_text("Please fill this in.")).to_have_count(0)


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
