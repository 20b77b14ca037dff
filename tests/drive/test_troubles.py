"""What Google Drive refuses is told apart, told to the person, and tried again in its time; no job waits for it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from creative_hub.drive import mirroring
from creative_hub.drive.access import DoorHttp
from creative_hub.models import Asset, DriveMirror, TeamDrive
from creative_hub.models.drive import PROBLEMS
from jobs import clock
from jobs.models import Job
from tests.api.calling import complete
from tests.drive.conftest import keys, mirrored
from tests.drive.fake import FakeDrive
from tests.line.test_vendors import submitted
from wevion.accounts.models import Membership, Role
from wevion.http.errors import Refused

pytestmark = pytest.mark.django_db

File = Callable[..., Asset]
OWNS_NOTHING = "Service Accounts do not have storage quota. Leverage shared drives, or use OAuth delegation."
LATER = timedelta(minutes=14)

CASES: list[tuple[str, int, str, str, str]] = [
    ("begin", 403, "storageQuotaExceeded", "The drive's storage quota has been exceeded", "full"),
    ("begin", 403, "teamDriveFileLimitExceeded", "", "full"),
    ("begin", 403, "storageQuotaExceeded", OWNS_NOTHING, "not_shared_drive"),
    ("begin", 403, "insufficientFilePermissions", "", "not_allowed"),
    ("create", 403, "insufficientParentPermissions", "", "not_allowed"),
    ("create", 404, "notFound", "", "not_found"),
    ("create", 403, "accessNotConfigured", "", "switched_off"),
    ("put", 400, "badRequest", "", "refused"),
    ("begin", 403, "userRateLimitExceeded", "", "busy"),
    ("put", 403, "rateLimitExceeded", "", "busy"),
    ("begin", 429, "rateLimitExceeded", "", "busy"),
    ("create", 500, "backendError", "", "failing"),
    ("put", 503, "backendError", "", "failing"),
    ("begin", 401, "authError", "", "credentials"),
    ("token", 400, "invalid_grant", "", "credentials"),
]


@pytest.mark.parametrize(("call", "status", "reason", "message", "problem"), CASES)
def test_every_refusal_is_told_apart_and_the_file_comes_when_it_is_mended(
    call: str, status: int, reason: str, message: str, problem: str, google: FakeDrive, filed: File
) -> None:
    asset = filed()
    google.fail(call, status, reason, message=message, times=9)
    mirrored()
    mirror = DriveMirror.objects.get()
    assert mirror.problem == problem
    assert mirror.wake_at
    assert (mirror.wake_at - clock.now() > LATER) == (not PROBLEMS[problem].passing)
    google.failures.clear()
    mirrored()
    assert len(google.named(asset.name)) == 1
    assert DriveMirror.objects.get().mirrored_at


def test_a_drive_that_asks_for_patience_gets_it(google: FakeDrive, filed: File) -> None:
    filed()
    google.fail("begin", 429, retry_after="1200")
    mirrored()
    assert (DriveMirror.objects.get().wake_at or clock.now()) - clock.now() > timedelta(minutes=19)


def test_a_token_that_was_withdrawn_is_asked_for_again_at_once(google: FakeDrive, filed: File) -> None:
    filed("one.png")
    mirrored()
    google.tokens.clear()
    filed("two.png")
    mirrored()
    assert len(google.named("two.png")) == 1


def test_a_folder_outside_the_shared_drive_is_not_written_to(google: FakeDrive, place: TeamDrive, filed: File) -> None:
    filed()
    TeamDrive.objects.update(folder_id="1somebody-elses-folder")
    mirrored()
    assert DriveMirror.objects.get().problem == "not_found"
    assert google.files == {}


def test_a_drive_that_cannot_be_reached_delays_nothing_but_the_mirror(
    google: FakeDrive, place: TeamDrive, bob: Membership, client_of: Callable[[Membership], Client], settings: Any
) -> None:
    settings.DRIVE_URL = "http://127.0.0.1:9"
    job = submitted(bob, "image", provider="local_image", prompt="a lamp", num_variants=1)
    complete(str(job.pk), b"a picture")
    mirrored()
    assert Job.objects.get().status == "completed"
    page = client_of(bob).get(f"/creative-hub/files/{Asset.objects.get().pk}/view").content.decode()
    assert "waiting, the next try is on" in page
    assert DriveMirror.objects.get().problem in ("unreachable", "refused")


def test_after_a_week_it_is_given_up_until_the_person_tries_again(
    google: FakeDrive, filed: File, bob: Membership, client_of: Callable[[Membership], Client]
) -> None:
    asset = filed()
    DriveMirror.objects.update(created_at=clock.now() - timedelta(days=8))
    google.fail("begin", 403, "storageQuotaExceeded")
    mirrored()
    browser = client_of(bob)
    page = browser.get(f"/creative-hub/files/{asset.pk}/view").content.decode()
    assert "Drive: not copied." in page
    assert "The shared drive is full." in page
    assert browser.post(f"/creative-hub/files/{asset.pk}/drive").status_code == 302
    mirrored()
    assert len(google.named(asset.name)) == 1


def test_only_the_owner_of_the_file_can_try_again(
    filed: File, alice: Membership, vera: Membership, charlie: Membership, client_of: Callable[[Membership], Client]
) -> None:
    asset = filed()
    for other in (alice, vera, charlie):
        assert client_of(other).post(f"/creative-hub/files/{asset.pk}/drive").status_code == 404
    assert Client().post(f"/creative-hub/files/{asset.pk}/drive").status_code == 302
    Membership.objects.filter(user=asset.owner).update(role=Role.VIEWER)
    own = Membership.objects.get(user=asset.owner)
    assert client_of(own).post(f"/creative-hub/files/{asset.pk}/drive").status_code == 403  # theirs to see, not to act on
    assert client_of(alice).get(f"/creative-hub/files/{asset.pk}/drive").status_code == 405


@pytest.mark.parametrize("key", ["", "/nowhere/key.json", "{broken", "{}", '{"client_email": "a", "token_uri": "b"}'])
def test_without_a_usable_key_nothing_leaves_and_the_row_says_why(
    key: str, google: FakeDrive, filed: File, settings: Any
) -> None:
    filed()
    settings.DRIVE_SERVICE_ACCOUNT = key
    mirrored()
    assert DriveMirror.objects.get().problem == "not_set_up"
    assert google.calls == []


def test_the_token_goes_to_no_other_host(google: FakeDrive) -> None:
    with pytest.raises(Refused):
        DoorHttp(frozenset({"www.googleapis.com"})).request(f"{google.url}/upload", "PUT", b"")


def test_the_key_is_in_no_log_and_on_no_row(google: FakeDrive, filed: File, caplog: pytest.LogCaptureFixture) -> None:
    filed()
    google.fail("token", 400, "invalid_grant", times=9)
    mirrored()
    secret = keys()[0].splitlines()[3]
    rows = json.dumps(list(DriveMirror.objects.values()), default=str)
    assert secret not in caplog.text + rows
    assert not any(token in caplog.text + rows for token in google.tokens)


def test_what_breaks_on_our_side_is_put_off_and_logged(google: FakeDrive, filed: File) -> None:
    asset = filed()
    asset.file.storage.delete(str(asset.file))
    mirrored()
    assert DriveMirror.objects.get().problem == "storage"
    assert len(google.named("lamp.png")) == 0
    assert mirroring.mirror_next() is False
