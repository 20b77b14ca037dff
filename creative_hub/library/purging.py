"""Deleting for good: first the mark, which cannot be undone, then the bytes, then what is left of the row.

Each part may be killed and run again; two may run at the same time.
"""

import logging
from datetime import timedelta
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from creative_hub.library import tree
from creative_hub.library.tree import Selection
from creative_hub.models import Asset, CampaignCreative, Folder, Upload
from creative_hub.storage import store
from wevion.accounts.models import User

log = logging.getLogger(__name__)

TRASH_DAYS: Final = 30
BATCH: Final = 200
Kept = TypeVar("Kept", Asset, Folder)


@transaction.atomic
def purge(user: User, chosen: Selection) -> int:
    """Marks what lies in the trash, and all that went along with the chosen folders, as deleted for good. Returns how many files.

    What lies in the trash on its own stays there.
    """
    root = tree.hold(user)
    files = Asset.objects.trash_of(user).filter(pk__in=[asset.pk for asset in chosen.files])
    count = files.update(purged_at=Now(), folder=root)
    for folder in Folder.objects.trash_of(user).filter(pk__in=[folder.pk for folder in chosen.folders]):
        Folder.objects.trash_of(user).filter(pk__in=folder.tree()).exclude(pk=folder.pk).update(parent=root)
        below = folder.tree()
        inside = Asset.objects.filter(folder__in=below)
        # Filed while the folder went away, or deleted before it: not what was chosen.
        inside.filter(Q(deleted_at=None) | Q(deleted_with=None)).update(folder=root)
        Upload.objects.filter(folder__in=below).update(folder=root)  # still under way
        count += inside.filter(purged_at=None).exclude(deleted_at=None).update(purged_at=Now())
        inside.update(folder=root, deleted_with=None)
        Folder.objects.filter(pk__in=below).update(parent=root, deleted_with=None, deleted_at=Coalesce("deleted_at", Now()))
        Folder.objects.filter(pk__in=below).delete()
    return count


def empty(user: User) -> int:
    """Deletes everything in the person's trash for good. Returns how many files."""
    return purge(user, Selection(list(Asset.objects.trash_of(user)), list(Folder.objects.trash_of(user))))


def due() -> bool:
    """Whether there is something for `sweep`."""
    return _unburnt().exists() or _old(Asset.objects.all()).exists() or _old(Folder.objects.all()).exists()


def sweep() -> int:
    """Deletes for good what has been in the trash for TRASH_DAYS, and removes bytes. Returns how many files it removed."""
    owners = {*_old(Asset.objects.all()).values_list("owner", flat=True)[:BATCH]}
    owners |= {*_old(Folder.objects.all()).values_list("owner", flat=True)[:BATCH]}
    for owner in User.objects.filter(pk__in=owners):
        files, folders = Asset.objects.trash_of(owner), Folder.objects.trash_of(owner)
        purge(owner, Selection(list(_old(files)[:BATCH]), list(_old(folders)[:BATCH])))
    return sum(_burn(asset) for asset in _unburnt()[:BATCH])


def _unburnt() -> QuerySet[Asset]:
    """Without those that an admin took down: their bytes are kept, and shown to nobody."""
    return Asset.objects.filter(purged_at__isnull=False, taken_down_at=None).exclude(file="").order_by("purged_at")


def _old(things: QuerySet[Kept]) -> QuerySet[Kept]:
    before = timezone.now() - timedelta(days=TRASH_DAYS)
    return things.filter(deleted_at__lt=before, deleted_with=None, **({"purged_at": None} if things.model is Asset else {}))


def _burn(asset: Asset) -> bool:
    """Removes the bytes, and then the row unless a job or draft tells of it. A storage that fails is asked again later."""
    for name in filter(None, (str(asset.thumbnail), str(asset.file))):
        others = Asset.objects.filter(Q(file=name) | Q(thumbnail=name), owner=asset.owner_id).exclude(pk=asset.pk)
        try:
            if not others.exclude(file="").exists():
                store.delete(name)
        except Exception as error:  # of the disk, or of a bucket's client
            log.warning("bytes of the deleted file %s are still there: %s", asset.pk, error)
            return False
    told = Exists(CampaignCreative.objects.filter(asset=OuterRef("pk")))
    Asset.objects.filter(pk=asset.pk).update(file="", thumbnail="")
    Asset.objects.filter(~told, pk=asset.pk, item=None).delete()
    return True
