"""The last stage: the bytes are verified where they lie, and a thumbnail is made."""

import logging
from pathlib import Path
from shutil import copyfileobj

from django.core.files.storage import default_storage

from creative_hub.storage import scratch, store, thumbnails
from jobs.pipeline import Done, Outcome, Step, StepFailed

log = logging.getLogger(__name__)


def deliver(step: Step) -> Outcome:
    """Reads the stored file back and compares its hash. A thumbnail that cannot be made costs only the thumbnail."""
    name = step.memo["file"]
    with scratch.folder() as folder:
        local = folder / Path(name).name
        try:
            with default_storage.open(name) as stored, local.open("wb") as sink:
                copyfileobj(stored, sink)
        except OSError as error:
            return StepFailed("storage_error", detail=f"reading back: {error}", retryable=True)
        step.report(50)
        if store.sha256(local) != step.memo["sha256"]:
            return StepFailed("storage_error", detail="the stored bytes differ from those that were made")
        thumbnail = _thumbnail(step, local, folder / "thumbnail.webp", name)
    described = ("file", "bytes", "sha256", "kind", "mime", "width", "height", "duration_seconds")
    return Done(result={**{field: step.memo[field] for field in described}, "thumbnail": thumbnail})


def _thumbnail(step: Step, local: Path, out: Path, name: str) -> str:
    try:
        thumbnails.make(local, step.memo["kind"], out)
        stored = f"{name.rpartition('.')[0]}.thumbnail.webp"
        store.save(out, stored)
    except Exception as error:  # whatever a decoder finds in the file
        log.warning("no thumbnail for %s: %s", name, error)
        return ""
    return stored
