"""Keeping a finished file: under a name that its content decides, verified after the write."""

import hashlib
from pathlib import Path

from django.core.files import File
from django.core.files.storage import default_storage

from creative_hub.storage.probe import NotMedia, probe
from jobs.pipeline import Done, StepFailed


def keep(out: Path, under: str) -> Done | StepFailed:
    """Stores the file as `results/<under>-<hash>.<suffix>` and describes it in the memo.

    Storing the same bytes again finds them there. A storage that fails is retryable: the work is done, and not repeated
    for it only where a later stage can start from what is stored.
    """
    try:
        probed = probe(out)
    except NotMedia as error:
        return StepFailed("provider_error", "The provider's file cannot be opened.", detail=str(error))
    size, digest = out.stat().st_size, sha256(out)
    name = f"results/{under}-{digest[:16]}{probed.suffix}"
    try:
        save(out, name)
    except OSError as error:
        return StepFailed("storage_error", detail=str(error), retryable=True)
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
        }
    )


def save(source: Path, name: str) -> None:
    """Writes the file into default storage under exactly this name; one of the same size is left as it is."""
    if default_storage.exists(name):
        if default_storage.size(name) == source.stat().st_size:
            return
        default_storage.delete(name)  # the rest of a write that was cut short
    with source.open("rb") as opened:
        saved = default_storage.save(name, File(opened))
    if saved != name:
        default_storage.delete(saved)  # another attempt of the same item wrote it meanwhile: its bytes are the same


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
