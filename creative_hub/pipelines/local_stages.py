"""What the stages of a workflow on this machine share: earlier stages' files, the result, and what may go wrong in any."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage

from creative_hub import catalog, leftovers
from creative_hub.pipelines.adapters import failed
from creative_hub.pipelines.delivering import deliver
from creative_hub.providers.ports import ProviderError
from creative_hub.storage import store, work
from creative_hub.storage.patience import patiently
from jobs.pipeline import Done, LeaseLost, Outcome, Step, StepFailed


def told(run: Callable[[Step], Outcome]) -> Callable[[Step], Outcome]:
    """The stage, with what may go wrong in any of them as its answer."""

    def stage(step: Step) -> Outcome:
        try:
            return run(step)
        except ProviderError as error:
            return failed(catalog.model(step.provider), error)
        except FileNotFoundError:
            return StepFailed("invalid_request", "A file of this job was deleted while the job was running.")
        except OSError as error:
            return store.failed("reading or storing a file", error)

    return stage


def kept(step: Step, name: str, source: Path) -> str:
    """Stores a file for a later stage, until the job ends. OSError; LeaseLost when the job was cancelled meanwhile."""
    stored = patiently(partial(work.keep, step.job_id, f"{step.position}-{name}", source), partial(step.report, 99))
    if leftovers.dropped(step.job_id):
        raise LeaseLost(str(step.item_id))
    return stored


def local(name: str, folder: Path, tick: Callable[[], None] | None = None) -> Path:
    """The stored file as a path: where it lies, if that is a disk, or else a copy in the folder. OSError."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        path = folder / name.replace("/", "-")
        patiently(partial(store.copy, name, path), tick)
    if not path.exists():
        raise FileNotFoundError(name)
    return path


def delivered(step: Step, out: Path, described: Mapping[str, Any]) -> Outcome:
    """Stores the file, verifies it, and ends the item with it and what was found."""
    stored = store.keep(out, f"{step.job_id}/{step.position}", partial(step.report, 99))
    if isinstance(stored, StepFailed):
        return stored
    if leftovers.dropped(step.job_id):
        raise LeaseLost(str(step.item_id))
    ended = deliver(replace(step, memo=stored.memo, report=lambda percent: step.report(99)))
    return replace(ended, result={**(ended.result or {}), **described}) if isinstance(ended, Done) else ended
