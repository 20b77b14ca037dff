"""A bucket: private, reached by signed links to the host that browsers know, and never through this process."""

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from creative_hub import library
from creative_hub.models import Asset, Folder
from creative_hub.storage import links
from tests.storage.conftest import NAME, bucket_at, use
from wevion import s3
from wevion.accounts.models import Membership
from wevion.s3 import Bucket

CONTENT = bytes(range(256)) * 4
SignIn = Callable[[Membership], Client]


@pytest.fixture
def asset(bucket: Bucket, bob: Membership) -> Asset:
    stored = default_storage.save("results/1/lamp.mp4", ContentFile(CONTENT))
    about: dict[str, Any] = {"kind": "video", "mime": "video/mp4", "bytes": len(CONTENT), "sha256": "ab" * 32}
    into = Folder.objects.root_of(bob.user, bob.team)
    about |= {"name": "läm\np.mp4", "file": stored, "thumbnail": stored}
    return Asset.objects.create(team=bob.team, owner=bob.user, folder=into, **about)


def got(url: str, method: str = "GET", **headers: str) -> Any:
    return urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers), timeout=10)


def test_a_page_leads_to_the_file_with_its_type_and_name(asset: Asset, bob: Membership, client_of: SignIn) -> None:
    for part, disposition in (("", "inline"), ("/download", "attachment")):
        answer = client_of(bob).get(f"/creative-hub/files/{asset.pk}{part}")
        assert answer.status_code == 302
        assert answer["Cache-Control"].startswith("private")
        with got(answer["Location"]) as file:
            assert file.read() == CONTENT
            assert file.headers["Content-Type"] == "video/mp4"
            assert file.headers["Content-Disposition"].startswith(disposition)
            assert "l%C3%A4m%20p.mp4" in file.headers["Content-Disposition"]


def test_a_player_can_seek_and_a_program_can_ask_for_the_head(asset: Asset) -> None:
    url = library.link(asset.pk)
    with got(Client().get(url)["Location"], Range="bytes=10-19") as part:
        assert (part.status, part.read(), part.headers["Content-Range"]) == (206, CONTENT[10:20], "bytes 10-19/1024")
    with got(Client().head(url)["Location"], method="HEAD") as head:
        assert head.headers["Content-Length"] == "1024"


def test_a_vendor_that_follows_no_redirect_gets_the_bytes_from_here(asset: Asset) -> None:
    answer = Client().get(f"{library.link(asset.pk)}?here=1")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert (answer.status_code, body, answer["Content-Type"]) == (200, CONTENT, "video/mp4")
    head = Client().head(f"{library.link(asset.pk)}?here=1")
    assert (head.status_code, head["Content-Length"]) == (200, "1024")


def test_who_follows_no_redirect_gets_the_bytes_here(asset: Asset) -> None:
    url = f"{library.link(asset.pk)}?here=1"
    assert Client().head(url)["Content-Length"] == "1024"
    answer: Any = Client().get(url, headers={"range": "bytes=10-19"})
    assert (answer.status_code, b"".join(answer)) == (206, CONTENT[10:20])


def test_a_thumbnail_is_shown_from_the_bucket(asset: Asset, bob: Membership, client_of: SignIn) -> None:
    with got(client_of(bob).get(f"/creative-hub/files/{asset.pk}/thumbnail")["Location"]) as file:
        assert file.headers["Content-Type"] == "image/webp"


def test_nobody_else_gets_a_link(
    asset: Asset, alice: Membership, vera: Membership, charlie: Membership, client_of: SignIn
) -> None:
    for other in (alice, vera, charlie):
        assert client_of(other).get(f"/creative-hub/files/{asset.pk}").status_code == 404


def test_without_a_signature_the_file_is_out_of_reach(asset: Asset) -> None:
    url = links.signed(str(asset.file), asset.mime, asset.name)
    with pytest.raises(urllib.error.HTTPError) as refused:
        got(url.partition("?")[0])
    assert refused.value.code == 403


def test_a_link_ends_after_two_hours(asset: Asset) -> None:
    query = parse_qs(urlsplit(links.signed(str(asset.file), asset.mime, asset.name)).query)
    assert query["X-Amz-Expires"] == [str(s3.LINK_SECONDS)] == ["7200"]


def test_links_lead_to_the_public_host_while_bytes_go_over_the_inner_one(asset: Asset, s3_server: str, settings: Any) -> None:
    use(bucket_at(s3_server, "https://files.example.com"), settings)
    assert links.signed(str(asset.file), asset.mime, asset.name).startswith(f"https://files.example.com/{NAME}/results/")
    with default_storage.open(str(asset.file)) as stored:
        assert stored.read() == CONTENT


@pytest.mark.parametrize(
    ("variables", "origin"),
    [
        ({}, "https://wevion-files.s3.eu-west-1.amazonaws.com"),
        ({"S3_ENDPOINT_URL": "http://minio:9000"}, "http://minio:9000"),
        ({"S3_ENDPOINT_URL": "http://minio:9000", "S3_PUBLIC_URL": "https://files.example.com"}, "https://files.example.com"),
        ({"S3_PUBLIC_URL": "https://s3.example.com"}, "https://wevion-files.s3.example.com"),
    ],
)
def test_the_pages_policy_names_exactly_the_origin_of_the_links(
    variables: dict[str, str], origin: str, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    always = {"S3_BUCKET": NAME, "S3_REGION": "eu-west-1", "S3_ACCESS_KEY_ID": "a", "S3_SECRET_ACCESS_KEY": "b"}
    for name, value in (always | variables).items():
        monkeypatch.setenv(name, value)
    bucket = s3.from_environment()
    assert bucket
    assert bucket.origin == origin
    use(bucket, settings)
    parts = urlsplit(links.signed("results/a.png", "image/png", "a.png"))
    assert f"{parts.scheme}://{parts.netloc}" == origin
    assert "b" not in repr(bucket).split("=")[-1]


def test_without_a_bucket_files_lie_on_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("S3_BUCKET", raising=False)
    assert s3.from_environment() is None
    assert links.signed("results/a.png", "image/png", "a.png") == ""
