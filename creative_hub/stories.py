"""A story in words: its characters, its scenes, and what each picture is asked to show. Pure Python."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

MAX_SCENES: Final = 20
MAX_CHARACTERS: Final = 10
MAX_SCENE: Final = 600
MAX_NAME: Final = 60
MAX_APPEARANCE: Final = 300

Character = Mapping[str, str]
"""`name` and `appearance`."""


def cast_of(scene: str, characters: Sequence[Character]) -> list[Character]:
    """Who is in the scene: those it names; everybody, up to three, when it names nobody."""
    words = scene.casefold()
    named = [each for each in characters if each["name"].casefold() in words]
    return named or list(characters[:3])


def scene_text(premise: str, settings: Mapping[str, Any], position: int, most: int) -> str:
    """The prompt of one scene's picture, at most `most` characters: who looks how is said in the same words every time."""
    scene = settings["scenes"][position]
    cast = cast_of(scene, settings.get("characters", []))
    looks = "; ".join(f"{each['name']}: {each['appearance']}" for each in cast)
    parts = [
        f"{settings['style']}." if settings.get("style") else "",
        scene if scene.endswith((".", "!", "?", "。")) else f"{scene}.",
        f"The same characters in every picture, always looking alike: {looks}." if looks else "",
        f"From the story: {premise}",
    ]
    return " ".join(part for part in parts if part)[:most].strip()


def scene_settings(settings: Mapping[str, Any], job_id: UUID | None) -> dict[str, Any]:
    """What an image model is told beside the text. One seed for all scenes keeps a model's hand steady."""
    seed = settings.get("seed", job_id.int % 2**31 if job_id else 0)
    return {"seed": seed} | ({"aspect_ratio": settings["aspect_ratio"]} if "aspect_ratio" in settings else {})
