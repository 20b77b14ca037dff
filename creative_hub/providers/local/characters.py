"""The people and animals of a story: drawn from their descriptions, and so the same in every scene."""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Final

from PIL import Image

from creative_hub.providers.local import face, lipsync, presenter
from creative_hub.providers.local.drawing import Colour, mix
from creative_hub.providers.local.looks import AVATARS, Look
from creative_hub.providers.local.prompt import Prompt, read
from creative_hub.providers.local.sheet import Sheet, mirrored

COLOURS: Final[dict[str, Colour]] = {
    "red": (196, 62, 52),
    "orange": (228, 128, 52),
    "ginger": (206, 106, 48),
    "auburn": (139, 62, 38),
    "yellow": (236, 190, 66),
    "blond": (222, 180, 104),
    "blonde": (222, 180, 104),
    "golden": (222, 172, 84),
    "green": (74, 140, 92),
    "blue": (58, 104, 176),
    "navy": (38, 50, 92),
    "purple": (124, 84, 168),
    "pink": (228, 132, 160),
    "white": (238, 236, 232),
    "silver": (190, 194, 200),
    "grey": (150, 152, 158),
    "gray": (150, 152, 158),
    "black": (40, 38, 44),
    "brown": (112, 74, 50),
    "beige": (214, 190, 156),
    "teal": (36, 122, 124),
}
HAIR: Final = (
    ("hijab headscarf", "hijab"),
    ("curly curl afro coils wavy", "curls"),
    ("bald shaved fade buzz cropped short", "fade"),
    ("bob long braid ponytail bangs", "bob"),
    ("swept parted", "swept"),
    ("messy spiky textured", "crop"),
)
CLOTHES: Final = (
    ("hoodie hood tracksuit", "hoodie"),
    ("sweater jumper cardigan pullover", "sweater"),
    ("dress gown scarf shawl", "dress"),
    ("suit blazer jacket coat uniform cape", "blazer"),
    ("turtleneck shirt tshirt", "turtleneck"),
)
HAIR_WORDS: Final = "hair curl curls curly bob braid braids ponytail fade beard haired"
WOMAN: Final = "woman girl lady mother mom grandmother sister queen princess she her witch nurse"
MAN: Final = "man boy guy father dad grandfather brother king prince he his wizard"
OLD: Final = "old elderly grandmother grandfather grandma grandpa aged"

Ears = Callable[[Sheet, Colour, Colour], None]
Animal = tuple[Colour, Ears]
BOX: Final = presenter.BODY_BOX


def figure(name: str, appearance: str, scale: float) -> Image.Image:
    """The character from the chest up, transparent around, `scale` pixels to the unit of presenter.BODY_BOX.

    The same name and appearance give the same picture.
    """
    words = read(f"{appearance} {name}")
    for listed, (fur, ears) in ANIMALS.items():
        if words.mentions(listed):
            return _animal(_colour_before(words, f"fur coat {listed}") or fur, ears, _garment(words), scale)
    return _person(look_of(name, appearance), scale)


def look_of(name: str, appearance: str) -> Look:
    """A presenter's look, changed to what the description says; what it leaves open follows from the name."""
    words, rng = read(appearance), Random(f"{name}\n{appearance}")  # noqa: S311 - pictures
    woman = words.mentions(WOMAN) or (not words.mentions(MAN) and rng.random() < 0.5)
    base = rng.choice([each for each in AVATARS.values() if each.lashes == woman and each.hair != "hijab"])
    hair = _first(words, HAIR) or base.hair
    hair_color = _colour_before(words, HAIR_WORDS) or ((206, 206, 210) if words.mentions(OLD) else base.hair_color)
    return replace(
        base,
        hair=hair,
        hair_color=hair_color,
        brow=mix(hair_color, (30, 22, 20), 0.35),
        outfit="dress" if hair == "hijab" else _first(words, CLOTHES) or base.outfit,
        cloth=_garment(words) or rng.choice(list(COLOURS.values())),
        glasses=words.mentions("glasses spectacles"),
        beard=words.mentions("beard bearded") or (base.beard and words.mentions("beard")),
    )


def _first(words: Prompt, table: tuple[tuple[str, str], ...]) -> str:
    return next((drawn for listed, drawn in table if words.mentions(listed)), "")


def _colour_before(words: Prompt, things: str) -> Colour | None:
    """The colour that stands at most two words before one of the things, as in "short red curls"."""
    found = re.findall(r"\w+", words.text)
    for at, word in enumerate(found):
        if word in things.split():
            near = [COLOURS[each] for each in found[max(0, at - 3) : at] if each in COLOURS]
            if near:
                return near[-1]
    return None


