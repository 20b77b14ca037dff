"""The product's photos as they are shown: moved through on their own blur, and on the last card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from creative_hub.providers.local.drawing import Size, gradient, mix
from creative_hub.providers.local.fonts import drawable
from creative_hub.providers.local.layers import balanced, button, fitted, text_picture
from creative_hub.providers.local.looks import Look

ZOOM: Final = 0.1
"""How much closer a picture comes while it is shown."""


@dataclass(frozen=True, slots=True)
class Wording:
    title: str
    price: str
    call_to_action: str


class Still:
    """A view of a photo (RGB or RGBA, of any size) that comes closer while it is shown, or moves away."""

    def __init__(self, photo: Image.Image, size: Size, look: Look, *, inwards: bool) -> None:
        self._size, self._inwards = size, inwards
        self._ground = ground(photo, (round(size[0] * (1 + ZOOM)), round(size[1] * (1 + ZOOM))), look)

    def frame(self, along: float) -> Image.Image:
        share = along if self._inwards else 1 - along
        whole, (wide, tall) = self._ground, self._size
        width = whole.width - (whole.width - wide) * share
        height = whole.height - (whole.height - tall) * share
        left, top = (whole.width - width) / 2, (whole.height - height) / 2
        return whole.resize(self._size, Image.Resampling.BILINEAR, (left, top, left + width, top + height))


def ground(photo: Image.Image, size: Size, look: Look) -> Image.Image:
    """The whole photo in the middle of its own blur."""
    flat = _flat(photo)
    small = ImageOps.fit(flat, (max(8, size[0] // 8), max(8, size[1] // 8)))
    picture = small.filter(ImageFilter.GaussianBlur(6)).resize(size, Image.Resampling.BICUBIC)
    picture = Image.blend(picture, Image.new("RGB", size, look.backdrop[1]), 0.25)
    whole = ImageOps.contain(flat, (round(size[0] * 0.86), round(size[1] * 0.66)))
    corner = ((size[0] - whole.width) // 2, round((size[1] - whole.height) * 0.46))
    _shadow(picture, corner, whole.size)
    picture.paste(whole, corner, _rounded(whole.size, min(size) / (1 + ZOOM) * 0.03))
    return picture


def card(photos: Sequence[Image.Image], words: Wording, look: Look, size: Size) -> Image.Image:
    """The last picture: product, name, price and what to do."""
    width, height = size
    dark = mix(look.cloth, (12, 12, 24), 0.45)
    picture = gradient(size, [mix(look.cloth, (255, 255, 255), 0.12), dark]).convert("RGB")
    unit, tall = min(size), height > width
    middle = width * (0.5 if tall or not photos else 0.69)
    room = width * (0.84 if tall or not photos else 0.5)
    y = height * 0.2
    if photos:
        box = (round(width * 0.78), round(height * 0.4)) if tall else (round(width * 0.38), round(height * 0.72))
        whole = ImageOps.contain(_flat(photos[0]), box)
        corner = (
            ((width - whole.width) // 2, round(height * 0.1)) if tall else (round(width * 0.05), (height - whole.height) // 2)
        )
        _shadow(picture, corner, whole.size)
        picture.paste(whole, corner, _rounded(whole.size, unit * 0.03))
        y = corner[1] + whole.height + height * 0.045 if tall else height * 0.24
    for text, largest, most in ((words.title, 0.085, 3), (words.price, 0.1, 1)):
        if shown := drawable(text):
            face, lines = fitted(shown, room, most, unit * largest, unit * 0.045)
            ink = text_picture(face, balanced(shown, face, room, most) if most > 1 else lines, (255, 255, 255), centred=True)
            picture.paste(ink, (round(middle - ink.width / 2), round(y)), ink)
            y += ink.height + unit * 0.01
    pill = button(drawable(words.call_to_action), room, unit * 0.055, (255, 255, 255), dark)
    picture.paste(pill, (round(middle - pill.width / 2), round(y + unit * 0.02)), pill)
    return picture


def _flat(photo: Image.Image) -> Image.Image:
    flat = Image.new("RGB", photo.size, (250, 249, 246))
    flat.paste(photo, mask=photo.getchannel("A") if photo.mode == "RGBA" else None)
    return flat


def _shadow(ground: Image.Image, corner: tuple[int, int], size: Size) -> None:
    mask = Image.new("L", ground.size)
    left, top = corner
    ImageDraw.Draw(mask).rectangle([left, top + 12, left + size[0], top + size[1] + 14], fill=120)
    ground.paste((20, 18, 26), mask=mask.filter(ImageFilter.GaussianBlur(min(ground.size) / 40)))


def _rounded(size: Size, radius: float) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle([0, 0, size[0] - 1, size[1] - 1], radius, fill=255)
    return mask
