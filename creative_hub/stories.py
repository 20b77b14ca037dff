"""A story in words: its characters, its scenes, and what each picture is asked to show. Pure Python."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

MAX_SCENES: Final = 20
MAX_CHARACTERS: Final = 10
MAX_SCENE: Final = 600
MAX_NAME: Final = 60
MAX_APPEARANCE: Final = 300
MAX_REFERENCES: Final = 2
"""Earlier pictures that a model is given: each has its price."""

Character = Mapping[str, str]
"""`name` and `appearance`."""


def cast_of(scene: str, characters: Sequence[Character]) -> list[Character]:
    """Who is in the scene: those it names; everybody, up to three, when it names nobody."""
    words = scene.casefold()
    named = [each for each in characters if each["name"].casefold() in words]
    return named or list(characters[:3])


def references(settings: Mapping[str, Any], position: int) -> list[int]:
    """The earlier scenes whose pictures show this one's characters: for each character the first that has it."""
    scenes, characters = settings["scenes"], settings.get("characters", [])
    casts = [[each["name"] for each in cast_of(scene, characters)] for scene in scenes[: position + 1]]
    first = [next(at for at, cast in enumerate(casts) if name in cast) for name in casts[position]]
    return sorted({at for at in first if at < position})[:MAX_REFERENCES]


def scene_text(premise: str, settings: Mapping[str, Any], position: int, most: int, *, pictured: bool = False) -> str:
    """The prompt of one scene's picture, at most `most` characters: who looks how is said in the same words every time.

    `pictured` says that the pictures of `references` are given along with it.
    """
    scene = settings["scenes"][position]
    cast = cast_of(scene, settings.get("characters", []))
    looks = "; ".join(f"{each['name']}: {each['appearance']}" for each in cast)
    parts = [
        f"{settings['style']}." if settings.get("style") else "",
        scene if scene.endswith((".", "!", "?", "。")) else f"{scene}.",
        f"The same characters in every picture, always looking alike: {looks}." if looks else "",
        "Take their faces, hair and clothes from the given pictures, and draw everything else anew." if pictured else "",
        f"From the story: {premise}",
    ]
    return " ".join(part for part in parts if part)[:most].strip()


def scene_settings(settings: Mapping[str, Any], job_id: UUID | None, *, seeded: bool) -> dict[str, Any]:
    """What an image model is told beside the text. One seed for all scenes keeps the hand of a model that takes one steady."""
    told = {"seed": settings.get("seed", job_id.int % 2**31 if job_id else 0)} if seeded else {}
    return told | ({"aspect_ratio": settings["aspect_ratio"]} if "aspect_ratio" in settings else {})
