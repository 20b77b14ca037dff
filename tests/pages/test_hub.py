"""The library's pages, and the bytes of its files."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from django.test import Client

from creative_hub.models import Asset, Folder
from tests.pages.making import make, page
from wevion.accounts.models import Membership, User

SignIn = Callable[[Membership], Client]


@pytest.fixture
def picture(alice: Membership, drain: Callable[[], int]) -> Asset:
    make(alice)
    drain()
    return Asset.objects.get()


def content(response: Any) -> bytes:
    return b"".join(cast(Iterator[bytes], response.streaming_content))


def test_the_hub_is_the_persons_own_root_folder(picture: Asset, alice: Membership, client_of: SignIn) -> None:
    text = page(client_of(alice).get("/creative-hub/"))
    assert picture.name in text
    assert f"/creative-hub/files/{picture.pk}/thumbnail" in text
    assert "AI Generate" in text


def test_an_empty_hub_says_what_to_do(alice: Membership, client_of: SignIn) -> None:
    text = page(client_of(alice).get("/creative-hub/"))
    assert "This folder is empty" in text
    assert "Make the first one" in text


def test_a_new_folder_appears_and_opens(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    root = Folder.objects.root_of(alice.user, alice.team)
    after = client.post("/creative-hub/folders/new", {"parent": root.pk, "name": "  Summer  campaign "}, follow=True)
    assert "Summer campaign" in page(after)
    folder = Folder.objects.get(parent=root)
    inside = page(client.get(f"/creative-hub/folders/{folder.pk}"))
    assert '<a href="/creative-hub/">Creative Hub</a>' in inside
    assert f"/creative-hub/generate/image?into={folder.pk}" in inside


@pytest.mark.parametrize(
    ("name", "said"), [("", "Give the folder a name"), ("Taken", "already a folder"), ("x" * 101, "100 characters")]
)
def test_a_name_that_cannot_be_used_is_said_beside_the_field(name: str, said: str, alice: Membership, client_of: SignIn) -> None:
    root = Folder.objects.root_of(alice.user, alice.team)
    Folder.objects.create(owner=alice.user, team=alice.team, parent=root, name="Taken")
    response = client_of(alice).post("/creative-hub/folders/new", {"parent": root.pk, "name": name})
    assert response.status_code == 422
    assert said in page(response)
    assert f'value="{name}"' in page(response)


def test_files_are_served_whole_and_in_parts(picture: Asset, alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    url = f"/creative-hub/files/{picture.pk}"
    whole = client.get(url)
    assert (whole.status_code, whole["Content-Type"], len(content(whole))) == (200, "image/png", picture.bytes)
    part = client.get(url, headers={"Range": "bytes=1-3"})
    assert (part.status_code, content(part)) == (206, b"PNG")
    download = client.get(f"{url}/download")
    assert download["Content-Disposition"].startswith("attachment")
    assert client.get(f"{url}/thumbnail")["Content-Type"] == "image/webp"


def test_files_and_folders_are_their_owners_alone(
    picture: Asset, bob: Membership, charlie: Membership, client_of: SignIn
) -> None:
    for other in (bob, charlie):
        client = client_of(other)
        for part in ("", "/download", "/thumbnail"):
            assert client.get(f"/creative-hub/files/{picture.pk}{part}").status_code == 404
        assert client.get(f"/creative-hub/folders/{picture.folder_id}").status_code == 404
        assert client.post("/creative-hub/folders/new", {"parent": picture.folder_id, "name": "x"}).status_code == 404


def test_a_visitor_is_sent_to_the_login(picture: Asset) -> None:
    response = Client().get(f"/creative-hub/files/{picture.pk}")
    assert response["Location"].startswith("/login?next=")


def test_an_account_without_a_team_is_told_so(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.com", "secret-enough-1"))
    response = client.get("/creative-hub/")
    assert response.status_code == 403
    assert "not in a team yet" in page(response)
