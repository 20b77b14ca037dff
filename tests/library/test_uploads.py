"""Uploads: the tus protocol as a client speaks it, and the plain form."""

import resource
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from creative_hub.library import filing, partial
from creative_hub.models import Asset, Upload
from tests.library.conftest import PDF, picture, root_of, subfolder
from tests.pages.making import page
from tests.renderers.clips import encoded
from wevion.accounts.models import Membership

TUS = {"Tus-Resumable": "1.0.0"}
URL = "/creative-hub/uploads/"
SignIn = Callable[[Membership], Client]


def begin(client: Client, length: int, name: str = "sea.png", folder: object = "") -> Any:
    said = ",".join(f"{key} {b64encode(str(value).encode()).decode()}" for key, value in (("filename", name), ("folder", folder)))
    return client.post(URL, headers={**TUS, "Upload-Length": str(length), "Upload-Metadata": said})


def piece(client: Client, where: str, at: int, content: bytes) -> Any:
    headers = {**TUS, "Upload-Offset": str(at)}
    return client.generic("PATCH", where, content, content_type="application/offset+octet-stream", headers=headers)


def upload(client: Client, content: bytes, name: str = "sea.png", folder: object = "") -> Any:
    return piece(client, begin(client, len(content), name, folder)["Location"], 0, content)


def test_a_file_arrives_in_pieces_and_is_filed_where_it_was_dropped(alice: Membership, client_of: SignIn) -> None:
    client, content, folder = client_of(alice), picture(), subfolder(alice, "Summer")
    begun = begin(client, len(content), "Strand – früh.png", folder.pk)
    assert (begun.status_code, begun["Tus-Resumable"]) == (201, "1.0.0")
    assert "Upload-Expires" in begun
    where = begun["Location"]
    assert piece(client, where, 0, content[:20])["Upload-Offset"] == "20"
    asked = client.head(where, headers=TUS)
    assert (asked["Upload-Offset"], asked["Upload-Length"]) == ("20", str(len(content)))
    last = piece(client, where, 20, content[20:])
    asset = Asset.objects.get()
    assert (last.status_code, last["Upload-Offset"], last["Upload-Asset"]) == (204, str(len(content)), str(asset.pk))
    assert (asset.name, asset.folder, asset.owner, asset.width) == ("Strand – früh.png", folder, alice.user, 40)
    with default_storage.open(str(asset.file)) as stored:
        assert stored.read() == content
    assert default_storage.exists(str(asset.thumbnail))
    assert not Upload.objects.exists()


def test_a_last_answer_that_was_lost_makes_no_second_file(alice: Membership, client_of: SignIn) -> None:
    client, content = client_of(alice), picture()
    where = begin(client, len(content))["Location"]
    piece(client, where, 0, content)
    assert client.head(where, headers=TUS)["Upload-Offset"] == str(len(content))
    assert piece(client, where, len(content) - 1, content[-1:]).status_code == 204
    assert Asset.objects.count() == 1


def test_a_storage_that_fails_costs_the_last_byte_and_not_the_file(
    alice: Membership, client_of: SignIn, settings: Any, tmp_path: Any
) -> None:
    client, content = client_of(alice), picture()
    where = begin(client, len(content))["Location"]
    good = settings.STORAGES
    (tmp_path / "full").touch()
    full = {**good["default"], "OPTIONS": {"location": str(tmp_path / "full")}}
    settings.STORAGES = {**good, "default": full}
    failed = piece(client, where, 0, content)
    assert (failed.status_code, "try again" in page(failed)) == (503, True)
    settings.STORAGES = good
    assert client.head(where, headers=TUS)["Upload-Offset"] == str(len(content) - 1)
    assert piece(client, where, len(content) - 1, content[-1:]).status_code == 204
    assert Asset.objects.get().bytes == len(content)


