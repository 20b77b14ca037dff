"""The stage that makes an item on this machine."""

from functools import partial

from creative_hub import catalog
from creative_hub.pipelines import inputs
from creative_hub.pipelines.adapters import brief_of, failed, renderer
from creative_hub.providers.ports import ProviderError
from creative_hub.storage import scratch, store
from jobs.pipeline import Outcome, Step


def render(step: Step) -> Outcome:
    """Renders into a temporary folder and stores the file. Nothing is left behind, however it ends."""
    model = catalog.model(step.provider)
    with scratch.folder() as folder:
        out = folder / f"out{model.suffix}"
        try:
            brief = brief_of(step, inputs.gather(step, folder))
            renderer(model)(brief, out, step.report)
        except ProviderError as error:
            return failed(model, error)
        return store.keep(out, f"{step.job_id}/{step.position}", partial(step.report, 0))
