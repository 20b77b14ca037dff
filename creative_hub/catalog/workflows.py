"""The rows of the workflow types, the preferred of each type first. Some are made with the media types' models."""

from dataclasses import replace
from typing import Final

from creative_hub.catalog.media import HERE, LOCAL, MEDIA, RATIOS
from creative_hub.catalog.model import Model, named, same
from creative_hub.catalog.prices import ad_cents, flat, heygen_ad_cents, runway_ad_cents, style_cents
from creative_hub.providers import flux_2_pro, gpt_image_1_5
from creative_hub.providers.local.looks import AVATARS
from creative_hub.providers.local.speech import LANGUAGES, VOICES
from creative_hub.providers.local.style.looks import LOOKS
from creative_hub.providers.local.style.render import QUALITIES

WITH: Final = {row.slug: row for row in MEDIA}
AD_CHOICES: Final = {
    "variant_count": same("1", "2", "3"),
    "ad_duration": {"15": "15 seconds", "30": "30 seconds", "45": "45 seconds", "60": "60 seconds"},
    "aspect_ratio": same("9:16", "1:1", "16:9"),
    "script_style": {
        "problem_solution": "Problem and solution",
        "three_reasons": "Three reasons",
        "discovery": "Discovery",
        "social_proof": "Everybody talks about it",
        "special_offers": "An offer",
    },
}
AD_TEXTS: Final = ("urls", "target_audience", "user_instructions", "override_script")

WORKFLOWS: Final = (
    Model(
        slug="local_style",
        type="style_transfer",
        label="Local grading",
        hint="Measures and grades your real clip on this machine: colour, light, grain, cuts and loudness. Not an AI model.",
        made_by="style",
        adapter=HERE + "style",
        suffix=".mp4",
        price=style_cents,
        typical_seconds=(30, 120),
        choices={
            "look": named(LOOKS),
            "strength": {"100": "Full", "70": "Balanced", "40": "Subtle"},
            "pace": {"template": "As often as in the template", "keep": "As they are"},
            "quality": named(QUALITIES),
        },
        free=("title", "video_id", "template_video_id"),
        slots=4,
    ),
    replace(
        WITH["flux_2_pro"],
        slug="flux_2_pro_story",
        type="story",
        hint="A photoreal or painted picture for each scene. Characters stay alike: it sees them in the scenes before.",
        typical_seconds=(40, 120),
        choices={"aspect_ratio": same(*flux_2_pro.SIZES)},
        free=("characters", "scenes", "style", "seed"),
    ),
    replace(
        WITH["gpt_image_1_5"],
        slug="gpt_image_1_5_story",
        type="story",
        hint="Drawn and painted styles, and legible words. Characters stay alike: it sees them in the scenes before.",
        typical_seconds=(60, 200),
        choices={"aspect_ratio": same(*gpt_image_1_5.SIZES)},
        free=("characters", "scenes", "style"),
    ),
    Model(
        slug="local_story",
        type="story",
        label="Local preview",
        hint=f"{LOCAL}: draws each scene with the same characters in it, and its words below.",
        made_by="renderer",
        adapter=HERE + "story",
        suffix=".png",
        price=flat(2),
        typical_seconds=(10, 40),
        choices={"aspect_ratio": RATIOS},
        free=("characters", "scenes", "style", "seed"),
    ),
    Model(
        slug="runway_ad",
        type="ad",
        label="Runway and OpenAI",
        hint="Runway films the product, an OpenAI voice tells of it, and the ad is cut on this machine.",
        made_by="ad of a filmed product",
        adapter=HERE + "ad",
        suffix=".mp4",
        price=runway_ad_cents,
        typical_seconds=(150, 360),
        choices={
            **AD_CHOICES,
            "avatar_id": {"none": "Nobody: the voice alone", **named(AVATARS)},
            "voice_id": WITH["openai_tts"].choices["voice_id"],
        },
        free=AD_TEXTS,
        slots=2,
        parts=(WITH["openai_tts"], WITH["runway_gen4"]),
    ),
    Model(
        slug="heygen_ad",
        type="ad",
        label="HeyGen",
        hint="A HeyGen presenter says the script, and the ad is cut with the product's pictures on this machine.",
        made_by="ad with a filmed presenter",
        adapter=HERE + "ad",
        suffix=".mp4",
        price=heygen_ad_cents,
        typical_seconds=(360, 780),
        choices=AD_CHOICES,
        free=(*AD_TEXTS, "avatar_id", "voice_id"),
        slots=2,
        parts=(WITH["heygen"],),
    ),
    Model(
        slug="local_ad",
        type="ad",
        label="Local preview",
        hint=f"{LOCAL}: reads the page, writes a script, and cuts presenter, product and captions into an ad.",
        made_by="ad",
        adapter=HERE + "ad",
        suffix=".mp4",
        price=ad_cents,
        typical_seconds=(60, 180),
        choices={**AD_CHOICES, "avatar_id": named(AVATARS), "voice_id": named(VOICES), "language": LANGUAGES},
        free=AD_TEXTS,
        slots=2,
    ),
)