@pytest.mark.parametrize(
    ("content", "name", "kind", "filed"),
    [
        (picture(), "sea.png", "image", "sea.png"),
        (picture(format="JPEG"), "sea.jpeg", "image", "sea.jpeg"),
        (picture(format="GIF"), "page.html", "image", "page.html.gif"),
        (picture(format="WEBP"), "", "image", "Untitled.webp"),
        (PDF, "brief.pdf", "document", "brief.pdf"),
    ],
)
def test_a_file_is_what_its_bytes_are(
    content: bytes, name: str, kind: str, filed: str, alice: Membership, client_of: SignIn
) -> None:
    assert upload(client_of(alice), content, name).status_code == 204
    asset = Asset.objects.get()
    assert (asset.kind, asset.name) == (kind, filed)


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", b"MZ\x90" * 50, picture()[:60], b"%PDF-1.4 cut"],
)
def test_what_is_no_picture_clip_sound_or_pdf_is_refused_in_words(content: bytes, alice: Membership, client_of: SignIn) -> None:
    answer = upload(client_of(alice), content, "sea.png")
    assert (answer.status_code, answer["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "PNG, JPG, WebP" in page(answer)
    assert (Asset.objects.count(), Upload.objects.count()) == (0, 0)


def test_a_video_of_another_format_is_refused_by_its_name(alice: Membership, client_of: SignIn, tmp_path: Path) -> None:
    mkv = encoded(tmp_path / "clip.mkv", "-c:v", "libx264").read_bytes()
    answer = upload(client_of(alice), mkv, "clip.mp4")
    assert answer.status_code == 422
    assert page(answer) == "This is a Matroska (.mkv) video. Save it as MP4 (H.264) or WebM."
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    ("codec", "note"),
    [
        ("libx264", ""),
        ("prores_ks", "Your browser may not play this video (ProRes). Download it to watch it."),
    ],
)
def test_a_mov_is_kept_as_one_and_says_if_browsers_may_not_play_it(
    codec: str, note: str, alice: Membership, client_of: SignIn, tmp_path: Path
) -> None:
    client = client_of(alice)
    assert upload(client, encoded(tmp_path / "clip.mov", "-c:v", codec).read_bytes(), "clip.mp4").status_code == 204
    asset = Asset.objects.get()
    assert (asset.kind, asset.mime, asset.name) == ("video", "video/quicktime", "clip.mp4.mov")
    assert client.get(f"/creative-hub/files/{asset.pk}")["Content-Type"] == "video/quicktime"
    seen = page(client.get(f"/creative-hub/files/{asset.pk}/view"))
    assert note in seen
    assert ("may not play" in seen) == bool(note)


def test_sizes_are_checked_before_a_byte_is_sent(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    too_large, empty = begin(client, filing.MAX_BYTES + 1), begin(client, 0)
    assert (too_large.status_code, page(too_large)) == (413, "This file is larger than 500 MB.")
    assert (empty.status_code, page(empty)) == (422, "This file is empty.")
    assert begin(client, filing.MAX_BYTES).status_code == 201


def test_more_than_the_promised_length_is_not_taken(alice: Membership, client_of: SignIn) -> None:
    client, content = client_of(alice), picture()
    where = begin(client, len(content))["Location"]
    assert piece(client, where, 0, content + b"more")["Upload-Offset"] == str(len(content))
    assert Asset.objects.get().bytes == len(content)


def test_pieces_out_of_order_and_other_protocols_are_refused(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    where = begin(client, 100)["Location"]
    assert piece(client, where, 5, b"x").status_code == 409
    assert client.head(where).status_code == 412
    assert client.patch(where, b"x", content_type="application/json", headers={**TUS, "Upload-Offset": "0"}).status_code == 415
    assert client.generic("PATCH", where, b"x", "application/offset+octet-stream", headers=TUS).status_code == 400
    assert client.post(URL, headers=TUS).status_code == 400


def test_an_upload_that_is_given_up_is_forgotten(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    where = begin(client, 100)["Location"]
    piece(client, where, 0, b"x" * 10)
    assert client.delete(where, headers=TUS).status_code == 204
    assert client.head(where, headers=TUS).status_code == 404


def test_a_machine_without_the_partial_file_sends_the_client_back_to_the_start(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    where = begin(client, 100)["Location"]
    partial.path_of(Upload.objects.get().pk).unlink()
    assert client.head(where, headers=TUS).status_code == 404
    assert piece(client, where, 0, b"x").status_code == 404


def test_two_requests_do_not_write_into_one_upload(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    where = begin(client, 100)["Location"]
    with partial._alone(Upload.objects.get()):
        assert piece(client, where, 0, b"x").status_code == 423


def test_there_is_an_end_to_unfinished_uploads(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    root = root_of(alice)
    row = {"team": alice.team, "owner": alice.user, "folder": root, "name": "a", "length": 9}
    Upload.objects.bulk_create(Upload(**row) for _ in range(partial.MAX_UNFINISHED))
    assert begin(client, 9).status_code == 429


def test_an_upload_is_its_owners_and_a_viewer_makes_none(
    alice: Membership, bob: Membership, vera: Membership, charlie: Membership, client_of: SignIn
) -> None:
    where = begin(client_of(alice), 100)["Location"]
    for other in (bob, charlie):
        client = client_of(other)
        assert client.head(where, headers=TUS).status_code == 404
        assert piece(client, where, 0, b"x").status_code == 404
        assert client.delete(where, headers=TUS).status_code == 404
        upload(client, picture(), folder=root_of(alice).pk)
        assert Asset.objects.get(owner=other.user).folder == root_of(other)
    assert begin(client_of(vera), 100).status_code == 403


def test_an_upload_without_the_forms_token_is_refused(alice: Membership) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice.user)
    assert begin(client, 100).status_code == 403


def test_the_plain_form_takes_several_and_says_what_is_wrong_with_each(alice: Membership, client_of: SignIn) -> None:
    files = [
        SimpleUploadedFile("sea.png", picture()),
        SimpleUploadedFile("notes.txt", b"hello"),
        SimpleUploadedFile("b.pdf", PDF),
    ]
    fields = {"folder": str(root_of(alice).pk), "files": files}
    text = page(client_of(alice).post(f"{URL}form", fields, follow=True))
    assert "Uploaded: 2 files." in text
    assert "notes.txt: This is not a PNG" in text
    assert Asset.objects.count() == 2


def test_the_plain_form_without_files_or_into_a_strangers_folder(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    client = client_of(bob)
    assert "Choose the files first" in page(client.post(f"{URL}form", {"folder": str(root_of(bob).pk)}, follow=True))
    assert client.post(f"{URL}form", {"folder": str(root_of(alice).pk)}).status_code == 404


def test_metadata_that_is_no_base64_is_left_out(alice: Membership, client_of: SignIn) -> None:
    headers = {**TUS, "Upload-Length": "5", "Upload-Metadata": "filename fr\xfch"}
    assert client_of(alice).post(URL, headers=headers).status_code == 201


def test_a_piece_that_the_disk_takes_in_part_is_sent_on_from_there(alice: Membership, client_of: SignIn) -> None:
    client, content = client_of(alice), picture()
    where = begin(client, len(content))["Location"]
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, before[1]))  # as a full disk: the first 40 bytes are taken
    try:
        taken = piece(client, where, 0, content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (taken.status_code, taken["Upload-Offset"]) == (204, "40")
    assert piece(client, where, 40, content[40:]).status_code == 204
    assert Asset.objects.get().bytes == len(content)


def test_a_file_of_which_a_part_is_missing_is_not_filed(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    where = begin(client, len(picture()))["Location"]
    piece(client, where, 0, picture()[:20])
    with pytest.raises(OSError, match="not all"):
        partial.finish(alice, Upload.objects.get())
    assert client.head(where, headers=TUS)["Upload-Offset"] == "20"
