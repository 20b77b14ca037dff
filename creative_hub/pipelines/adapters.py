"""From a step of the engine to a provider's port, and back from its errors."""

import logging
from importlib import import_module
from typing import cast

from django.conf import settings

from creative_hub import catalog, stories
from creative_hub.catalog import Model
from creative_hub.pipelines.inputs import Inputs
from creative_hub.providers.classify import AccountError
from creative_hub.providers.ports import Account, Brief, ProviderError, Renderer, Vendor
from jobs import callbacks
from jobs.pipeline import Step, StepFailed

log = logging.getLogger(__name__)


def brief_of(step: Step, inputs: Inputs) -> Brief:
    if step.type == "story":
        return _scene(step, inputs)
    return Brief(
        type=step.type,
        text=step.prompt,
        settings={**step.settings, **inputs.links},
        position=step.position,
        inputs=inputs.files,
        callback_url=callbacks.address(step.item_id),
    )


def _scene(step: Step, inputs: Inputs) -> Brief:
    """One scene of a story, as a picture. Our own renderer is told who is in it; an image model reads it in the text."""
    model = catalog.model(step.provider)
    options = stories.scene_settings(step.settings, step.job_id, seeded=model.takes("seed"))
    if model.is_local:
        scene = step.settings["scenes"][step.position]
        options |= {"scene": scene, "cast": stories.cast_of(scene, step.settings.get("characters", []))}
    given = inputs.references
    text = stories.scene_text(step.prompt, step.settings, step.position, model.max_chars, pictured=bool(given))
    return Brief("image", text, options, references=given, callback_url=callbacks.address(step.item_id))


def renderer(model: Model) -> Renderer:
    return cast(Renderer, import_module(model.adapter).render)


def vendor(model: Model) -> Vendor:
    return cast(Vendor, import_module(model.adapter).VENDOR)


def account(model: Model) -> Account:
    base_url, api_key = settings.VENDORS[model.vendor]
    return Account(base_url.rstrip("/"), api_key, settings.VENDOR_MODELS.get(model.slug, ""))


def without_key(model: Model, words: str) -> str:
    """A vendor's words for a row or a log: some vendors repeat the key they refuse."""
    api_key = settings.VENDORS[model.vendor][1] if model.vendor else ""
    return words.replace(api_key, "[key]") if api_key else words


def failed(model: Model, error: ProviderError) -> StepFailed:
    detail = without_key(model, error.detail)
    if isinstance(error, AccountError):
        log.error("our account at %s cannot be used, and only an operator can mend it: %s", model.vendor, detail)
    return StepFailed(
        error.code,
        error.message,
        detail,
        retryable=error.retryable,
        accepted=error.accepted,
        retry_after_seconds=error.retry_after_seconds,
    )
