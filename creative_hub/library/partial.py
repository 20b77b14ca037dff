"""Uploads under way: pieces of a file, appended to a partial file on this machine's disk until all of it is there."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final, Protocol
from uuid import UUID

from django.conf import settings

from creative_hub.library.filing import file_upload
from creative_hub.models import Asset, Upload
from creative_hub.models.upload import KEPT
from wevion.accounts.models import Membership

PIECE_BYTES: Final = 256 * 1024
MAX_UNFINISHED: Final = 100


class Busy(Exception):
    """Another request is writing to this upload."""


class Misplaced(Exception):
    """The piece does not begin where the last one ended."""


class Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def path_of(upload_id: UUID) -> Path:
    return Path(settings.UPLOADS_ROOT) / str(upload_id)


def begin(upload: Upload) -> None:
    """Makes the empty partial file."""
    Path(settings.UPLOADS_ROOT).mkdir(parents=True, exist_ok=True)
    path_of(upload.pk).touch()


def offset(upload: Upload) -> int | None:
    """How many bytes need not be sent again; None when the partial file is not here, and the upload has to begin anew.

    The last byte counts only once the file is filed: so a client whose last request failed sends it again.
    """
    try:
        return min(path_of(upload.pk).stat().st_size, upload.length - 1)
    except FileNotFoundError:
        return None


def append(upload: Upload, at: int, source: Source) -> int:
    """Writes what the source gives, as far as the upload's length. Returns the new end. Raises Busy and Misplaced.

    A source that breaks off, or a disk that fills up, leaves what had arrived; the person goes on from there.
    """
    with _alone(upload) as sink:
        if at != offset(upload):
            raise Misplaced
        sink.seek(at)
        sink.truncate()
        while at < upload.length and (piece := source.read(min(PIECE_BYTES, upload.length - at))):
            written = sink.write(piece)
            at += written
            if written < len(piece):
                break
    return at


def finish(member: Membership, upload: Upload) -> Asset:
    """Files what has arrived whole, once. Raises what `file_upload` does, and OSError when some of it is missing."""
    with _alone(upload):
        asset = Asset.objects.filter(pk=upload.pk).first()
        if asset is None:
            arrived = path_of(upload.pk)
            if arrived.stat().st_size != upload.length:
                raise OSError("not all of it is here")
            asset = file_upload(member, upload.folder, arrived, upload.name, upload.pk)
        drop(upload)
    return asset


def drop(upload: Upload) -> None:
    """Forgets the upload, and what had arrived of it."""
    path_of(upload.pk).unlink(missing_ok=True)
    upload.delete()


def sweep() -> int:
    """Drops uploads that are a day old. Returns how many."""
    old = list(Upload.objects.expired()[:200])
    for upload in old:
        drop(upload)
    return len(old)


def sweep_strays() -> int:
    """Removes old partial files of which no upload tells any more. Returns how many."""
    before = time.time() - 2 * KEPT.total_seconds()
    old = {path.name: path for path in Path(settings.UPLOADS_ROOT).glob("*-*-*-*-*") if _changed(path) < before}
    known = {str(pk) for pk in Upload.objects.values_list("pk", flat=True)} if old else set()
    strays = [path for name, path in old.items() if name not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


@contextmanager
def _alone(upload: Upload) -> Iterator[IO[Any]]:
    """The partial file, open for this request only. The lock goes with the process, whatever ends it."""
    with path_of(upload.pk).open("r+b", buffering=0) as sink:
        try:
            fcntl.flock(sink, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy from None
        yield sink
