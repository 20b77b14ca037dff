"""The stages around a vendor: order it, look in on it, bring it home."""

import logging
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage

from creative_hub import catalog
from creative_hub.catalog import Model
from creative_hub.pipelines import inputs
from creative_hub.pipelines.adapters import account, brief_of, failed, vendor
from creative_hub.providers import classify, origin
from creative_hub.providers.ports import Brief, ProviderError, Ready, Running
from creative_hub.storage import scratch, store
from creative_hub.storage.door import door
from jobs import failpoints
from jobs.pipeline import Done, Look, Outcome, Step, StepFailed, Wait
from wevion.http.blocking import Tick
from wevion.http.errors import BadStatus, HttpError, Refused
from wevion.http.messages import Request, Response

log = logging.getLogger(__name__)

MAX_BYTES = 2_000_000_000
DOWNLOAD_SECONDS = 240
EXPIRED = (403, 404, 410)
KINDS = {".jpg": "image", ".png": "image", ".mp4": "video", ".mp3": "audio"}  # by the suffix of the model's row


def submit(step: Step) -> Outcome:
    """Orders the work, once. What the vendor calls it is committed by the runner before anything else."""
    model = catalog.model(step.provider)
    try:
        return order(step, model, brief_of(step, inputs.links(step)))
    except ProviderError as error:
        return failed(model, error)


def order(step: Step, model: Model, brief: Brief) -> Outcome:
    """Orders one brief of a vendor that is looked in on, under the step's key. Raises ProviderError."""
    match place(model, brief, step.key, partial(step.report, 0)):
        case Running(ref=ref, retry_after_seconds=after):
            return Done(ref=ref, rest_seconds=after or vendor(model).poll_seconds)
        case Ready():
            return StepFailed("provider_error", detail="answered before it was asked to look", accepted=True)


def download(step: Step) -> Outcome:
    """Brings the finished file into our storage."""
    model = catalog.model(step.provider)
    with scratch.folder() as folder:
        out = folder / f"out{model.suffix}"
        if lost := bring(step, model, out):
            return lost
        failpoints.reach("during_fetch")
        return keep(step, model, out)


def bring(step: Step, model: Model, out: Path) -> StepFailed | None:
    """Writes the finished file to `out`, without the vendor's credentials; an expired link is asked for anew, once.

    What failed, or None.
    """
    tick = partial(step.report, 0)
    try:
        try:
            fetch(model, step.memo["url"], out, tick)
        except BadStatus as error:
            if error.status not in EXPIRED:
                raise
            fetch(model, fresh_url(model, step.provider_ref, tick), out, tick)
    except ProviderError as error:
        return failed(model, error)
    except BadStatus as error:
        again = error.status >= 500 or error.status == 429
        return StepFailed("provider_error", detail=f"download: HTTP {error.status}", retryable=again)
    except Refused as error:
        log.error("the file that %s made is not fetched; see result_hosts and RESULT_HOSTS: %s", model.slug, error)
        return StepFailed("provider_error", detail=f"download: {error.kind}: {error}")
    except HttpError as error:
        return StepFailed("provider_error", detail=f"download: {error.kind}: {error}", retryable=True)
    return None


def place(model: Model, brief: Brief, key: str, tick: Tick) -> Running | Ready:
    """Orders one brief, which costs money: call it at most once under a key. Raises ProviderError."""
    port = vendor(model)
    try:
        response = door().send(port.submit_request(account(model), brief, key), tick=tick)
    except HttpError as error:
        raise classify.by_http_error(error, port, submitting=True) from None
    return port.read_submit(response)


def fetch(model: Model, url: str, out: Path, tick: Tick) -> None:
    """Streams the finished file into `out`. Raises HttpError; Refused for a place that is not the vendor's."""

    def admits(hop: str) -> bool:
        ours = origin.belongs(hop, settings.VENDORS[model.vendor][0])
        return ours or origin.under(hop, (*model.result_hosts, *settings.RESULT_HOSTS))

    with out.open("wb") as sink:
        door().download(
            url,
            sink,
            max_bytes=MAX_BYTES,
            timeout_seconds=DOWNLOAD_SECONDS,
            admits=admits,
            tick=tick,
        )


def fresh_url(model: Model, ref: str, tick: Tick) -> str:
    """Looks in once more: most vendors sign the link anew at every look. Raises ProviderError."""
    port = vendor(model)
    try:
        response = door().send(port.poll_request(account(model), ref), tick=tick)
    except HttpError as error:
        raise classify.by_http_error(error, port, submitting=False) from None
    match port.read_poll(response, ref):
        case Ready(url=url):
            return url
    raise ProviderError("provider_error", detail="the link expired, and the vendor says that it is not done", retryable=True)


def keep(step: Step, model: Model, out: Path) -> Done | StepFailed:
    """Stores the file, if its bytes are of the kind that was asked for."""
    kept = store.keep(out, f"{step.job_id}/{step.position}", partial(step.report, 0))
    if isinstance(kept, Done) and kept.memo["kind"] != KINDS[model.suffix]:
        default_storage.delete(kept.memo["file"])
        return StepFailed("provider_error", f"The provider sent {kept.memo['kind']} instead of {KINDS[model.suffix]}.")
    return kept


def _request(step: Step) -> Request:
    model = catalog.model(step.provider)
    return vendor(model).poll_request(account(model), step.provider_ref)


def _read(step: Step, response: Response) -> Outcome:
    model = catalog.model(step.provider)
    port = vendor(model)
    try:
        match port.read_poll(response, step.provider_ref):
            case Running(progress_percent=percent, retry_after_seconds=after):
                return Wait(after or port.poll_seconds, percent)
            case Ready(url=url):
                return Done(memo={"url": url})
    except ProviderError as error:
        return failed(model, error)


def _not_read(step: Step, error: Exception) -> Outcome:
    """A look that brought no answer: the work goes on, so it is looked at again."""
    model = catalog.model(step.provider)
    if isinstance(error, ProviderError):
        return failed(model, error)
    if isinstance(error, HttpError):
        return failed(model, classify.by_http_error(error, vendor(model), submitting=False))
    return StepFailed("internal_error", detail=repr(error), retryable=True)


LOOK = Look(request=_request, read=_read, failed=_not_read)
