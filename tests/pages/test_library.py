"""The library's pages: looking, finding, and the acts that ask first."""

import io
import json
import re
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

import pytest
from django.test import Client

from creative_hub import campaigns
from creative_hub.library import browsing, tree
from creative_hub.library.tree import Selection
from creative_hub.models import Asset, CampaignDraft, Folder
from tests.library.conftest import Put, picture, put, root_of, subfolder
from tests.pages.making import fail, make, page
from wevion.accounts.models import Membership

__all__ = ["put"]  # the fixture

SignIn = Callable[[Membership], Client]
HUB = "/creative-hub/"


def test_a_large_folder_is_read_page_by_page_in_the_chosen_order(
    alice: Membership, put: Put, client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browsing, "PAGE", 2)
    first = put(alice)
    rows = [
        Asset(**{**fields(first), "name": f"{name}.png", "bytes": size}) for name, size in zip("edcb", (5, 5, 5, 9), strict=True)
    ]
    Asset.objects.bulk_create(rows)
    client = client_of(alice)
    expected = {
        "newest": list(Asset.objects.order_by("-created_at", "-id")),
        "oldest": list(Asset.objects.order_by("created_at", "id")),
        "name": list(Asset.objects.order_by("name", "id")),
        "largest": list(Asset.objects.order_by("-bytes", "-id")),
    }
    for sort, order in expected.items():
        client.post(f"{HUB}look", {"sort": sort})
        assert [asset.pk for asset in walked(client)] == [asset.pk for asset in order], sort
    refreshed = client.get(HUB, {"q": "", "shown": "4"}).context
    assert (len(refreshed["assets"]), refreshed["here"]) == (4, HUB)
    for nonsense, there in (("0", 2), ("x", 2), ("٣", 2), ("9" * 5000, 5)):
        assert len(client.get(HUB, {"shown": nonsense}).context["assets"]) == there


def fields(asset: Asset) -> dict[str, Any]:
    names = ("team", "owner", "folder", "kind", "mime", "sha256", "file", "thumbnail")
    return {name: getattr(asset, name) for name in names}


def walked(client: Client) -> list[Asset]:
    """All files, by pressing "Load more"."""
    found: list[Asset] = []
    address = HUB
    headers: dict[str, str] = {}
    while True:
        context = client.get(address, headers=headers).context
        found += context["assets"]
        address, headers = context["more"], {"HX-Request": "true", "HX-Target": "li#more"}
        if not address:
            return found


@pytest.mark.parametrize("after", ["x", "!!", "bnVsbA==", "WzEsMl0=", "W10=", "%00"])
def test_a_key_that_makes_no_sense_begins_at_the_start(after: str, alice: Membership, put: Put, client_of: SignIn) -> None:
    put(alice)
    assert len(client_of(alice).get(HUB, {"after": after}).context["assets"]) == 1


def test_a_key_with_half_a_letter_is_read_without_it(alice: Membership, put: Put, client_of: SignIn) -> None:
    put(alice)
    client = client_of(alice)
    client.post(f"{HUB}look", {"sort": "name"})
    after = urlsafe_b64encode(json.dumps(["\ud800", str(UUID(int=0))]).encode()).decode()
    assert len(client.get(HUB, {"after": after}).context["assets"]) == 1


def test_grid_or_list_and_the_order_are_remembered(alice: Membership, put: Put, client_of: SignIn) -> None:
    client = client_of(alice)
    assert 'data-view="grid"' in page(client.get(HUB))
    client.post(f"{HUB}look", {"view": "list", "sort": "name"})
    text = page(client.get(HUB))
    assert 'data-view="list"' in text
    assert '<option value="name" selected>' in text
    client.post(f"{HUB}look", {"view": "sideways", "sort": "x"})
    assert 'data-view="list"' in page(client.get(HUB))


