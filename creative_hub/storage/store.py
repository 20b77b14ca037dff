"""Keeping files in default storage and reading them back, wherever that is: a disk or a bucket.

What a storage cannot do is an OSError, also of a bucket, whose client has exceptions of its own.
"""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import copyfileobj

from django.core.files import File
from django.core.files.storage import default_storage

from creative_hub.storage.patience import Tick, patiently
from creative_hub.storage.probe import NotMedia, probe
from jobs.pipeline import Done, StepFailed

log = logging.getLogger(__name__)
CHUNK_BYTES = 1024 * 1024


class BucketFailed(OSError):
    """What the bucket's client said, without the addresses that it knows."""


def keep(out: Path, under: str, tick: Tick | None = None) -> Done | StepFailed:
    """Stores the file as `results/<under>-<hash>.<suffix>` and describes it in the memo.

    Storing the same bytes again finds them there. A storage that fails is retryable: the work is done, and not repeated
    for it only where a later stage can start from what is stored. `tick` is called every second meanwhile.
    """
    try:
        probed = patiently(partial(probe, out), tick)
    except NotMedia as error:
        return StepFailed("provider_error", "The provider's file cannot be opened.", detail=str(error))
    size, digest = out.stat().st_size, patiently(partial(sha256, out), tick)
    name = f"results/{under}-{digest[:16]}{probed.suffix}"
    try:
        patiently(partial(save, out, name), tick)
    except OSError as error:
        return failed("storing", error)
    return Done(
        memo={
            "file": name,
            "bytes": size,
            "sha256": digest,
            "kind": probed.kind,
            "mime": probed.mime,
            "width": probed.width,
            "height": probed.height,
            "duration_seconds": probed.duration_seconds,
            "codec": probed.codec,
        }
    )


def failed(doing: str, error: OSError) -> StepFailed:
    """The storage failed at something: worth another try. The log has all of it, the backoffice what its readers may know."""
    log.warning("storage failed at %s: %r", doing, error.__cause__ or error)
    return StepFailed("storage_error", detail=f"{doing}: {error.strerror or error}", retryable=True)


def save(source: Path, name: str) -> None:
    """Writes the file into default storage under exactly this name; one of the same size is left as it is. OSError."""
    with bucket_errors():
        if default_storage.exists(name):
            if default_storage.size(name) == source.stat().st_size:
                return
            default_storage.delete(name)  # the rest of a write that was cut short
        with source.open("rb") as opened:
            saved = default_storage.save(name, File(opened))
        if saved != name:
            default_storage.delete(saved)  # another attempt of the same item wrote it meanwhile: its bytes are the same


def copy(name: str, to: Path) -> None:
    """Brings the stored file here, piece by piece, for whatever needs a path. OSError."""
    with bucket_errors(), to.open("wb") as sink:
        if bucket := getattr(default_storage, "bucket", None):
            settings = default_storage.transfer_config  # type: ignore[attr-defined]
            bucket.download_fileobj(name, sink, Config=settings)  # opening it would make two copies
            return
        with default_storage.open(name) as stored:
            copyfileobj(stored, sink, CHUNK_BYTES)


def part(name: str, first: int, length: int) -> bytes:
    """`length` bytes of the stored file from `first` on, or fewer at its end. OSError."""
    with bucket_errors():
        if bucket := getattr(default_storage, "bucket", None):
            answer = bucket.Object(name).get(Range=f"bytes={first}-{first + length - 1}")
            return bytes(answer["Body"].read())
        with default_storage.open(name) as stored:
            stored.seek(first)
            return bytes(stored.read(length))


def delete(name: str) -> None:
    """Removes the stored file; one that is not there is no error. OSError."""
    with bucket_errors():
        default_storage.delete(name)


@contextmanager
def bucket_errors() -> Iterator[None]:
    """Makes an OSError of whatever the storage raises. Some errors of the bucket's client are ones already, and tell too much."""
    try:
        yield
    except Exception as error:
        if isinstance(error, OSError) and not type(error).__module__.startswith("botocore"):
            raise
        answer = getattr(error, "response", None) or {}
        raise BucketFailed(answer.get("Error", {}).get("Code") or type(error).__name__) from error


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
