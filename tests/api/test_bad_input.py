"""What cannot be done is refused with the right status and the field's name, and nothing is left half-written."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from creative_hub.models import Folder
from jobs.models import CreditAccount
from tests.api.calling import BASE, BODIES, Api, error_of, standing
from wevion.accounts.models import Membership

RAW = "application/json"


def sent(client: APIClient, path: str, body: bytes, content_type: str = RAW) -> Any:
    return client.generic("POST", f"{BASE}/{path}", body, content_type=content_type)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _nothing_changes(bob: Membership) -> Iterator[None]:
    before = standing()
    yield
    assert standing() == before


@pytest.mark.parametrize(
    ("job_type", "field", "value"),
    [
        ("image", "prompt", ""),
        ("image", "prompt", "   "),
        ("image", "prompt", "x" * 4001),
        ("image", "prompt", "a\x00b"),
        ("image", "prompt", "half \ud83d"),
        ("image", "prompt", None),
        ("image", "prompt", True),
        ("image", "prompt", ["a"]),
        ("image", "prompt", {"a": 1}),
        ("image", "provider", "dall_e_9"),
        ("image", "provider", "luma_ray3"),
        ("image", "provider", ["local_image"]),
        ("image", "provider", "\ud800"),
        ("image", "provider", "flux_2_pro"),
        ("image", "num_variants", 0),
        ("image", "num_variants", 5),
        ("image", "num_variants", True),
        ("image", "num_variants", 2.5),
        ("image", "seed", -1),
        ("image", "seed", 2**32),
        ("image", "seed", 10**400),
        ("image", "seed", True),
        ("image", "width", 100),
        ("image", "width", 512),
        ("image", "aspect_ratio", "7:5"),
        ("image", "drive_folder_id", "not-a-uuid"),
        ("image", "drive_folder_id", 1.5),
        ("image", "colour", "red"),
        ("image", "duration", 5),
        ("image", "\ud800", 1),
        ("video", "duration", 7),
        ("video", "duration", "5 seconds"),
        ("video", "duration", True),
        ("video", "image_url", "http://127.0.0.1/x.png"),
        ("video", "image_url", "https://169.254.169.254/latest/meta-data"),
        ("video", "image_url", "file:///etc/passwd"),
        ("video", "image_url", "x.png"),
        ("avatar", "script", ""),
        ("avatar", "avatar_id", "nobody"),
        ("tts", "text", "x" * 4001),
        ("tts", "voice_id", "nobody"),
        ("composite", "template_id", "none-such"),
        ("composite", "headline_text", "x" * 121),
        ("composite", "resolution", "8k"),
    ],
)
def test_a_wrong_field_is_named(job_type: str, field: str, value: Any, api: Api, bob: Membership) -> None:
    answer = api(bob).post(f"{BASE}/{job_type}", json.dumps(BODIES[job_type] | {field: value}), content_type=RAW)
    body = error_of(answer, 400, "invalid_request")
    named = field.encode(errors="replace").decode()
    assert named in body["details"] or (field == "width" and "height" in body["details"])
    assert body["message"].startswith(tuple(body["details"]))


@pytest.mark.parametrize("job_type", ["image", "video", "avatar", "tts", "composite"])
def test_an_empty_order_names_what_is_missing(job_type: str, api: Api, bob: Membership) -> None:
    assert error_of(api(bob).post(f"{BASE}/{job_type}", {}), 400, "invalid_request")["details"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "invalid_json"),
        (b"prompt=a", "invalid_json"),
        (b"\xff\xfe\xfa", "invalid_json"),
        (b'{"prompt": "a", "seed": NaN}', "invalid_json"),
        (b'{"prompt": "a", "seed": Infinity}', "invalid_json"),
        (b'{"prompt": "a", "seed": ' + b"9" * 5000 + b"}", "invalid_json"),
        (b"[" * 10_000 + b"]" * 10_000, "invalid_json"),
        (b'{"prompt":' * 900 + b"1" + b"}" * 900, "invalid_json"),
        (b'{"prompt": "a", "seed": 1e400}', "invalid_request"),
        (b"[]", "invalid_request"),
        (b'[{"prompt": "a"}]', "invalid_request"),
        (b"null", "invalid_request"),
        (b'"a red bicycle"', "invalid_request"),
        (b"7", "invalid_request"),
        (b"", "invalid_request"),
    ],
)
def test_a_body_that_is_no_order_is_refused(body: bytes, code: str, api: Api, bob: Membership) -> None:
    error_of(sent(api(bob), "image", body), 400, code)
    assert sent(api(bob), "quote", body).status_code == 400


def test_of_a_field_given_twice_the_last_is_checked(api: Api, bob: Membership) -> None:
    answer = sent(api(bob), "image", b'{"prompt": "a", "prompt": ""}')
    assert "prompt" in error_of(answer, 400, "invalid_request")["details"]


@pytest.mark.parametrize("path", ["image", "quote"])
def test_twenty_megabytes_are_too_large(path: str, api: Api, bob: Membership) -> None:
    body = b'{"prompt": "' + b"a" * 20_000_000 + b'"}'
    error_of(sent(api(bob), path, body), 413, "payload_too_large")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
def test_other_than_json_is_not_taken(kind: str, api: Api, bob: Membership) -> None:
    answer = sent(api(bob), "image", b"prompt=a", kind)
    error_of(answer, 415, "unsupported_media_type")


def test_an_unknown_type_is_not_found(api: Api, bob: Membership) -> None:
    error_of(api(bob).post(f"{BASE}/hologram", {"prompt": "a"}), 404, "not_found")


def test_somebody_elses_folder_does_not_exist(api: Api, bob: Membership, alice: Membership) -> None:
    folder = Folder.objects.root_of(alice.user, alice.team)
    answer = api(bob).post(f"{BASE}/image", BODIES["image"] | {"drive_folder_id": str(folder.pk)})
    body = error_of(answer, 404, "not_found")
    assert "drive_folder_id" in body["message"]
    folder.delete()


def test_a_viewer_may_not_generate_however_wrong_the_order_is(api: Api, vera: Membership) -> None:
    for body in (BODIES["image"], {"prompt": ""}):
        assert "Viewer" in error_of(api(vera).post(f"{BASE}/image", body), 403, "forbidden")["message"]


def test_a_team_without_credit_is_told_price_and_balance(api: Api, bob: Membership) -> None:
    held = CreditAccount.objects.filter(team=bob.team)
    held.update(held_cents=999)
    body = error_of(api(bob).post(f"{BASE}/image", BODIES["image"]), 402, "insufficient_credits")
    held.update(held_cents=0)
    assert body["details"] == {"cost_cents": 4, "available_cents": 1}
    assert "$0.04" in body["message"]


def test_a_member_at_the_monthly_cap_is_told_so(api: Api, bob: Membership) -> None:
    bob.monthly_cap_cents = 3
    bob.save()
    body = error_of(api(bob).post(f"{BASE}/image", BODIES["image"]), 402, "credit_cap_reached")
    assert body["details"] == {"cost_cents": 4, "cap_cents": 3}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("type=hologram", "type"),
        ("status=done", "status"),
        ("provider=dall_e_9", "provider"),
        ("created_after=yesterday", "created_after"),
        ("created_before=2026-13-01", "created_before"),
        ("completed_after=0001-01-01T00:00:00%2B23:00", "completed_after"),
        ("completed_before=9999-12-31T23:59:59-23:00", "completed_before"),
        ("folder=1", "folder"),
        ("q=%00", "q"),
        ("q=" + "x" * 201, "q"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=-1", "limit"),
        ("limit=ten", "limit"),
        ("limit=²", "limit"),
        ("cursor=abc", "cursor"),
        ("cursor=cD1hYmM%3D", "cursor"),
        ("cursor=%00%ff", "cursor"),
        ("totals=maybe", "totals"),
        ("colour=red", "colour"),
        ("type=", "type"),
        ("created_after=", "created_after"),
        ("when=today", "when"),
        ("user_id=1", "user_id"),
    ],
)
def test_a_bad_filter_is_named(query: str, named: str, api: Api, bob: Membership) -> None:
    body = error_of(api(bob).get(f"{BASE}/jobs?{query}"), 400, "invalid_request")
    assert list(body["details"]) == [named]
    assert body["message"].startswith(named)


@pytest.mark.parametrize("wanted", ["text/html", "application/xml"])
def test_an_answer_that_is_not_json_cannot_be_had(wanted: str, api: Api, bob: Membership) -> None:
    error_of(api(bob).get(f"{BASE}/jobs", headers={"Accept": wanted}), 406, "not_acceptable")


@pytest.mark.parametrize(("method", "path"), [("PUT", "jobs"), ("DELETE", "jobs"), ("GET", "image"), ("PATCH", "quote")])
def test_a_wrong_method_is_told_the_right_ones(method: str, path: str, api: Api, bob: Membership) -> None:
    answer = api(bob).generic(method, f"{BASE}/{path}")
    error_of(answer, 405, "method_not_allowed")
    assert answer["Allow"]


@pytest.mark.parametrize("path", ["/api/", "/api/nowhere", f"{BASE}/", f"{BASE}/jobs/abc", f"{BASE}/jobs/"])
def test_an_unknown_path_has_the_envelope_too(path: str, api: Api, bob: Membership) -> None:
    error_of(api(bob).get(path), 404, "not_found")