def test_a_search_goes_through_all_folders_and_a_kind_stays_in_its_own(
    alice: Membership, bob: Membership, put: Put, client_of: SignIn
) -> None:
    deep = subfolder(alice, "Deep", subfolder(alice, "Sea pictures"))
    wanted = put(alice, "The SEA.png", deep)
    put(alice, "land.png")
    put(bob, "sea.png")
    client = client_of(alice)
    found = client.get(HUB, {"q": " sea "}).context
    assert ([*found["assets"]], [folder.name for folder in found["folders"]]) == ([wanted], ["Sea pictures"])
    assert "Nothing fits" in page(client.get(HUB, {"q": "100%"}))
    assert len(client.get(HUB, {"kind": "image"}).context["assets"]) == 1
    assert "Nothing fits" in page(client.get(HUB, {"kind": "video"}))


def test_a_file_has_a_page_with_its_facts_job_and_neighbours(
    alice: Membership, put: Put, client_of: SignIn, drain: Callable[[], int]
) -> None:
    older = put(alice, "older.png")
    make(alice)
    drain()
    result = Asset.objects.exclude(item=None).get()
    newer = put(alice, "newer.png")
    text = page(client_of(alice).get(f"{HUB}files/{result.pk}/view"))
    assert "a red bicycle by the sea" in text
    assert f"/creative-hub/jobs/{result.item.job_id}" in text  # type: ignore[union-attr]
    assert f'rel="prev" href="{HUB}files/{newer.pk}/view"' in text
    assert f'rel="next" href="{HUB}files/{older.pk}/view"' in text
    assert f"/campaign-creator/new?asset={result.pk}" in text


@pytest.mark.parametrize(("kind", "size"), [("video", ' width="40" height="30"'), ("audio", "")])
def test_a_player_has_the_files_name_and_size(kind: str, size: str, alice: Membership, put: Put, client_of: SignIn) -> None:
    file = put(alice)
    Asset.objects.filter(pk=file.pk).update(kind=kind)
    text = page(client_of(alice).get(f"{HUB}files/{file.pk}/view"))
    assert re.search(f'<{kind} [^>]*src="{HUB}files/{file.pk}" aria-label="sea.png"{size} controls', text)


