"""The pictures, clips and sounds that an order names, brought to where the provider needs them."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

from creative_hub import library, stories
from creative_hub.models import Asset
from creative_hub.providers.ports import ProviderError
from creative_hub.storage import store
from creative_hub.storage.addresses import unfetched
from creative_hub.storage.door import door
from creative_hub.storage.patience import patiently
from jobs.pipeline import Step
from wevion.http.errors import HttpError

MEDIA_FIELDS = ("image_url", "product_video", "image", "audio")
MAX_BYTES = 500_000_000
TIMEOUT_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Inputs:
    """`files` for a renderer, by field; `links` for a vendor, which fetches them itself.

    `references` are the pictures of earlier scenes, for an image model, as data: addresses.
    """

    files: Mapping[str, Path] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    references: Sequence[str] = ()


def gather(step: Step, folder: Path) -> Inputs:
    """Copies what the order names into the folder. Raises ProviderError naming the field."""
    files = {}
    for name, value in _named(step):
        files[name] = folder / name
        if "://" in value:
            fetch(step, name, value, files[name])
        else:
            _copy(step, asset_of(step, name, value), files[name])
    return Inputs(files=files)


def links(step: Step) -> Inputs:
    """The same media as addresses: signed ones for files of the library. Raises ProviderError("invalid_request").

    Of a story also the pictures of earlier scenes; ProviderError("storage_error") when they cannot be read.
    """
    named = {name: value if "://" in value else _link(step, name, value) for name, value in _named(step)}
    earlier = stories.references(step.settings, step.position) if step.type == "story" else []
    return Inputs(links=named, references=[_data(step.earlier[position]) for position in earlier])


def _named(step: Step) -> list[tuple[str, str]]:
    return [(name, step.settings[name]) for name in MEDIA_FIELDS if step.settings.get(name)]


def asset_of(step: Step, name: str, value: str) -> Asset:
    """The file of the person's library that a field names. Raises ProviderError("invalid_request")."""
    asset = Asset.objects.living().filter(owner_id=step.user_id, pk=value, taken_down_at=None).first()
    if asset is None:
        raise ProviderError("invalid_request", f"{name}: the file is no longer in your library.")
    return asset


def _link(step: Step, name: str, value: str) -> str:
    asset = asset_of(step, name, value)
    if not settings.SITE_URL.startswith("https://"):
        message = f"{name}: the provider cannot fetch files from here, because this site has no public https address."
        raise ProviderError("invalid_request", message, detail="SITE_URL is not an https address")
    return f"{library.link(asset.pk)}?here=1"  # some vendors follow no redirect, and ask with HEAD first


def _data(result: Mapping[str, Any]) -> str:
    """A result's bytes as a data: address."""
    try:
        found = store.part(result["file"], 0, result["bytes"])
    except OSError as error:
        raise ProviderError("storage_error", detail=store.failed("reading an input", error).detail, retryable=True) from None
    return f"data:{result['mime']};base64,{base64.b64encode(found).decode()}"


def _copy(step: Step, asset: Asset, to: Path) -> None:
    try:
        patiently(partial(store.copy, str(asset.file), to), partial(step.report, 0))
    except OSError as error:
        raise ProviderError("storage_error", detail=store.failed("reading an input", error).detail, retryable=True) from None


def fetch(step: Step, name: str, url: str, to: Path) -> None:
    """Brings the file behind an address here, through the guarded door. Raises ProviderError in words that name the field."""
    try:
        with to.open("wb") as sink:
            door().download(url, sink, max_bytes=MAX_BYTES, timeout_seconds=TIMEOUT_SECONDS, tick=partial(step.report, 0))
    except HttpError as error:
        failed = unfetched(error, url, "file", MAX_BYTES)
        failed.message = f"{name}: {failed.message[0].lower()}{failed.message[1:]}"
        raise failed from None
