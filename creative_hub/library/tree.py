"""Changes of a person's tree of folders and files. Each holds the root, so that two never see half of each other."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from creative_hub.drive.queue import enqueue
from creative_hub.library import names
from creative_hub.models import Asset, Folder
from wevion.accounts.models import Team, User
from wevion.refusal import Refusal

MAX_FOLDER_NAME: Final = 100


class NotPossible(Refusal):
    status = 422


class Gone(Refusal):
    """What was named is not there, or somebody else's: the same answer for both."""

    status = 404
    code = "not_found"


@dataclass(frozen=True, slots=True)
class Selection:
    files: list[Asset] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.files) + len(self.folders)


@dataclass(frozen=True, slots=True)
class Trashed:
    """How many of the chosen went to the trash. All have `at` as their `deleted_at`, which names the act."""

    count: int
    at: datetime


def taken_in(folder: Folder) -> names.Taken:
    """Which names the folder's files have. True until the transaction ends if the folder is held."""
    inside = Asset.objects.living().filter(folder=folder)
    return lambda wanted: set(inside.filter(name__in=wanted).values_list("name", flat=True))


def _folders_in(parent: Folder) -> names.Taken:
    inside = Folder.objects.filter(parent=parent, deleted_at=None)
    return lambda wanted: set(inside.filter(name__in=wanted).values_list("name", flat=True))


def hold(user: User) -> Folder:
    """The person's root, locked: everything below waits for its turn."""
    return Folder.objects.held().get(owner=user, parent=None)


def held(user: User, folder_id: UUID) -> Folder:
    """A folder of the person's, locked. Raises Gone if it is in the trash, or was never theirs."""
    found = Folder.objects.of(user).held().filter(pk=folder_id).first()
    if found is None:
        raise Gone("This folder is no longer there.")
    return found


@transaction.atomic
def create_folder(user: User, team: Team, parent: Folder, name: str) -> Folder:
    """Raises NotPossible with words for beside the field."""
    hold(user)
    into = held(user, parent.pk)
    return Folder.objects.create(team=team, owner=user, parent=into, name=_folder_name(into, name))


@transaction.atomic
def rename_folder(user: User, folder: Folder, name: str) -> None:
    hold(user)
    folder.refresh_from_db()
    if folder.parent is None:
        raise NotPossible("Your own folder keeps its name.")
    if name != folder.name:
        folder.name = _folder_name(folder.parent, name)
        folder.save(update_fields=["name"])


def _folder_name(parent: Folder, name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise NotPossible("Give the folder a name.")
    if len(name) > MAX_FOLDER_NAME:
        raise NotPossible(f"A name may have {MAX_FOLDER_NAME} characters; this has {len(name)}.")
    if not name.isprintable():
        raise NotPossible("Use letters, digits and signs only.")
    if _folders_in(parent)([name]):
        raise NotPossible(f"There is already a folder “{name}” here.")
    return name


@transaction.atomic
def rename_file(user: User, asset: Asset, name: str) -> None:
    """Keeps the suffix, which tells programs what the file is. A name that is taken gets a number."""
    hold(user)
    asset.refresh_from_db()
    held(user, asset.folder_id)
    suffix = "." + asset.name.rpartition(".")[2] if "." in asset.name else ""
    if not name.strip():
        raise NotPossible("Give the file a name.")
    wanted = names.clean(name.strip().removesuffix(suffix) + suffix)
    if wanted != asset.name:
        [asset.name] = names.assign([wanted], taken_in(asset.folder))
        asset.save(update_fields=["name"])


@transaction.atomic
def move(user: User, chosen: Selection, into: Folder) -> int:
    """Returns how many were moved; what lies there already stays. Raises NotPossible for a folder into itself."""
    hold(user)
    into = held(user, into.pk)
    above = {folder.pk for folder in into.path()}
    folders = [folder for folder in chosen.folders if folder.parent_id != into.pk]
    for folder in folders:
        if folder.parent_id is None:
            raise NotPossible("Your own folder stays where it is.")
        if folder.pk in above:
            raise NotPossible(f"“{folder.name}” cannot be moved into itself.")
    files = [asset for asset in chosen.files if asset.folder_id != into.pk]
    for folder, name in zip(folders, names.assign([folder.name for folder in folders], _folders_in(into)), strict=True):
        Folder.objects.filter(pk=folder.pk).update(parent=into, name=name)
    for asset, name in zip(files, names.assign([asset.name for asset in files], taken_in(into)), strict=True):
        Asset.objects.filter(pk=asset.pk).update(folder=into, name=name)
    return len(folders) + len(files)


@transaction.atomic
def trash(user: User, chosen: Selection) -> Trashed:
    """Puts the files, and the folders with all in them, into the trash."""
    hold(user)
    now = timezone.now()
    gone = Asset.objects.of(user).filter(pk__in=[asset.pk for asset in chosen.files]).update(deleted_at=now)
    for folder in chosen.folders:
        living = Folder.objects.of(user).filter(pk__in=folder.tree()).exclude(parent=None)
        below = [found.pk for found in living.order_by("pk").held()]
        if folder.pk not in below:
            continue
        Asset.objects.of(user).filter(folder__in=below).update(deleted_at=now, deleted_with=folder)
        living.filter(pk__in=below).exclude(pk=folder.pk).update(deleted_at=now, deleted_with=folder)
        gone += Folder.objects.filter(pk=folder.pk).update(deleted_at=now)
    return Trashed(gone, now)


@transaction.atomic
def restore(user: User, chosen: Selection) -> int:
    """Puts things back where they were, or as near to it as there are still folders. Returns how many."""
    hold(user)
    back: list[UUID] = []
    trashed = Folder.objects.trash_of(user).filter(pk__in=[folder.pk for folder in chosen.folders])
    for folder in sorted(trashed, key=lambda each: len(each.path())):  # outer ones first: inner ones go back into them
        parent = _nearest(folder)
        [name] = names.assign([folder.name], _folders_in(parent))
        Folder.objects.filter(pk=folder.pk).update(parent=parent, name=name, deleted_at=None)
        Folder.objects.filter(deleted_with=folder).update(deleted_at=None, deleted_with=None)
        along = Asset.objects.filter(deleted_with=folder, purged_at=None)
        back += along.values_list("pk", flat=True)
        along.update(deleted_at=None, deleted_with=None)
    files = Asset.objects.trash_of(user).filter(pk__in=[asset.pk for asset in chosen.files]).select_related("folder")
    for asset in files:
        folder = asset.folder if asset.folder.deleted_at is None else _nearest(asset.folder)
        [name] = names.assign([asset.name], taken_in(held(user, folder.pk)))
        Asset.objects.filter(pk=asset.pk).update(folder=folder, name=name, deleted_at=None)
        back.append(asset.pk)
    enqueue(Asset.objects.filter(pk__in=back))  # for those whose turn came while they were in the trash
    return len(chosen)


def _nearest(folder: Folder) -> Folder:
    """The nearest folder above that is not in the trash; the root always is one."""
    return next(above for above in reversed(folder.path()[:-1]) if above.deleted_at is None)
