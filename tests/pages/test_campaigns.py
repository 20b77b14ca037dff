"""Use in Campaign: drafts of ads, made of files of the library."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from creative_hub import campaigns
from creative_hub.library import purging, tree
from creative_hub.library.tree import Selection
from creative_hub.models import Asset, CampaignDraft
from tests.library.conftest import Put, put, subfolder
from tests.pages.making import page
from wevion.accounts.models import Membership

__all__ = ["put"]  # the fixture

SignIn = Callable[[Membership], Client]
LIST = "/campaign-creator"
NEW = f"{LIST}/new"
STEP = f"{LIST}/step"
WORDS = {
    "name": "June sale",
    "platform": "instagram",
    "primary_text": "Bikes that love the sea.",
    "headline": "Ride now",
    "description": "Free delivery",
    "call_to_action": "shop_now",
    "link": "https://shop.example.com/bikes?a=1",
}


def of_kind(put: Put, member: Membership, kind: str, name: str) -> Asset:
    asset = put(member, name)
    Asset.objects.filter(pk=asset.pk).update(kind=kind)
    asset.refresh_from_db()
    return asset


def cards(response: Any) -> list[Asset]:
    return list(response.context["creative"].assets)


def test_a_file_is_used_in_a_draft_from_its_button_to_the_list(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, file = client_of(alice), put(alice)
    shown = client.get(f"{NEW}?asset={file.pk}")
    assert cards(shown) == [file]
    assert "Single image" in page(shown)
    saved = client.post(NEW, {**WORDS, "asset": file.pk}, follow=True)
    assert "The draft “June sale” is saved." in page(saved)
    draft = CampaignDraft.objects.get()
    assert {name: getattr(draft, name) for name in WORDS} == WORDS
    assert [use.asset for use in draft.creatives.all()] == [file]
    text = page(client.get(LIST))
    assert "June sale" in text
    assert "Instagram feed · Single image" in text
    assert "Complete" in text
    again = client.get(f"{LIST}/{draft.pk}")
    assert cards(again) == [file]
    assert "shop.example.com" in page(again)


@pytest.mark.parametrize(
    ("kinds", "format", "problem"),
    [
        ("", "", ""),
        ("image", "image", ""),
        ("image " * 2, "carousel", ""),
        ("image " * 10, "carousel", ""),
        ("image " * 11, "", "at most 10"),
        ("video", "video", ""),
        ("video video", "", "one video"),
        ("image video", "", "either pictures or one video"),
        ("audio", "", "Only pictures and videos"),
        ("document image", "", "Only pictures and videos"),
    ],
)
def test_which_files_go_together(kinds: str, format: str, problem: str) -> None:
    found = campaigns.creative([Asset(kind=kind) for kind in kinds.split()])
    assert found.format == format
    assert problem in found.problem
    assert bool(problem) == bool(found.problem)


def test_files_are_added_ordered_and_removed_without_saving(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, folder = client_of(alice), subfolder(alice, "Summer")
    one, two, three = put(alice, "1.png"), put(alice, "2.png"), put(alice, "3.png", folder)
    browsed = client.post(STEP, {**WORDS, "asset": one.pk, "browse": folder.pk})
    assert browsed.context["choices"] == [three]
    assert 'value="June sale"' in page(browsed)
    chosen = [one.pk, two.pk]
    assert cards(client.post(STEP, {**WORDS, "asset": chosen, "add": three.pk})) == [one, two, three]
    assert cards(client.post(STEP, {**WORDS, "asset": [*chosen, three.pk], "earlier": three.pk})) == [one, three, two]
    assert cards(client.post(STEP, {**WORDS, "asset": chosen, "earlier": one.pk})) == [one, two]
    assert cards(client.post(STEP, {**WORDS, "asset": chosen, "remove": one.pk})) == [two]
    for act in ("earlier", "remove"):
        assert client.post(STEP, {**WORDS, "asset": chosen, act: three.pk}).status_code == 404
    found = client.post(STEP, {**WORDS, "find": "3"})
    assert found.context["choices"] == [three]
    assert not CampaignDraft.objects.exists()


def test_a_half_done_draft_is_kept_and_says_what_it_lacks(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    client.post(NEW, {"name": "Later", "platform": "facebook", "call_to_action": "learn_more"})
    assert "Still missing: a picture or video, primary text, headline, link" in page(client.get(LIST))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Please fill this in."),
        ("link", "javascript:alert(1)", "Give a whole address"),
        ("link", "example.com", "Give a whole address"),
        ("headline", "x" * 61, "at most 60"),
        ("platform", "fax", "valid choice"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(
    field: str, value: str, said: str, alice: Membership, client_of: SignIn
) -> None:
    answer = client_of(alice).post(NEW, {**WORDS, field: value})
    assert (answer.status_code, said in page(answer)) == (422, True)
    assert not CampaignDraft.objects.exists()


def test_files_that_do_not_go_together_are_not_saved(alice: Membership, put: Put, client_of: SignIn) -> None:
    files = [put(alice).pk, of_kind(put, alice, "video", "clip.mp4").pk]
    answer = client_of(alice).post(NEW, {**WORDS, "asset": files})
    assert answer.status_code == 422
    assert "either pictures or one video" in page(answer)


def test_a_file_that_is_deleted_before_the_draft_is_saved_is_told_of_and_the_words_stay(
    alice: Membership, put: Put, client_of: SignIn
) -> None:
    gone, stays = put(alice, "gone.png"), put(alice, "stays.png")
    tree.trash(alice.user, Selection([gone]))
    client = client_of(alice)
    answer = client.post(NEW, {**WORDS, "asset": [gone.pk, stays.pk]})
    assert (answer.status_code, cards(answer)) == (422, [stays])
    assert "no longer in your library" in page(answer)
    assert 'value="June sale"' in page(answer)
    assert not CampaignDraft.objects.exists()
    assert client.post(NEW, {**WORDS, "asset": [stays.pk]}).status_code == 302


def test_a_draft_says_that_its_file_was_deleted_and_lets_go_of_it(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, file = client_of(alice), put(alice)
    client.post(NEW, {**WORDS, "asset": file.pk})
    draft = CampaignDraft.objects.get()
    tree.trash(alice.user, Selection([file]))
    assert "“sea.png” was deleted." in page(client.get(LIST))
    assert "In the trash" in page(client.get(f"{LIST}/{draft.pk}"))
    purging.empty(alice.user)
    purging.sweep()
    assert "Deleted for good" in page(client.get(f"{LIST}/{draft.pk}"))
    assert client.post(f"{LIST}/{draft.pk}", {**WORDS, "asset": file.pk}).status_code == 302
    assert cards(client.post(STEP, {**WORDS, "draft": draft.pk, "asset": file.pk, "remove": file.pk})) == []
    client.post(f"{LIST}/{draft.pk}", WORDS)
    assert not draft.creatives.exists()


def test_a_draft_is_deleted_and_its_files_stay(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, file = client_of(alice), put(alice)
    client.post(NEW, {**WORDS, "asset": file.pk})
    draft = CampaignDraft.objects.get()
    assert "is deleted" in page(client.post(f"{LIST}/{draft.pk}/delete", follow=True))
    assert not CampaignDraft.objects.exists()
    assert Asset.objects.of(alice.user).get() == file


def test_drafts_and_files_are_their_owners_alone(
    alice: Membership, bob: Membership, vera: Membership, charlie: Membership, put: Put, client_of: SignIn
) -> None:
    file = put(alice)
    client_of(alice).post(NEW, {**WORDS, "asset": file.pk})
    draft = CampaignDraft.objects.get()
    for other in (bob, charlie):
        client = client_of(other)
        assert client.get(f"{LIST}/{draft.pk}").status_code == 404
        assert client.post(f"{LIST}/{draft.pk}", WORDS).status_code == 404
        assert client.post(f"{LIST}/{draft.pk}/delete").status_code == 404
        assert client.post(STEP, {"draft": draft.pk}).status_code == 404
        assert client.get(f"{NEW}?asset={file.pk}").status_code == 404
        for refused in (client.post(NEW, {**WORDS, "asset": file.pk}), client.post(STEP, {**WORDS, "asset": file.pk})):
            assert cards(refused) == []
            assert "no longer in your library" in page(refused)
        assert client.post(STEP, {**WORDS, "add": file.pk}).status_code == 404
        assert "June sale" not in page(client.get(LIST))
    assert client_of(vera).get(NEW).status_code == 403
    assert client_of(vera).get(LIST).status_code == 200


def test_the_list_costs_the_same_whatever_is_on_it(
    alice: Membership, put: Put, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = client_of(alice)
    for number in range(5):
        client.post(NEW, {**WORDS, "name": f"No. {number}", "asset": [put(alice).pk, put(alice).pk]})
    with django_assert_max_num_queries(12):
        client.get(LIST)
