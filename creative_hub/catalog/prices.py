"""What one item costs, in whole cents: the vendors' public prices of November 2026 × 1.1, rounded up."""

import math
from collections.abc import Mapping
from typing import Any, Final

from creative_hub.catalog.model import Price
from creative_hub.providers.flux_2_pro import SIZES as FLUX_SIZES

SPEECH_CHARS_PER_SECOND = 14  # about 150 words a minute


def flat(cents: int) -> Price:
    return lambda text, options: cents


def per_duration(five: int, ten: int) -> Price:
    return lambda text, options: ten if options.get("duration") == 10 else five


def per_started(characters: int, cents: int) -> Price:
    return lambda text, options: cents * max(1, math.ceil(len(text) / characters))


runway_cents: Final = per_duration(66, 132)
openai_tts_cents: Final = per_started(1000, 2)


def flux_cents(text: str, options: Mapping[str, Any]) -> int:
    """$0.03 for the first megapixel and $0.015 for each begun one after it, and for each of the pictures given with the order:
    those of a story's earlier scenes, which have a megapixel each.
    """
    width, height = options.get("width"), options.get("height")
    if not (width and height):
        width, height = FLUX_SIZES[options.get("aspect_ratio") or "1:1"]
    more = max(0, math.ceil(width * height / 2**20) - 1)
    return math.ceil((3.0 + 1.5 * (more + int(options.get("references", 0)))) * 1.1)


def gpt_image_cents(text: str, options: Mapping[str, Any]) -> int:
    """Medium quality: $0.034 for a square, $0.051 for the others; and up to half a cent for the longest prompt, or for a short
    one and two pictures given with it.
    """
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
    return 2 * ad_seconds(options)


def heygen_ad_cents(text: str, options: Mapping[str, Any]) -> int:
    """The presenter for all of its length, and the cut."""
    return heygen_cents("-" * script_chars(options), {}) + ad_cents(text, options)


def runway_ad_cents(text: str, options: Mapping[str, Any]) -> int:
    """The product's clip, the voice for the longest script, and the cut."""
    clip = runway_cents("", {"duration": clip_seconds(options)})
    return clip + openai_tts_cents("-" * script_chars(options), {}) + ad_cents(text, options)


def ad_seconds(options: Mapping[str, Any]) -> int:
    return int(options.get("ad_duration") or 15)


def script_chars(options: Mapping[str, Any]) -> int:
    """The longest script that can be said in an ad by a vendor's voice."""
    return ad_seconds(options) * SPEECH_CHARS_PER_SECOND


def clip_seconds(options: Mapping[str, Any]) -> int:
    """How long a product's clip is ordered for an ad."""
    return 5 if ad_seconds(options) <= 15 else 10
