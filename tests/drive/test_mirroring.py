"""A file of the library comes into the team's shared drive once, in folders of the same names."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from creative_hub.drive import mirroring, queue, remote
from creative_hub.library import tree
from creative_hub.library.tree import Selection
from creative_hub.models import Asset, DriveMirror, Folder, TeamDrive
from jobs import doorbell
from tests.api.calling import complete
from tests.drive.conftest import mirrored
from tests.drive.fake import FakeDrive
from tests.line.test_vendors import submitted
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db

File = Callable[..., Asset]


def mirror_of(asset: Asset) -> DriveMirror:
    return DriveMirror.objects.get(asset=asset)


def only(google: FakeDrive, asset: Asset) -> None:
    """The file is in the drive, whole, exactly once, and the row says so."""
    (there,) = google.named(asset.name)
    with asset.file.open("rb") as stored:
        assert there.sha256 == hashlib.sha256(stored.read()).hexdigest()
    mirror = mirror_of(asset)
    assert (mirror.drive_id, mirror.wake_at, mirror.problem) == (there.id, None, "")
    assert mirror.link.endswith(f"{there.id}/view")
    assert mirror.mirrored_at


def test_a_result_comes_into_the_drive_below_the_folder_that_was_chosen(
    google: FakeDrive, place: TeamDrive, bob: Membership, client_of: Any
) -> None:
    root = Folder.objects.root_of(bob.user, bob.team)
    ads = Folder.objects.create(owner=bob.user, team=bob.team, parent=root, name="Ads")
    job = submitted(bob, "image", provider="local_image", prompt="a lamp", num_variants=1, drive_folder_id=str(ads.pk))
    complete(str(job.pk), b"a picture of a lamp")
    mirrored()
    asset = Asset.objects.get()
    only(google, asset)
    assert google.path(google.named(asset.name)[0]) == "Bob/Ads/a lamp.png"
    page = client_of(bob).get(f"/creative-hub/files/{asset.pk}/view").content.decode()
    assert mirror_of(asset).link in page


def test_folders_are_made_once_and_again_when_somebody_threw_them_away(google: FakeDrive, filed: File) -> None:
    for name in ("one.png", "two.png"):
        filed(name)
        mirrored()
    assert len(google.named("Bob")) == 1
    google.named("Bob")[0].trashed = True
    filed("three.png")
    mirrored()
    assert google.path(google.named("three.png")[0]) == "Bob/three.png"
    assert len(google.named("Bob")) == 2


def test_the_mirror_can_begin_in_a_folder_of_the_drive(google: FakeDrive, place: TeamDrive, filed: File) -> None:
    filed("one.png")
    mirrored()
    TeamDrive.objects.update(folder_id=google.named("Bob")[0].id)
    Folder.objects.get().in_drive.delete()
    google.named("Bob")[0].properties.clear()
    filed("two.png")
    mirrored()
    assert google.path(google.named("two.png")[0]) == "Bob/Bob/two.png"


def test_a_large_file_goes_in_parts(google: FakeDrive, filed: File) -> None:
    asset = filed("long.png", b"x" * (2 * remote.PART_BYTES + 12_345))
    mirrored()
    only(google, asset)
    assert google.calls.count("put") == 3


def test_an_upload_that_takes_long_lets_others_work_between(google: FakeDrive, filed: File, monkeypatch: Any) -> None:
    monkeypatch.setattr(mirroring, "TURN_SECONDS", 0)
    asset = filed("long.png", b"x" * (remote.PART_BYTES + 1))
    assert mirroring.mirror_next()
    waiting = mirror_of(asset)
    assert (waiting.lease_until, waiting.problem, waiting.session != "") == (None, "", True)
    monkeypatch.setattr(mirroring, "TURN_SECONDS", 20)
    mirrored()
    only(google, asset)
    assert google.calls.count("begin") == 1


def test_an_answer_that_is_lost_does_not_lead_to_a_second_upload(google: FakeDrive, filed: File) -> None:
    asset = filed()
    google.fail("put", 0, lost=True, times=2)  # the HTTP client asks twice
    mirrored()
    assert mirror_of(asset).problem == "unreachable"
    mirrored()
    only(google, asset)
    assert google.calls.count("begin") == 1


def test_an_upload_that_google_has_forgotten_begins_anew_and_is_looked_for_first(google: FakeDrive, filed: File) -> None:
    asset = filed()
    google.fail("put", 503)
    mirrored()
    google.uploads.clear()
    mirrored()
    assert mirror_of(asset).session == ""
    mirrored()
    only(google, asset)
    assert google.calls.count("begin") == 2
    assert "list" in google.calls[google.calls.index("put") :]


def test_a_worker_that_died_after_its_last_byte_is_followed_by_one_that_finds_the_file(google: FakeDrive, filed: File) -> None:
    asset = filed()
    claim = queue.claim()
    assert claim
    mirror = DriveMirror.objects.select_related("asset__folder", "team__drive").get()
    remote.upload(asset, remote.counterpart(mirror.team.drive, asset.folder), "", lambda session: None, lambda: True)
    mirrored()
    only(google, asset)


def test_a_worker_that_wakes_late_writes_nothing(google: FakeDrive, filed: File) -> None:
    asset = filed()
    late = queue.claim()
    assert late
    mirrored()
    only(google, asset)
    with pytest.raises(queue.Lost):
        queue.finish(late, "another", "https://drive.google.com/another")
    queue.postpone(late, queue.Trouble("busy"), 0, keep_session=True)
    only(google, asset)


def test_one_file_of_a_team_at_a_time_and_another_teams_beside_it(filed: File, charlie: Membership) -> None:
    filed("one.png")
    filed("two.png")
    assert queue.claim()
    assert queue.claim() is None
    TeamDrive.objects.create(team=charlie.team, shared_drive_id="0AnotherDriveOfOthers")
    into = Folder.objects.root_of(charlie.user, charlie.team)
    other = Asset.objects.create(
        team=charlie.team, owner=charlie.user, folder=into, name="c.png", kind="image", mime="image/png", bytes=1, file="c.png"
    )
    queue.enqueue([other])
    claim = queue.claim()
    assert claim
    assert DriveMirror.objects.get(pk=claim.mirror).asset == other


def test_what_was_deleted_meanwhile_is_not_mirrored(google: FakeDrive, filed: File) -> None:
    asset = filed()
    Asset.objects.filter(pk=asset.pk).update(deleted_at=asset.created_at)
    mirrored()
    assert google.files == {}
    assert not DriveMirror.objects.exists()


def test_a_team_without_a_drive_is_left_alone(google: FakeDrive, bob: Membership, client_of: Any) -> None:
    job = submitted(bob, "image", provider="local_image", prompt="a lamp", num_variants=1)
    complete(str(job.pk), b"a picture")
    assert not DriveMirror.objects.exists()
    assert "Drive:" not in client_of(bob).get(f"/creative-hub/files/{Asset.objects.get().pk}/view").content.decode()


def test_a_drive_that_is_switched_off_gets_nothing_more(google: FakeDrive, place: TeamDrive, filed: File) -> None:
    asset = filed()
    TeamDrive.objects.update(enabled=False)
    mirrored()
    assert google.files == {}
    TeamDrive.objects.update(enabled=True)
    mirrored()
    only(google, asset)


def test_a_lost_message_is_made_up_for_by_the_sweeper(filed: File, monkeypatch: Any) -> None:
    rung: list[str] = []
    monkeypatch.setattr(doorbell, "ring", lambda task, *rest, **more: rung.append(task))
    filed()
    queue.ring_for_due()
    assert rung == [queue.TASK]


def test_what_was_taken_down_meanwhile_is_not_mirrored_until_it_is_shown_again(
    google: FakeDrive, filed: File, alice: Membership, client_of: Any
) -> None:
    asset, assets = filed(), "/backoffice/creative_hub/asset/"
    client_of(alice).post(assets, {"action": "take_down", "_selected_action": str(asset.pk)})
    mirrored()
    drives = {"action": "copy_library", "_selected_action": str(TeamDrive.objects.get().pk)}
    client_of(alice).post("/backoffice/creative_hub/teamdrive/", drives)
    assert (google.files, DriveMirror.objects.count()) == ({}, 0)
    client_of(alice).post(assets, {"action": "show_again", "_selected_action": str(asset.pk)})
    mirrored()
    only(google, asset)


def test_the_link_to_a_copy_goes_when_the_file_is_taken_down(filed: File, bob: Membership, client_of: Any) -> None:
    asset = filed()
    mirrored()
    link, address = mirror_of(asset).link, f"/creative-hub/files/{asset.pk}/view"
    assert link in client_of(bob).get(address).content.decode()
    Asset.objects.update(taken_down_at=asset.created_at)
    assert link not in client_of(bob).get(address).content.decode()


def test_what_comes_back_from_the_trash_is_mirrored_after_all(google: FakeDrive, filed: File, bob: Membership) -> None:
    folder = Folder.objects.create(
        owner=bob.user, team=bob.team, parent=Folder.objects.root_of(bob.user, bob.team), name="Summer"
    )
    alone, along = filed("alone.png"), filed("along.png", folder=folder)
    chosen = Selection([alone], [folder])
    tree.trash(bob.user, chosen)
    mirrored()
    assert not DriveMirror.objects.exists()
    tree.restore(bob.user, chosen)
    mirrored()
    only(google, alone)
    only(google, along)


def test_a_file_that_came_back_just_now_keeps_its_mirror(filed: File) -> None:
    asset = filed()
    claim = queue.claim()
    assert claim
    queue.drop(claim, asset.pk)
    assert mirror_of(asset).wake_at
