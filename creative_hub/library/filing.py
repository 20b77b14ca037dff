"""Files that people bring: told by their bytes, stored, and filed."""

import logging
import mimetypes
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from creative_hub.drive.queue import enqueue
from creative_hub.library import names, tree
from creative_hub.models import Asset, Folder
from creative_hub.storage import scratch, store, thumbnails
from creative_hub.storage.probe import NotMedia, Probed, probe
from wevion.accounts.models import Membership

log = logging.getLogger(__name__)

MAX_BYTES: Final[int] = settings.UPLOAD_MAX_BYTES
MAX_FILES: Final = 50
ACCEPTED: Final = "image/png,image/jpeg,image/webp,image/gif,video/mp4,video/quicktime,video/webm,audio/mpeg,audio/wav,.pdf"
FORMATS: Final = "PNG, JPG, WebP, GIF, MP4, MOV, WebM, MP3, WAV or PDF"
ALSO_CALLED: Final = {"video/mp4": ("video/x-m4v",), "audio/wav": ("audio/x-wav", "audio/vnd.wave"), "audio/mpeg": ("audio/mp3",)}
PDF: Final = Probed("document", "application/pdf", ".pdf")


class Unfit(Exception):
    """A file that is not kept, and why, in words for the person."""


class NotStored(Exception):
    """The storage failed, whichever it is. Another try may succeed."""


def check_size(count: int) -> None:
    """Raises Unfit."""
    if not count:
        raise Unfit("This file is empty.")
    if count > MAX_BYTES:
        raise Unfit("This file is larger than 500 MB.")


def file_upload(member: Membership, folder: Folder, arrived: Path, name: str, key: UUID) -> Asset:
    """Stores the bytes and files them in the folder, or in the person's own if that is gone since.

    `key` becomes the file's id. Raises Unfit and NotStored.
    """
    check_size(arrived.stat().st_size)
    probed = _told(arrived)
    digest = store.sha256(arrived)
    stored = f"uploads/{key}-{digest[:16]}{probed.suffix}"
    try:
        store.save(arrived, stored)
    except Exception as error:  # of the disk, or of a bucket's client, which has exceptions of its own
        raise NotStored(f"{type(error).__name__}: {error}") from error
    thumbnail = _thumbnail(arrived, probed.kind, stored)
    with transaction.atomic():
        own = Folder.objects.of(member.user).held()
        into = own.filter(pk=folder.pk).first() or own.get(parent=None)
        [free] = names.assign([_named(name, probed)], tree.taken_in(into))
        asset = Asset.objects.create(
            id=key,
            team=member.team,
            owner=member.user,
            folder=into,
            name=free,
            kind=probed.kind,
            mime=probed.mime,
            bytes=arrived.stat().st_size,
            sha256=digest,
            width=probed.width,
            height=probed.height,
            duration_seconds=probed.duration_seconds,
            codec=probed.codec,
            file=stored,
            thumbnail=thumbnail,
        )
        enqueue([asset])
        return asset


def _told(arrived: Path) -> Probed:
    """What the bytes are, whatever the name says."""
    with arrived.open("rb") as opened:
        begins = opened.read(5)
        opened.seek(max(0, arrived.stat().st_size - 1024))
        ends = opened.read()
    if begins == b"%PDF-" and b"%%EOF" in ends:
        return PDF
    try:
        return probe(arrived)
    except NotMedia as error:
        log.info("an upload was refused: %s", error)
        raise Unfit(error.said or f"This is not a {FORMATS} file, or it is damaged.") from None


def _named(name: str, probed: Probed) -> str:
    """The person's name for it, with a suffix that is true."""
    shown = names.clean(name)
    said = mimetypes.guess_type(shown)[0] or ""
    true = said in (probed.mime, *ALSO_CALLED.get(probed.mime, ()))
    return shown if true else names.clean(shown[: names.MAX_NAME - len(probed.suffix)] + probed.suffix)


def _thumbnail(arrived: Path, kind: str, stored: str) -> str:
    """A thumbnail that cannot be made costs only the thumbnail."""
    if kind == "document":
        return ""
    name = f"{stored.rpartition('.')[0]}.thumbnail.webp"
    with scratch.folder() as folder:
        try:
            thumbnails.make(arrived, kind, folder / "thumbnail.webp")
            store.save(folder / "thumbnail.webp", name)
        except Exception as error:  # whatever a decoder finds in the file
            log.warning("no thumbnail for %s: %s", stored, error)
            return ""
    return name
