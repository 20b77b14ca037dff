"""What one item costs, in whole cents: the vendors' public prices of November 2026 × 1.1, rounded up."""

import math
from collections.abc import Mapping
from typing import Any

from creative_hub.catalog.model import Price
from creative_hub.providers.flux_2_pro import SIZES as FLUX_SIZES

SPEECH_CHARS_PER_SECOND = 14  # about 150 words a minute


def flat(cents: int) -> Price:
    return lambda text, options: cents


def per_duration(five: int, ten: int) -> Price:
    return lambda text, options: ten if options.get("duration") == 10 else five


def per_started(characters: int, cents: int) -> Price:
    return lambda text, options: cents * max(1, math.ceil(len(text) / characters))


def flux_cents(text: str, options: Mapping[str, Any]) -> int:
    """$0.03 for the first megapixel and $0.015 for each begun one after it."""
    width, height = options.get("width"), options.get("height")
    if not (width and height):
        width, height = FLUX_SIZES[options.get("aspect_ratio") or "1:1"]
    more = max(0, math.ceil(width * height / 2**20) - 1)
    return math.ceil((3.0 + 1.5 * more) * 1.1)


def gpt_image_cents(text: str, options: Mapping[str, Any]) -> int:
    """Medium quality: $0.034 for a square, $0.051 for the others; and up to half a cent for the longest prompt."""
    return 5 if options.get("aspect_ratio", "1:1") == "1:1" else 7


def heygen_cents(text: str, options: Mapping[str, Any]) -> int:
    """$0.0667 for each second of speech, estimated from the script."""
    return math.ceil(max(2, len(text) / SPEECH_CHARS_PER_SECOND) * 6.67 * 1.1)


def creatomate_cents(text: str, options: Mapping[str, Any]) -> int:
    """A credit makes 100 million pixels and costs $0.01 on the plan of 10,000: a minute at 30 frames a second."""
    return 42 if options.get("resolution") == "1080p" else 19


def style_cents(text: str, options: Mapping[str, Any]) -> int:
    """A rendered clip; or only the style of one."""
    return 20 if options.get("video_id") else 5


def ad_cents(text: str, options: Mapping[str, Any]) -> int:
    """Two cents for a second of each ad."""
    return 2 * int(options.get("ad_duration") or 15)
