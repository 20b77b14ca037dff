"""The last stage: the bytes are verified where they lie, and a thumbnail is made."""

import logging
from functools import partial
from pathlib import Path

from creative_hub.storage import scratch, store, thumbnails
from creative_hub.storage.patience import Tick, patiently
from jobs.pipeline import Done, LeaseLost, Outcome, Step, StepFailed

log = logging.getLogger(__name__)
DESCRIBED = ("file", "bytes", "sha256", "kind", "mime", "width", "height", "duration_seconds")


def deliver(step: Step) -> Outcome:
    """Reads the stored file back and compares its hash. A thumbnail that cannot be made costs only the thumbnail."""
    name, tick = step.memo["file"], partial(step.report, 0)
    with scratch.folder() as folder:
        local = folder / Path(name).name
        try:
            patiently(partial(store.copy, name, local), tick)
            same = patiently(partial(store.sha256, local), tick) == step.memo["sha256"]
            if not same:
                store.delete(name)  # its name says what it ought to be, and it is not
        except OSError as error:
            return store.failed("reading back", error)
        if not same:
            return StepFailed("storage_error", detail="the stored bytes differ from those that were made")
        step.report(50)
        thumbnail = _thumbnail(local, step.memo["kind"], name, tick)
    described = {field: step.memo[field] for field in DESCRIBED}
    return Done(result={**described, "codec": step.memo.get("codec", ""), "thumbnail": thumbnail})


def _thumbnail(local: Path, kind: str, name: str, tick: Tick) -> str:
    """Where the small picture is stored; empty when there is none."""
    out, stored = local.with_name("thumbnail.webp"), f"{name.rpartition('.')[0]}.thumbnail.webp"
    try:
        patiently(partial(thumbnails.make, local, kind, out), tick)
        patiently(partial(store.save, out, stored), tick)
    except LeaseLost:
        raise
    except Exception as error:  # whatever a decoder finds in the file, or the storage says
        log.warning("no thumbnail for %s: %s", name, error)
        return ""
    return stored
