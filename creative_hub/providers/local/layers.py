"""The pieces an advertisement is laid out from, as transparent pictures: text, button, photo card, scrim, quote panel."""

import math
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont, ImageOps

from creative_hub.providers.local import fonts
from creative_hub.providers.local.drawing import Colour, Pen, fade, shadow_of, tinted


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture that appears at `start_seconds` at (x, y), having moved there from (dx, dy) away while fading in."""

    picture: Image.Image
    x: float
    y: float
    start_seconds: float = 0.0
    dx: float = 0.0
    dy: float = 0.0


def fitted(text: str, width: float, max_lines: int, largest: float, smallest: float) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest bold type in which drawable `text` fits, and its lines; cut with … if even `smallest` is too large."""
    size = largest
    while True:
        face = fonts.font(size, bold=True, text=text)
        may_fit = face.getlength(text) <= width * max_lines  # breaking into lines is slow: first ask whether it can help
        if size <= smallest or (may_fit and _whole(fonts.wrap(text, face, width, max_lines), text)):
            return face, balanced(text, face, width, max_lines)
        size = max(smallest, size * 0.93)


def balanced(text: str, face: ImageFont.FreeTypeFont, width: float, max_lines: int) -> list[str]:
    """The lines of drawable `text` as fonts.wrap breaks them, but of about the same length."""
    lines = fonts.wrap(text, face, width, max_lines)
    if len(lines) == 1 or not _whole(lines, text):
        return lines
    for share in (1.04, 1.12, 1.22):
        even = fonts.wrap(text, face, min(width, face.getlength(text) / len(lines) * share), len(lines))
        if _whole(even, text):
            return even
    return lines


def _whole(lines: list[str], text: str) -> bool:
    return "".join("".join(lines).split()) == "".join(text.split())


def text_picture(
    face: ImageFont.FreeTypeFont, lines: list[str], colour: Colour, *, centred: bool = False, shadow: float = 0.55
) -> Image.Image:
    """Lines of text on nothing, right-aligned when they are read so, with a soft shadow of that opacity around."""
    step, room = round(face.size * 1.16), round(face.size * 0.35)
    width = math.ceil(max(map(face.getlength, lines)))
    picture = Image.new("RGBA", (width + 2 * room, step * len(lines) + 2 * room))
    ink = ImageDraw.Draw(picture)
    anchor, x = ("mm", width / 2) if centred else ("rm", width) if fonts.is_rtl(lines[0]) else ("lm", 0)
    for number, line in enumerate(lines):
        at = (room + x, room + step * (number + 0.5))
        ink.text(at, fonts.visual(line), font=face, fill=(*colour, 255), anchor=anchor)
    if not shadow:
        return picture
    return Image.alpha_composite(shadow_of(picture, face.size * 0.14, shadow), picture)


def button(text: str, width: float, size: float, fill: Colour, ink: Colour, *, arrow: bool = True) -> Image.Image:
    """A pill with a shadow, wide enough for its text and no wider than `width`."""
    face, lines = fitted(text, width - size * (4.2 if arrow else 2.4), 1, size, size * 0.55)
    height, tip = round(size * 2.3), size * 0.34
    long = math.ceil(face.getlength(lines[0]) + size * (4.2 if arrow else 2.4))
    room = button_room(size)
    pen = Pen((long + 2 * room, height + 2 * room))
    pen.block((room, room, room + long, room + height), (*fill, 255), radius=height / 2)
    middle = room + height / 2
    if arrow:
        point = room + long - size * 1.15
        pen.line([(point - size * 0.8, middle), (point, middle)], (*ink, 255), size * 0.12)
        pen.line([(point - tip, middle - tip), (point, middle), (point - tip, middle + tip)], (*ink, 255), size * 0.12)
    picture = pen.picture()
    at = (room + size * 1.25, middle) if arrow else (room + long / 2, middle)
    ImageDraw.Draw(picture).text(at, fonts.visual(lines[0]), font=face, fill=(*ink, 255), anchor="lm" if arrow else "mm")
    return _lifted(picture, size * 0.35)


def button_room(size: float) -> int:
    """How far the pill lies inside the picture of a `button`, for its shadow, in pixels."""
    return round(size * 0.8)


def photo_card(photo: Image.Image, box: tuple[float, float], *, tilt: float = 0.0) -> Image.Image:
    """The photo, whole, in a white rounded frame no larger than `box`, with a shadow."""
    inner = ImageOps.contain(photo, (round(box[0]), round(box[1])), Image.Resampling.LANCZOS)
    unit = min(inner.size)
    edge, room, radius = round(unit * 0.022) + 2, round(unit * 0.12), unit * 0.07
    pen = Pen((inner.width + 2 * (edge + room), inner.height + 2 * (edge + room)))
    pen.block((room, room, room + inner.width + 2 * edge, room + inner.height + 2 * edge), (255, 255, 255, 255), radius + edge)
    card = pen.picture()
    hole = Pen(inner.size, "L")
    hole.block((0, 0, *inner.size), 255, radius)
    card.paste(inner, (room + edge, room + edge), hole.picture())
    if tilt:
        card = card.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    return _lifted(card, unit * 0.035)


def round_photo(photo: Image.Image, diameter: float, ring: Colour) -> Image.Image:
    """The middle of the photo in a circle with a ring."""
    side, edge = round(diameter), max(2, round(diameter * 0.035))
    pen = Pen((side, side))
    pen.ellipse((side / 2, side / 2), side / 2, side / 2, (*ring, 255))
    picture = pen.picture()
    inner = ImageOps.fit(photo, (side - 2 * edge, side - 2 * edge), Image.Resampling.LANCZOS)
    hole = Pen(inner.size, "L")
    hole.ellipse((inner.width / 2, inner.height / 2), inner.width / 2, inner.height / 2, 255)
    picture.paste(inner, (edge, edge), hole.picture())
    return picture


def panel(size: tuple[float, float], radius: float, fill: Colour, *, room: int) -> Image.Image:
    """A rounded, nearly opaque panel with a shadow, and `room` around it for that."""
    width, height = round(size[0]), round(size[1])
    pen = Pen((width + 2 * room, height + 2 * room))
    pen.block((room, room, room + width, room + height), (*fill, 246), radius)
    return _lifted(pen.picture(), room * 0.4)


def scrim(size: tuple[int, int], colour: Colour, alphas: list[int]) -> Image.Image:
    """A dark veil from the top to the bottom of `size`, so that text stays legible on any clip."""
    return tinted(colour, fade(size, alphas))


def _lifted(picture: Image.Image, blur: float) -> Image.Image:
    shadow = Image.new("RGBA", picture.size)
    shadow.paste(shadow_of(picture, blur, 0.42), (0, round(blur * 0.5)))
    return Image.alpha_composite(shadow, picture)
