"""Deleting for good: the bytes go, what a job or draft tells of stays as a name."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from creative_hub import campaigns, tasks
from creative_hub.library import partial, purging, tree
from creative_hub.library.tree import Selection
from creative_hub.models import Asset, CampaignDraft, Folder, Upload
from tests.library.conftest import Put, root_of, subfolder
from tests.pages.making import make
from wevion.accounts.models import Membership


def trashed(member: Membership, *files: Asset, folders: list[Folder] | None = None, days: int = 0) -> None:
    tree.trash(member.user, Selection(list(files), folders or []))
    if days:
        ago = timezone.now() - timedelta(days=days)
        for model in (Asset, Folder):
            model.objects.exclude(deleted_at=None).update(deleted_at=ago)


def kept(asset: Asset) -> list[bool]:
    return [default_storage.exists(str(name)) for name in (asset.file, asset.thumbnail)]


def test_emptying_the_trash_removes_bytes_thumbnails_and_rows(alice: Membership, put: Put) -> None:
    outer = subfolder(alice, "Outer")
    inside, alone, living = put(alice, "in.png", outer), put(alice, "alone.png"), put(alice, "living.png")
    trashed(alice, alone, folders=[outer])
    assert purging.empty(alice.user) == 2
    tree.restore(alice.user, Selection([alone], [outer]))
    tasks.sweep()
    assert [kept(asset) for asset in (inside, alone, living)] == [[False, False], [False, False], [True, True]]
    assert list(Asset.objects.all()) == [living]
    assert list(Folder.objects.of(alice.user)) == [root_of(alice)]
    assert not Folder.objects.filter(pk=outer.pk).exists()


def test_the_file_of_a_job_or_draft_leaves_its_name(alice: Membership, put: Put, drain: Callable[[], int]) -> None:
    make(alice)
    drain()
    result, used = Asset.objects.get(), put(alice, "used.png")
    draft = CampaignDraft(owner=alice.user, team=alice.team, name="Spring")
    campaigns.save(draft, {}, [used])
    trashed(alice, result, used)
    purging.empty(alice.user)
    tasks.sweep()
    for asset in (result, used):
        assert kept(asset) == [False, False]
        asset.refresh_from_db()
        assert (str(asset.file), asset.purged_at is not None) == ("", True)


def test_the_trash_is_kept_for_thirty_days(alice: Membership, put: Put) -> None:
    young, old, folder = put(alice, "young.png"), put(alice, "old.png"), subfolder(alice, "Old")
    inside = put(alice, "inside.png", folder)
    trashed(alice, old, folders=[folder], days=31)
    trashed(alice, young)
    assert purging.due()
    tasks.sweep()
    assert list(Asset.objects.all()) == [young]
    assert kept(inside) == [False, False]
    assert not Folder.objects.filter(pk=folder.pk).exists()
    assert not purging.due()


def test_what_was_filed_while_its_folder_was_deleted_is_not_lost(alice: Membership, put: Put) -> None:
    folder = subfolder(alice, "Gone")
    late = put(alice, "late.png", folder)
    Folder.objects.filter(pk=folder.pk).update(deleted_at=timezone.now())
    purging.empty(alice.user)
    late.refresh_from_db()
    assert (late.folder, late.deleted_at) == (root_of(alice), None)


def test_bytes_that_another_file_shares_stay(alice: Membership, put: Put) -> None:
    first = put(alice, "first.png")
    second = Asset.objects.get(pk=first.pk)
    second.pk, second.name = None, "second.png"
    second._state.adding = True
    Asset.objects.bulk_create([second])
    trashed(alice, first)
    purging.empty(alice.user)
    tasks.sweep()
    assert kept(first) == [True, True]


def test_a_storage_that_fails_is_asked_again(alice: Membership, put: Put) -> None:
    asset = put(alice)
    path = Path(default_storage.path(str(asset.file)))
    path.unlink()
    path.mkdir()
    (path / "in the way").touch()
    trashed(alice, asset)
    purging.empty(alice.user)
    tasks.sweep()
    assert Asset.objects.filter(pk=asset.pk).exists()
    (path / "in the way").unlink()
    path.rmdir()
    tasks.sweep()
    assert not Asset.objects.filter(pk=asset.pk).exists()


def test_the_trash_is_each_persons_own(alice: Membership, bob: Membership, charlie: Membership, put: Put) -> None:
    files = [put(member) for member in (alice, bob, charlie)]
    for member, file in zip((alice, bob, charlie), files, strict=True):
        trashed(member, file)
    purging.purge(bob.user, Selection([files[0], files[2]]))
    assert not Asset.objects.exclude(purged_at=None).exists()
    assert purging.empty(bob.user) == 1


@pytest.mark.usefixtures("db")
def test_uploads_that_nobody_finished_are_swept_after_a_day(alice: Membership) -> None:
    old, young = (
        Upload.objects.create(team=alice.team, owner=alice.user, folder=root_of(alice), name="a.png", length=5) for _ in range(2)
    )
    for upload in (old, young):
        partial.begin(upload)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE creative_hub_upload SET created_at = now() - interval '25 hours' WHERE id = %s", [old.pk])
    tasks.sweep()
    assert list(Upload.objects.all()) == [young]
    assert (partial.path_of(old.pk).exists(), partial.path_of(young.pk).exists()) == (False, True)


def test_what_was_deleted_before_its_folder_stays_in_the_trash(alice: Membership, put: Put) -> None:
    outer = subfolder(alice, "Outer")
    inner = subfolder(alice, "Inner", outer)
    alone, along, deep = put(alice, "alone.png", outer), put(alice, "along.png", outer), put(alice, "deep.png", inner)
    trashed(alice, alone, folders=[inner])
    trashed(alice, folders=[outer])
    assert purging.purge(alice.user, Selection(folders=[outer])) == 1
    assert list(Asset.objects.exclude(purged_at=None)) == [along]
    tree.restore(alice.user, Selection([alone], [inner]))
    for thing in (alone, deep, inner):
        thing.refresh_from_db()
    assert (alone.folder, alone.deleted_at, inner.parent, deep.folder, deep.deleted_at) == (
        root_of(alice),
        None,
        root_of(alice),
        inner,
        None,
    )


def test_an_upload_under_way_outlives_its_folder(alice: Membership) -> None:
    folder = subfolder(alice, "Gone")
    upload = Upload.objects.create(team=alice.team, owner=alice.user, folder=folder, name="a.png", length=5)
    trashed(alice, folders=[folder])
    purging.empty(alice.user)
    upload.refresh_from_db()
    assert upload.folder == root_of(alice)


def test_old_pieces_of_which_no_upload_tells_are_removed(alice: Membership) -> None:
    uploads = [Upload(team=alice.team, owner=alice.user, folder=root_of(alice), name="a.png", length=5) for _ in range(3)]
    known, stray, young = uploads
    known.save()
    for upload in uploads:
        partial.begin(upload)
    for upload in (known, stray):
        os.utime(partial.path_of(upload.pk), (0, 0))
    tasks.tidy()
    assert [partial.path_of(upload.pk).exists() for upload in (known, stray, young)] == [True, False, True]
