"""An owner or admin sets the team's drive up in the backoffice; nobody else's, and nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client

from creative_hub.models import Asset, DriveFolder, DriveMirror, TeamDrive
from tests.drive.conftest import mirrored
from tests.drive.fake import FakeDrive
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db

SignIn = Callable[[Membership], Client]
LIST = "/backoffice/creative_hub/teamdrive/"
PLACE = {"shared_drive_id": FakeDrive.shared_drive, "folder_id": "", "enabled": "on"}


def test_the_owner_sets_up_the_teams_drive_and_sees_whom_to_invite(
    google: FakeDrive, alice: Membership, client_of: SignIn
) -> None:
    browser = client_of(alice)
    assert "hub@wevion.iam.gserviceaccount.com" in browser.get(f"{LIST}add/").content.decode()
    assert browser.post(f"{LIST}add/", PLACE).status_code == 302
    place = TeamDrive.objects.get()
    assert (place.team, place.shared_drive_id) == (alice.team, FakeDrive.shared_drive)
    assert browser.get(f"{LIST}add/").status_code == 403


@pytest.mark.parametrize("wrong", ["x", "https://drive.google.com/drive/folders/0A", "'; drop", ""])
def test_an_id_that_is_none_is_refused_beside_its_field(wrong: str, alice: Membership, client_of: SignIn) -> None:
    answer = client_of(alice).post(f"{LIST}add/", {**PLACE, "shared_drive_id": wrong})
    assert answer.status_code == 200
    assert not TeamDrive.objects.exists()


def test_others_cannot_see_or_change_it(
    place: TeamDrive, bob: Membership, vera: Membership, charlie: Membership, client_of: SignIn
) -> None:
    for member in (bob, vera):
        assert client_of(member).get(LIST).status_code == 302
    stranger = client_of(charlie)
    assert place.shared_drive_id not in stranger.get(LIST).content.decode()
    stranger.post(f"{LIST}{place.pk}/change/", {**PLACE, "enabled": ""})
    place.refresh_from_db()
    assert place.enabled
    assert "already" in stranger.post(f"{LIST}add/", PLACE).content.decode()


def test_another_place_gets_folders_of_its_own_and_what_waits_is_tried_at_once(
    google: FakeDrive, place: TeamDrive, filed: Callable[..., Asset], alice: Membership, client_of: SignIn
) -> None:
    filed("one.png")
    mirrored()
    filed("two.png")
    google.fail("begin", 403, "storageQuotaExceeded")
    mirrored()
    client_of(alice).post(f"{LIST}{place.pk}/change/", {**PLACE, "folder_id": google.named("Bob")[0].id})
    assert not DriveFolder.objects.exists()
    assert DriveMirror.objects.overdue(-1) == 1


def test_the_whole_library_can_be_copied_later(
    google: FakeDrive, place: TeamDrive, filed: Callable[..., Asset], alice: Membership, client_of: SignIn
) -> None:
    filed("one.png")
    DriveMirror.objects.all().delete()
    client_of(alice).post(LIST, {"action": "copy_library", "_selected_action": str(place.pk)})
    mirrored()
    assert len(google.named("one.png")) == 1
    assert "1" in client_of(alice).get(LIST).content.decode()
    assert client_of(alice).get("/backoffice/creative_hub/drivemirror/").status_code == 200
