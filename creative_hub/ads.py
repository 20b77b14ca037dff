"""What vendors are asked for when they make the parts of an ad. Pure Python."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from creative_hub.catalog.prices import clip_seconds

Settings = Mapping[str, Any]


def presenter(settings: Settings) -> dict[str, Any]:
    """Of an avatar model: who says the script."""
    return {name: settings[name] for name in ("avatar_id", "voice_id", "aspect_ratio") if settings.get(name)}


def voice(settings: Settings) -> dict[str, Any]:
    """Of a voice model."""
    return {"voice_id": settings["voice_id"]}


def clip(settings: Settings, picture: str = "") -> dict[str, Any]:
    """Of a video model: the product, starting from its picture. Without one not every shape can be had: the cut fits it in."""
    shape = settings["aspect_ratio"]
    if not picture and shape == "1:1":
        shape = "9:16"
    return {"duration": clip_seconds(settings), "aspect_ratio": shape} | ({"image_url": picture} if picture else {})


def clip_prompt(title: str) -> str:
    return (
        f"A calm, well-lit product shot of {title}. The camera moves slowly closer and a little around it; soft daylight,"
        " shallow depth of field, true colours. The product keeps its shape and its labels. No people, no added text."
    )


ASKED: Final[Mapping[str, Callable[[Settings], dict[str, Any]]]] = {"avatar": presenter, "tts": voice, "video": clip}
"""By the type of the part's model."""
