"""From a step of the engine to a provider's port, and back from its errors."""

from importlib import import_module
from typing import cast

from django.conf import settings

from creative_hub.catalog import Model
from creative_hub.pipelines.inputs import Inputs
from creative_hub.providers.ports import Account, Brief, ProviderError, Renderer, Vendor
from jobs import callbacks
from jobs.pipeline import Step, StepFailed


def brief_of(step: Step, inputs: Inputs) -> Brief:
    return Brief(
        type=step.type,
        text=step.prompt,
        settings={**step.settings, **inputs.links},
        position=step.position,
        inputs=inputs.files,
        callback_url=callbacks.address(step.item_id),
    )


def renderer(model: Model) -> Renderer:
    return cast(Renderer, import_module(model.adapter).render)


def vendor(model: Model) -> Vendor:
    return cast(Vendor, import_module(model.adapter).VENDOR)


def account(model: Model) -> Account:
    base_url, api_key = settings.VENDORS[model.vendor]
    return Account(base_url.rstrip("/"), api_key)


def failed(error: ProviderError) -> StepFailed:
    return StepFailed(
        error.code,
        error.message,
        error.detail,
        retryable=error.retryable,
        accepted=error.accepted,
        retry_after_seconds=error.retry_after_seconds,
    )
