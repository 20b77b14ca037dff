"""The stages around a vendor whose answer to the order is the file itself."""

from base64 import b64decode, b64encode
from dataclasses import replace
from functools import partial

from creative_hub import catalog
from creative_hub.catalog import Model
from creative_hub.pipelines import inputs
from creative_hub.pipelines.adapters import brief_of, failed
from creative_hub.pipelines.delivering import deliver
from creative_hub.pipelines.vending import keep, place
from creative_hub.providers.ports import ProviderError, Ready
from creative_hub.storage import scratch
from jobs.pipeline import Done, Outcome, Step, StepFailed


def answer(step: Step) -> Outcome:
    """Orders the work, once, and stores the file."""
    model = catalog.model(step.provider)
    try:
        found = place(model, brief_of(step, inputs.links(step)), step.key, partial(step.report, 0))
    except ProviderError as error:
        return failed(model, error)
    assert isinstance(found, Ready)
    kept = _kept(step, model, found.content)
    if isinstance(kept, StepFailed) and kept.code == "storage_error":
        # The bytes exist nowhere else, and asking for them again would be a second bill: they wait in the run for the storage.
        return Done(memo={"content": b64encode(found.content).decode()})
    return kept


def deliver_answer(step: Step) -> Outcome:
    """As `deliver`; first stores what could not be stored when the vendor answered."""
    if "content" in step.memo:
        kept = _kept(step, catalog.model(step.provider), b64decode(step.memo["content"]))
        if isinstance(kept, StepFailed):
            return kept
        step = replace(step, memo=kept.memo)
    return deliver(step)


def _kept(step: Step, model: Model, content: bytes) -> Done | StepFailed:
    with scratch.folder() as folder:
        out = folder / f"out{model.suffix}"
        out.write_bytes(content)
        return keep(step, model, out)
