"""Results of jobs: filed here, and links to them minted."""

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files import File
from django.db import transaction
from django.urls import reverse

from creative_hub.drive.queue import enqueue
from creative_hub.library import names
from creative_hub.library.tree import taken_in
from creative_hub.models import Asset, Folder
from creative_hub.storage import scratch, store
from jobs.models import Item, Job
from jobs.pipeline import StepFailed

LINK_SALT = "creative_hub.result"


def deliver(job: Job, items: Sequence[Item]) -> None:
    """Files the completed items' results in the folder chosen at submit, in the caller's transaction.

    A folder that is gone since gives way to the person's root: what was paid for is not lost.
    """
    folder = _folder_of(job)
    wanted = [_name(job, f" {item.position + 1}" if len(items) > 1 else "", (item.result or {})["file"]) for item in items]
    named = names.assign(wanted, taken_in(folder))
    enqueue(Asset.objects.bulk_create(_asset(job, item, folder, name) for item, name in zip(items, named, strict=True)))


def _asset(job: Job, item: Item, folder: Folder, name: str) -> Asset:
    result: dict[str, Any] = item.result or {}
    return Asset(
        team_id=job.team_id,
        owner_id=job.user_id,
        folder=folder,
        item=item,
        name=name,
        **{name: result[name] for name in _COPIED},
        codec=result.get("codec", ""),
    )


def adopt(job: Job, uploaded: "File[bytes]") -> None:
    """Files by hand what a vendor made for a job that ended without it. Raises ValueError for anything but media."""
    with scratch.folder() as folder:
        local = folder / "file"
        with local.open("wb") as sink:
            for chunk in uploaded.chunks():
                sink.write(chunk)
        kept = store.keep(local, f"{job.pk}/by-hand")
    if isinstance(kept, StepFailed):
        raise ValueError(kept.message or kept.detail)
    with transaction.atomic():
        into = _folder_of(job)
        [name] = names.assign([_name(job, "", kept.memo["file"])], taken_in(into))
        asset = Asset.objects.create(team_id=job.team_id, owner_id=job.user_id, folder=into, name=name, **kept.memo)
        enqueue([asset])


def _folder_of(job: Job) -> Folder:
    """Held until the transaction ends."""
    mine = Folder.objects.filter(owner=job.user_id, deleted_at=None).held()
    chosen = mine.filter(pk=job.drive_folder_id).first() if job.drive_folder_id else None
    return chosen or mine.get(pk=Folder.objects.root_of(job.user, job.team).pk)


_COPIED = ("kind", "mime", "bytes", "sha256", "width", "height", "duration_seconds", "file", "thumbnail")


def _name(job: Job, number: str, file: str) -> str:
    """A file name on one line that tells what is in it: the beginning of the prompt, and the variant."""
    words = " ".join(re.sub(r"[^\w\s-]", "", job.prompt).split())[:60].strip() or job.type
    return f"{words}{number}.{file.rpartition('.')[2]}"


def links(items: Iterable[Item]) -> Mapping[int, str]:
    """For each completed item's id a signed, absolute URL that needs no key. A file in the trash has none.

    Stable within a window, so that the answer's ETag is: it ends between one and two RESULT_LINK_SECONDS from now.
    """
    by_item = dict(Asset.objects.living().filter(item__in=list(items)).values_list("item_id", "pk"))
    return {item: link(pk) for item, pk in by_item.items() if item is not None}


def link(asset_id: object) -> str:
    window = settings.RESULT_LINK_SECONDS
    expires = (int(time.time()) // window + 2) * window
    token = signing.Signer(salt=LINK_SALT).sign(f"{asset_id}.{expires}")
    return settings.SITE_URL.rstrip("/") + reverse("result", args=[token])


def linked_asset(token: str) -> Asset | None:
    """The file behind a link; None when the link was altered or has expired, or the file is in the trash."""
    try:
        asset_id, _, expires = signing.Signer(salt=LINK_SALT).unsign(token).rpartition(".")
    except signing.BadSignature:
        return None
    if int(expires) < time.time():
        return None
    return Asset.objects.living().filter(pk=asset_id).first()
