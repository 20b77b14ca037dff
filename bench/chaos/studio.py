"""The product's studio with more slots. All else is the product's own."""

from collections.abc import Mapping
from typing import Any

from creative_hub import studio

SLOTS = 48  # of each provider: what a stopped worker holds must not stop all the others


def slots() -> Mapping[str, int]:
    return dict.fromkeys(studio.slots(), SLOTS)


def __getattr__(name: str) -> Any:
    return getattr(studio, name)
