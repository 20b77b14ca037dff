"""The table of models: what can be asked of whom, with which options, at what price.

It is the menu, the choices of the forms, the validation, the price list and the dispatch table. Prices are whole cents
for one item, set from the vendors' public prices × 1.1, rounded up (November 2026). Pure data: no Django but settings.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings

from creative_hub.providers import heygen, luma_ray3
from creative_hub.providers.flux_2_pro import SIZES as FLUX_SIZES
from creative_hub.providers.local.layouts import TEMPLATES
from creative_hub.providers.local.looks import AVATARS
from creative_hub.providers.local.speech import LANGUAGES, VOICES

Choices = Mapping[str, str]
Price = Callable[[str, Mapping[str, Any]], int]
"""Cents of one item, from its text and settings."""

LOCAL = "Local preview renderer, not an AI model"
SPEECH_CHARS_PER_SECOND = 14  # about 150 words a minute


@dataclass(frozen=True, slots=True)
class Model:
    """One row. `choices` lists the values of a field; a field in `free` takes any text; other fields it has not.

    `made_by` picks the pipeline; `adapter` is the module, `vendor` its key in settings.VENDORS. `typical_seconds` is how
    long half of the jobs take, and nine in ten, until there is a history.
    """

    slug: str
    type: str
    label: str
    hint: str
    made_by: str
    adapter: str
    suffix: str
    price: Price
    typical_seconds: tuple[int, int]
    choices: Mapping[str, Choices] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    vendor: str = ""
    slots: int = 8
    looks_per_second: float = 1000
    stale_after_seconds: int = 15 * 60
    deadline_seconds: int = 30 * 60

    @property
    def is_local(self) -> bool:
        return not self.vendor

    @property
    def unavailable(self) -> str:
        """Why it cannot be chosen here; empty if it can."""
        if self.vendor and not settings.VENDORS[self.vendor][1]:
            return f"not configured: set {self.vendor.upper()}_API_KEY"
        return ""

    def takes(self, name: str) -> bool:
        return name in self.choices or name in self.free

    def cost_cents(self, text: str, options: Mapping[str, Any]) -> int:
        if self.is_local and settings.LOCAL_RENDERERS_FREE:
            return 0
        return self.price(text, options)


def same(*values: str) -> Choices:
    return {value: value for value in values}


def named(table: Mapping[str, Any]) -> Choices:
    return {slug: row if isinstance(row, str) else row.label for slug, row in table.items()}


def flux_cents(text: str, options: Mapping[str, Any]) -> int:
    """$0.03 for the first megapixel and $0.015 for each begun one after it."""
    width, height = options.get("width"), options.get("height")
    if not (width and height):
        width, height = FLUX_SIZES[options.get("aspect_ratio") or "1:1"]
    more = max(0, math.ceil(width * height / 2**20) - 1)
    return math.ceil((3.0 + 1.5 * more) * 1.1)


def per_duration(five: int, ten: int) -> Price:
    return lambda text, options: ten if options.get("duration") == 10 else five


def per_started(characters: int, cents: int) -> Price:
    return lambda text, options: cents * max(1, math.ceil(len(text) / characters))


def heygen_cents(text: str, options: Mapping[str, Any]) -> int:
    """$0.0667 for each second of speech, estimated from the script."""
    return math.ceil(max(2, len(text) / SPEECH_CHARS_PER_SECOND) * 6.67 * 1.1)


def flat(cents: int) -> Price:
    return lambda text, options: cents


RATIOS = same("1:1", "4:5", "3:4", "4:3", "16:9", "9:16")
CLIP_RATIOS = same("16:9", "9:16", "1:1", "4:5")
DURATIONS = {"5": "5 seconds", "10": "10 seconds"}
VARIANTS = same("1", "2", "3", "4")
HERE: Final = "creative_hub.providers.local."
THERE: Final = "creative_hub.providers."

CATALOG: Final = (
    Model(
        slug="flux_2_pro",
        type="image",
        label="FLUX.2 [pro]",
        hint="Photoreal people, products and places. Weak at lettering.",
        made_by="vendor",
        adapter=THERE + "flux_2_pro",
        vendor="bfl",
        suffix=".jpg",
        price=flux_cents,
        typical_seconds=(10, 15),
        choices={"aspect_ratio": same(*FLUX_SIZES), "num_variants": VARIANTS},
        free=("width", "height", "seed"),
    ),
    Model(
        slug="local_image",
        type="image",
        label="Local preview",
        hint=f"{LOCAL}: draws a scene from the words of the prompt.",
        made_by="renderer",
        adapter=HERE + "image",
        suffix=".png",
        price=flat(2),
        typical_seconds=(4, 10),
        choices={"aspect_ratio": RATIOS, "num_variants": VARIANTS},
        free=("width", "height", "seed"),
    ),
    Model(
        slug="luma_ray3",
        type="video",
        label="Luma Ray 3",
        hint="Cinematic motion; not for fast cuts.",
        made_by="vendor",
        adapter=THERE + "luma_ray3",
        vendor="luma",
        suffix=".mp4",
        price=per_duration(33, 99),
        typical_seconds=(60, 180),
        choices={"aspect_ratio": same(*luma_ray3.ASPECT_RATIOS), "duration": DURATIONS},
        free=("image_url",),
    ),
    Model(
        slug="local_video",
        type="video",
        label="Local preview",
        hint=f"{LOCAL}: moves through a scene drawn from the prompt, or over your image.",
        made_by="renderer",
        adapter=HERE + "video",
        suffix=".mp4",
        price=per_duration(10, 20),
        typical_seconds=(15, 40),
        choices={"aspect_ratio": CLIP_RATIOS, "duration": DURATIONS},
        free=("image_url",),
    ),
    Model(
        slug="heygen",
        type="avatar",
        label="HeyGen",
        hint="Stock and custom presenters with close lip-sync.",
        made_by="vendor with keys",
        adapter=THERE + "heygen",
        vendor="heygen",
        suffix=".mp4",
        price=heygen_cents,
        typical_seconds=(240, 600),
        choices={"aspect_ratio": same(*heygen.ASPECT_RATIOS)},
        free=("avatar_id", "voice_id"),
        stale_after_seconds=30 * 60,
        deadline_seconds=60 * 60,
    ),
    Model(
        slug="local_avatar",
        type="avatar",
        label="Local preview",
        hint=f"{LOCAL}: a drawn presenter who speaks your script.",
        made_by="renderer",
        adapter=HERE + "avatar",
        suffix=".mp4",
        price=per_started(250, 12),
        typical_seconds=(20, 60),
        choices={
            "avatar_id": named(AVATARS),
            "voice_id": named(VOICES),
            "language": LANGUAGES,
            "aspect_ratio": CLIP_RATIOS,
        },
    ),
    Model(
        slug="elevenlabs",
        type="tts",
        label="ElevenLabs",
        hint="The most natural voices, in many languages. Dearer, and slower for long texts.",
        made_by="vendor that answers",
        adapter=THERE + "elevenlabs",
        vendor="elevenlabs",
        suffix=".mp3",
        price=per_started(1000, 11),
        typical_seconds=(8, 20),
        free=("voice_id", "language"),
        slots=3,
    ),
    Model(
        slug="local_tts",
        type="tts",
        label="Local preview",
        hint=f"{LOCAL}: reads your text aloud with a synthetic voice.",
        made_by="renderer",
        adapter=HERE + "tts",
        suffix=".mp3",
        price=per_started(1000, 1),
        typical_seconds=(3, 10),
        choices={"voice_id": named(VOICES), "language": LANGUAGES},
    ),
    Model(
        slug="local_composite",
        type="composite",
        label="Local preview",
        hint=f"{LOCAL}: puts clip, image, words and sound together as a social ad.",
        made_by="renderer",
        adapter=HERE + "composite",
        suffix=".mp4",
        price=flat(15),
        typical_seconds=(20, 60),
        choices={
            "template_id": named(TEMPLATES),
            "aspect_ratio": same("9:16", "1:1", "4:5", "16:9"),
            "resolution": same("720p", "1080p"),
        },
        free=("headline_text", "product_video", "image", "cta_text", "audio"),
    ),
)

TYPES: Final = {"image": "Image", "video": "Video", "avatar": "Avatar", "tts": "TTS", "composite": "Composite"}

_BY_SLUG: Final = {model.slug: model for model in CATALOG}


def model(slug: str) -> Model:
    """Raises KeyError for a slug that the catalog does not have."""
    return _BY_SLUG[slug]


def models_of(job_type: str) -> list[Model]:
    """The models of a type, the preferred first."""
    return [row for row in CATALOG if row.type == job_type]


def default_model(job_type: str) -> Model:
    """The first of the type that can be chosen here: a configured vendor, or else the local one."""
    rows = models_of(job_type)
    return next((row for row in rows if not row.unavailable), rows[0])