def test_a_file_is_renamed_and_keeps_its_ending(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, file = client_of(alice), put(alice)
    put(alice, "taken.png")
    assert 'value="sea"' in page(client.get(f"{HUB}rename", {"file": str(file.pk)}))
    assert "Give the file a name" in page(client.post(f"{HUB}rename", {"file": file.pk, "name": " "}))
    said = page(client.post(f"{HUB}rename", {"file": file.pk, "name": "taken.png", "next": HUB}, follow=True))
    assert "The name is now “taken (2).png”." in said
    file.refresh_from_db()
    assert file.name == "taken (2).png"


def test_a_folder_is_renamed_but_not_to_a_name_that_is_there(alice: Membership, client_of: SignIn) -> None:
    client, folder = client_of(alice), subfolder(alice, "Summer")
    subfolder(alice, "Winter")
    refused = client.post(f"{HUB}rename", {"folder": folder.pk, "name": "Winter"})
    assert (refused.status_code, "already a folder" in page(refused)) == (422, True)
    client.post(f"{HUB}rename", {"folder": folder.pk, "name": "Spring"})
    folder.refresh_from_db()
    assert folder.name == "Spring"


def test_things_are_moved_to_a_folder_of_the_tree(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, file, folder = client_of(alice), put(alice), subfolder(alice, "Summer")
    inner = subfolder(alice, "June", folder)
    asked = page(client.get(f"{HUB}move", {"file": str(file.pk)}))
    assert f'data-depth="2"><input type="radio" name="into" value="{inner.pk}"' in asked
    said = page(client.post(f"{HUB}move", {"file": file.pk, "into": inner.pk, "next": HUB}, follow=True))
    assert "1 thing moved to “June”." in said
    assert "There is no other folder yet" in page(client.get(f"{HUB}move", {"folder": str(folder.pk)})), "none but itself"
    refused = client.post(f"{HUB}move", {"folder": folder.pk, "into": inner.pk, "next": HUB}, follow=True)
    assert "cannot be moved into itself" in page(refused)
    assert "Choose files or folders first" in page(client.get(f"{HUB}move", follow=True))


def test_deleting_asks_names_the_drafts_and_can_be_taken_back(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, folder = client_of(alice), subfolder(alice, "Summer")
    file = put(alice, folder=folder)
    campaigns.save(CampaignDraft(owner=alice.user, team=alice.team, name="June sale"), {}, [file])
    for asked in ({"file": str(file.pk)}, {"folder": str(folder.pk)}):
        assert "June sale" in page(client.get(f"{HUB}delete", asked))
    assert "trash" in page(client.post(f"{HUB}delete", {"folder": folder.pk, "next": HUB}, follow=True))
    assert client.get(f"{HUB}files/{file.pk}/view").status_code == 404
    assert client.get(f"{HUB}files/{file.pk}").status_code == 404
    assert client.get(f"{HUB}folders/{folder.pk}").status_code == 404
    assert "Summer" in page(client.get(f"{HUB}trash"))
    assert "back in the library" in page(client.post(f"{HUB}trash/restore", {"folder": folder.pk}, follow=True))
    assert client.get(f"{HUB}files/{file.pk}").status_code == 200
    undo = re.search(
        r'name="at" value="([^"]+)"', page(client.post(f"{HUB}delete", {"folder": folder.pk, "next": HUB}, follow=True))
    )
    assert undo
    back = client.post(f"{HUB}trash/restore", {"at": undo[1], "next": f"{HUB}folders/{folder.pk}"}, follow=True)
    assert back.redirect_chain == [(f"{HUB}folders/{folder.pk}", 302)]
    assert "1 thing is back in the library" in page(back)
    for again in (undo[1], "soon"):
        assert "nothing to take back" in page(client.post(f"{HUB}trash/restore", {"at": again}, follow=True))
    root = root_of(alice)
    assert "cannot be deleted" in page(client.post(f"{HUB}delete", {"folder": root.pk, "next": HUB}, follow=True))


def test_a_deleted_result_is_still_told_of_by_its_job(alice: Membership, client_of: SignIn, drain: Callable[[], int]) -> None:
    job = make(alice)
    drain()
    file, client = Asset.objects.get(), client_of(alice)
    tree.trash(alice.user, Selection([file]))
    assert f"“{file.name}” was deleted. It is in the" in page(client.get(f"{HUB}jobs/{job.pk}"))
    client.post(f"{HUB}trash/purge", {"all": "1"})
    assert f"“{file.name}” was deleted for good." in page(client.get(f"{HUB}jobs/{job.pk}"))
    assert client.get(f"{HUB}jobs").status_code == 200


def test_the_trash_is_emptied_or_by_choice(alice: Membership, put: Put, client_of: SignIn) -> None:
    client, files = client_of(alice), [put(alice, f"{name}.png") for name in "abc"]
    tree.trash(alice.user, Selection(files))
    assert "Deleted for good: 1 file." in page(client.post(f"{HUB}trash/purge", {"file": files[0].pk}, follow=True))
    assert "Choose what to delete first" in page(client.post(f"{HUB}trash/purge", follow=True))
    text = page(client.post(f"{HUB}trash/purge", {"all": "1"}, follow=True))
    assert "Deleted for good: 2 files." in text
    assert "The trash is empty" in text


def test_several_are_downloaded_as_one_zip_with_their_folders(alice: Membership, put: Put, client_of: SignIn) -> None:
    folder = subfolder(alice, "Summer")
    inner = subfolder(alice, "June", folder)
    files = [put(alice, "sea.png"), put(alice, "sea.png", folder), put(alice, "sea.png", inner)]
    client = client_of(alice)
    answer = client.get(f"{HUB}download", {"file": [str(files[0].pk), str(files[1].pk)], "folder": str(folder.pk)})
    body = b"".join(cast(Any, answer).streaming_content)
    assert answer["Content-Length"] == str(len(body))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert sorted(archive.namelist()) == ["Summer/June/sea.png", "Summer/sea.png", "sea (2).png", "sea.png"]
        assert archive.read("Summer/June/sea.png") == picture()
        assert archive.testzip() is None
    assert client.get(f"{HUB}download", {"file": str(files[0].pk)})["Location"] == f"{HUB}files/{files[0].pk}/download"
    empty = subfolder(alice, "Empty")
    assert "no files in it" in page(client.get(f"{HUB}download", {"folder": str(empty.pk)}, follow=True))


def test_nobody_reaches_anothers_files_by_any_act(
    alice: Membership, bob: Membership, charlie: Membership, put: Put, client_of: SignIn
) -> None:
    file, folder = put(alice), subfolder(alice, "Summer")
    old = put(alice, "old.png")
    tree.trash(alice.user, Selection([old]))
    for other in (bob, charlie):
        client, own = client_of(other), put(other)
        both = [str(own.pk), str(file.pk)]
        foreign: list[dict[str, Any]] = [{"file": str(file.pk)}, {"folder": str(folder.pk)}, {"file": both}, {"file": "x"}]
        for act in ("rename", "move", "delete", "download"):
            for named in foreign:
                assert client.get(f"{HUB}{act}", named).status_code == 404, act
                if act != "download":
                    assert client.post(f"{HUB}{act}", {**named, "name": "x", "into": root_of(other).pk}).status_code == 404
        assert client.post(f"{HUB}move", {"file": own.pk, "into": folder.pk}).status_code == 404
        assert client.get(f"{HUB}files/{file.pk}/view").status_code == 404
        for act in ("restore", "purge"):
            assert client.post(f"{HUB}trash/{act}", {"file": old.pk}).status_code == 404
        client.post(f"{HUB}trash/restore", {"at": str(Asset.objects.get(pk=old.pk).deleted_at)})
        assert "old.png" not in page(client.get(f"{HUB}trash"))
    assert list(Asset.objects.trash_of(alice.user)) == [old]
    assert Asset.objects.of(alice.user).get() == file


def test_who_may_only_look_changes_nothing(vera: Membership, put: Put, client_of: SignIn) -> None:
    file, client = put(vera), client_of(vera)
    text = page(client.get(HUB))
    assert "Upload" not in text
    assert "pick" not in text
    for act in ("rename", "move", "delete", "folders/new", "trash/restore", "trash/purge", "uploads/form"):
        assert client.post(f"{HUB}{act}", {"file": file.pk}).status_code == 403, act
    assert client.get(f"{HUB}download", {"file": str(file.pk)}).status_code == 302
    assert client.get(f"{HUB}files/{file.pk}/view").status_code == 200


def test_a_file_in_the_trash_is_offered_and_taken_nowhere(
    alice: Membership, put: Put, client_of: SignIn, drain: Callable[[], int]
) -> None:
    file = put(alice, "gone.png")
    tree.trash(alice.user, Selection([file]))
    assert "gone.png" not in page(client_of(alice).get(f"{HUB}generate/composite"))
    assert client_of(alice).get(f"/campaign-creator/new?asset={file.pk}").status_code == 404
    job = make(alice)
    drain()
    result = Asset.objects.exclude(item=None).get()
    tree.trash(alice.user, Selection([result]))
    assert f"/files/{result.pk}" not in page(client_of(alice).get(f"{HUB}jobs/{job.pk}"))
    assert fail(make(alice, "another")).error_code


def test_more_than_two_hundred_at_a_time_is_refused_in_words(alice: Membership, put: Put, client_of: SignIn) -> None:
    one = put(alice)
    rows = [Asset(**{**fields(one), "name": f"{number}.png", "bytes": 1}) for number in range(201)]
    Asset.objects.bulk_create(rows)
    answer = client_of(alice).post(f"{HUB}delete", {"file": [row.pk for row in rows], "next": HUB}, follow=True)
    assert "more than 200 at a time" in page(answer)
    assert Folder.objects.of(alice.user).count() == 1
    assert Asset.objects.of(alice.user).count() == 202
