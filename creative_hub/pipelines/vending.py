"""The stages around a vendor: order it, look in on it, bring it home."""

from dataclasses import replace
from functools import partial

from creative_hub import catalog
from creative_hub.pipelines import inputs
from creative_hub.pipelines.adapters import account, brief_of, failed, vendor
from creative_hub.providers import classify
from creative_hub.providers.ports import ProviderError, Ready, Running
from creative_hub.storage import scratch, store
from creative_hub.storage.door import door
from jobs import failpoints
from jobs.pipeline import Done, Look, Outcome, Step, StepFailed, Wait
from wevion.http.errors import BadStatus, HttpError
from wevion.http.messages import Request, Response

MAX_BYTES = 2_000_000_000
DOWNLOAD_SECONDS = 240


def submit(step: Step) -> Outcome:
    """Orders the work, once. What the vendor calls it is committed by the runner before anything else."""
    model = catalog.model(step.provider)
    try:
        match _send(step):
            case Running(ref=ref, retry_after_seconds=after):
                return Done(ref=ref, rest_seconds=after or vendor(model).poll_seconds)
            case Ready():
                return StepFailed("provider_error", detail="answered before it was asked to look", accepted=True)
    except ProviderError as error:
        return failed(error)


def answer(step: Step) -> Outcome:
    """Orders the work of a vendor whose answer is the file itself, and stores it."""
    try:
        found = _send(step)
    except ProviderError as error:
        return failed(error)
    assert isinstance(found, Ready)
    with scratch.folder() as folder:
        out = folder / f"out{catalog.model(step.provider).suffix}"
        out.write_bytes(found.content)
        kept = store.keep(out, f"{step.job_id}/{step.position}")
    # The bytes exist nowhere else, and asking for them again would be a second bill.
    return replace(kept, retryable=False) if isinstance(kept, StepFailed) else kept


def download(step: Step) -> Outcome:
    """Brings the finished file into our storage. The vendor's credentials stay here."""
    with scratch.folder() as folder:
        out = folder / f"out{catalog.model(step.provider).suffix}"
        try:
            with out.open("wb") as sink:
                door().download(
                    step.memo["url"], sink, max_bytes=MAX_BYTES, timeout_seconds=DOWNLOAD_SECONDS, tick=partial(step.report, 0)
                )
        except BadStatus as error:
            again = error.status >= 500 or error.status == 429
            return StepFailed("provider_error", detail=f"download: HTTP {error.status}", retryable=again)
        except HttpError as error:
            return StepFailed("provider_error", detail=f"download: {error.kind}: {error}", retryable=True)
        failpoints.reach("during_fetch")
        return store.keep(out, f"{step.job_id}/{step.position}")


def _send(step: Step) -> Running | Ready:
    model = catalog.model(step.provider)
    port = vendor(model)
    request = port.submit_request(account(model), brief_of(step, inputs.links(step)), step.key)
    try:
        response = door().send(request, tick=partial(step.report, 0))
    except HttpError as error:
        raise classify.by_http_error(error, port, submitting=True) from None
    return port.read_submit(response)


def _request(step: Step) -> Request:
    model = catalog.model(step.provider)
    return vendor(model).poll_request(account(model), step.provider_ref)


def _read(step: Step, response: Response) -> Outcome:
    port = vendor(catalog.model(step.provider))
    try:
        match port.read_poll(response, step.provider_ref):
            case Running(progress_percent=percent, retry_after_seconds=after):
                return Wait(after or port.poll_seconds, percent)
            case Ready(url=url):
                return Done(memo={"url": url})
    except ProviderError as error:
        return failed(error)


def _not_read(step: Step, error: Exception) -> Outcome:
    """A look that brought no answer: the work goes on, so it is looked at again."""
    if isinstance(error, ProviderError):
        return failed(error)
    if isinstance(error, HttpError):
        return failed(classify.by_http_error(error, vendor(catalog.model(step.provider)), submitting=False))
    return StepFailed("internal_error", detail=repr(error), retryable=True)


LOOK = Look(request=_request, read=_read, failed=_not_read)
