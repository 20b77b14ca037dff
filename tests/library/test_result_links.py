"""Result links: direct, signed, stable for a while, and harmless in a browser."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.test import Client
from rest_framework.test import APIClient

from creative_hub import library
from creative_hub.models import Asset, Folder
from tests.api.calling import BASE, complete, submitted
from wevion.accounts.models import Membership

CONTENT = bytes(range(256)) * 4
KeyOf = Callable[[Membership], str]


@pytest.fixture
def program(key_of: KeyOf, bob: Membership) -> APIClient:
    client = APIClient()
    client.default_format = "json"
    client.credentials(HTTP_X_API_KEY=key_of(bob))
    return client


def made(program: APIClient, prompt: str = "a red bicycle", **fields: Any) -> str:
    """The result link of a completed job with one variant."""
    job_id = submitted(program, prompt=prompt, num_variants=1, **fields)
    complete(job_id, CONTENT)
    url: str = program.get(f"{BASE}/jobs/{job_id}").json()["result_urls"][0]
    return url


def got(url: str, **headers: str) -> Any:
    return Client().get(url, headers={name.replace("_", "-"): value for name, value in headers.items()})


def body(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def test_a_link_is_absolute_and_gives_the_bytes_without_a_key(program: APIClient, settings: Any) -> None:
    settings.SITE_URL = "https://hub.example.com/"
    url = made(program)
    assert url.startswith("https://hub.example.com/files/")
    answer = got(url)
    assert (answer.status_code, body(answer)) == (200, CONTENT)
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Length"] == str(len(CONTENT))
    assert answer["Accept-Ranges"] == "bytes"


def test_a_file_can_run_nothing_in_a_browser(program: APIClient) -> None:
    answer = got(made(program))
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert answer["Cache-Control"].startswith("private")


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [("0-0", 0, 0), ("0-99", 0, 99), ("1000-", 1000, 1023), ("-24", 1000, 1023), ("-5000", 0, 1023), ("10-99999", 10, 1023)],
)
def test_a_part_can_be_had(wanted: str, first: int, last: int, program: APIClient) -> None:
    answer = got(made(program), range=f"bytes={wanted}")
    assert (answer.status_code, body(answer)) == (206, CONTENT[first : last + 1])
    assert answer["Content-Range"] == f"bytes {first}-{last}/1024"
    assert answer["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("wanted", ["1024-", "5000-6000", "-0"])
def test_a_part_beyond_the_end_is_refused_with_the_size(wanted: str, program: APIClient) -> None:
    answer = got(made(program), range=f"bytes={wanted}")
    assert (answer.status_code, answer["Content-Range"], answer.content) == (416, "bytes */1024", b"")


@pytest.mark.parametrize("wanted", ["bytes=5-2", "bytes=0-1,4-5", "pages=1-2", "bytes=-", "bytes=" + "9" * 5000 + "-", "x"])
def test_a_part_that_makes_no_sense_is_the_whole(wanted: str, program: APIClient) -> None:
    answer = got(made(program), range=wanted)
    assert (answer.status_code, body(answer)) == (200, CONTENT)


def test_a_download_goes_on_only_where_the_file_is_the_same(program: APIClient) -> None:
    url = made(program)
    etag = got(url)["ETag"]
    assert got(url, range="bytes=1000-", if_range=etag).status_code == 206
    assert got(url, range="bytes=1000-", if_range='"another"').status_code == 200
    assert got(url, if_none_match=etag).status_code == 304


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a red bicycle", 'inline; filename="a red bicycle.png"'),
        ("two\r\nlines\tand\u2028more", 'inline; filename="two lines and more.png"'),
        ('say "hi"; rm ../*', 'inline; filename="say hi rm.png"'),
        ("🚲🚲", 'inline; filename="image.png"'),
        ("دراجة", "inline; filename*=utf-8''%D8%AF%D8%B1%D8%A7%D8%AC%D8%A9.png"),
        ("x" * 4000, f'inline; filename="{"x" * 60}.png"'),
    ],
)
def test_a_file_is_named_after_its_prompt_whatever_that_holds(prompt: str, name: str, program: APIClient) -> None:
    assert got(made(program, prompt))["Content-Disposition"] == name


def test_a_link_is_the_same_when_read_again(program: APIClient) -> None:
    job_id = submitted(program)
    complete(job_id)
    first, again = (program.get(f"{BASE}/jobs/{job_id}").json() for _ in range(2))
    assert first["result_urls"] == again["result_urls"]
    assert program.get(f"{BASE}/jobs").json()["results"][0]["result_urls"] == first["result_urls"]


def test_a_link_lives_for_at_least_its_window(program: APIClient, settings: Any) -> None:
    token = made(program).rpartition("/")[2]
    expires = int(token.split(".")[1].split(":")[0])
    assert settings.RESULT_LINK_SECONDS - 60 <= expires - time.time() <= 2 * settings.RESULT_LINK_SECONDS


def test_an_altered_link_leads_nowhere(program: APIClient) -> None:
    url = made(program)
    other = Asset.objects.get()
    head, _, token = url.rpartition("/")
    for wrong in (token[:-1], token + "x", token.swapcase(), token.replace(str(other.pk), str(other.folder_id)), "x", "%00"):
        assert got(f"{head}/{wrong}").status_code == 404


def test_an_expired_link_leads_nowhere_and_a_fresh_one_is_had_by_asking(program: APIClient) -> None:
    url = made(program)
    asset = Asset.objects.get()
    expired = signing.Signer(salt=library.LINK_SALT).sign(f"{asset.pk}.{int(time.time()) - 1}")
    assert got(f"{url.rpartition('/')[0]}/{expired}").status_code == 404
    assert got(library.link(asset.pk)).status_code == 200


def test_a_link_takes_reads_only(program: APIClient) -> None:
    url = made(program)
    assert Client().head(url).status_code == 200
    assert Client().post(url).status_code == 405


def test_the_result_is_in_the_folder_that_was_chosen(program: APIClient, bob: Membership) -> None:
    root = Folder.objects.root_of(bob.user, bob.team)
    folder = Folder.objects.create(owner=bob.user, team=bob.team, parent=root, name="Ads")
    made(program, drive_folder_id=str(folder.pk))
    asset = Asset.objects.get()
    assert (asset.folder, asset.owner, asset.bytes) == (folder, bob.user, 1024)


def test_a_file_of_the_library_is_an_input_for_its_owner_and_nobody_else(
    program: APIClient, key_of: KeyOf, alice: Membership, charlie: Membership
) -> None:
    made(program)
    order = {"prompt": "it drives", "image_url": str(Asset.objects.get().pk)}
    assert program.post(f"{BASE}/video", order).status_code == 202
    for other in (alice, charlie):
        client = APIClient()
        answer = client.post(f"{BASE}/video", order, format="json", headers={"x-api-key": key_of(other)})
        assert (answer.status_code, answer.json()["details"]) == (404, {"field": "image_url"})
    wrong_kind = program.post(f"{BASE}/composite", {"headline_text": "a", "audio": order["image_url"]})
    assert (wrong_kind.status_code, list(wrong_kind.json()["details"])) == (400, ["audio"])