def _garment(words: Prompt) -> Colour | None:
    return _colour_before(words, " ".join(listed for listed, _ in CLOTHES) + " clothes dress hat boots raincoat")


def _person(look: Look, scale: float) -> Image.Image:
    picture = presenter.body(look, scale)
    for part, box in (
        (face.head(look, scale), face.BOX),
        (face.eyes(look, scale, "open", 0), face.EYES_BOX),
        (face.mouth(look, scale, lipsync.REST, 0), face.MOUTH_BOX),
    ):
        picture.alpha_composite(part, (round((box[0] - BOX[0]) * scale), round((box[1] - BOX[1]) * scale)))
    return picture


# Animals: a round head with the ears of its kind, and shoulders in a garment or in fur


def _animal(fur: Colour, ears: Ears, cloth: Colour | None, scale: float) -> Image.Image:
    sheet = Sheet(BOX, scale)
    light, dark = mix(fur, (255, 250, 240), 0.62), mix(fur, (30, 16, 10), 0.42)
    sheet.blob(mirrored([(0, 170), (110, 190), (190, 260), (236, 420), (250, 560), (0, 580)]), cloth or mix(fur, dark, 0.25))
    if not cloth:
        sheet.blob(mirrored([(0, 230), (84, 262), (104, 420), (80, 560), (0, 580)]), light)
    ears(sheet, fur, light)
    sheet.blob(mirrored([(0, -150), (96, -136), (160, -60), (172, 30), (128, 128), (52, 178), (0, 186)]), fur)
    sheet.blob(mirrored([(0, 10), (62, 22), (94, 76), (70, 148), (0, 168)]), light)
    for side in (-1, 1):
        sheet.ellipse(side * 66, -14, 24, 30, (250, 250, 248))
        sheet.ellipse(side * 62, -10, 16, 21, (36, 28, 30))
        sheet.ellipse(side * 56, -19, 6, 7, (255, 255, 255))
        sheet.stroke([(side * 6, 104), (side * 26, 124), (side * 50, 112)], 6, dark)
    sheet.blob(mirrored([(0, 54), (28, 58), (20, 82), (0, 92)]), (48, 34, 36))
    sheet.stroke([(0, 88), (0, 106)], 6, dark)
    return sheet.finished()


def _pointed(sheet: Sheet, fur: Colour, light: Colour) -> None:
    for side in (-1, 1):
        sheet.polygon([(side * 40, -130), (side * 168, -50), (side * 150, -228)], fur)
        sheet.polygon([(side * 74, -128), (side * 142, -84), (side * 138, -188)], light)


def _round(sheet: Sheet, fur: Colour, light: Colour) -> None:
    for side in (-1, 1):
        sheet.ellipse(side * 124, -126, 58, 58, fur)
        sheet.ellipse(side * 122, -120, 32, 32, light)


def _long(sheet: Sheet, fur: Colour, light: Colour) -> None:
    for side in (-1, 1):
        sheet.ellipse(side * 62, -170, 36, 68, fur)
        sheet.ellipse(side * 62, -164, 18, 50, mix(light, (236, 150, 160), 0.5))


def _floppy(sheet: Sheet, fur: Colour, light: Colour) -> None:
    dark = mix(fur, (30, 16, 10), 0.35)
    for side in (-1, 1):
        sheet.blob([(side * 96, -130), (side * 190, -96), (side * 214, 40), (side * 168, 96), (side * 138, -20)], dark)


def _antenna(sheet: Sheet, fur: Colour, light: Colour) -> None:
    sheet.stroke([(0, -150), (0, -214)], 10, mix(fur, (30, 30, 40), 0.4))
    sheet.ellipse(0, -218, 20, 20, (240, 96, 80))


ANIMALS: Final[dict[str, Animal]] = {
    "fox": ((222, 118, 52), _pointed),
    "cat kitten tiger lynx": ((170, 148, 128), _pointed),
    "wolf": ((128, 132, 142), _pointed),
    "bear panda": ((134, 92, 62), _round),
    "mouse hamster monkey koala": ((166, 158, 156), _round),
    "rabbit bunny hare": ((206, 190, 178), _long),
    "dog puppy hound": ((182, 130, 84), _floppy),
    "elephant": ((150, 156, 168), _floppy),
    "robot android": ((150, 172, 190), _antenna),
}
