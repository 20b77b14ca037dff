"""The templates of advertisements: what differs between them is layout, palette and motion."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PIL import Image

from creative_hub.providers.local import fonts, layers
from creative_hub.providers.local.drawing import Colour
from creative_hub.providers.local.layers import Layer

_WHITE = (255, 255, 255)
_YELLOW = (255, 221, 51)
_PLUM = (24, 14, 46)


@dataclass(frozen=True, slots=True)
class Slots:
    """What there is to show. `headline` and `cta` are drawable text or empty; `clip` says whether a clip fills the frame."""

    headline: str
    cta: str
    photo: Image.Image | None
    clip: bool


Layout = Callable[[Slots, tuple[int, int], float], list[Layer]]


@dataclass(frozen=True, slots=True)
class Template:
    """`ground` are the colours of the backdrop where neither clip nor image gives one; `layout` takes the length in seconds."""

    label: str
    ground: tuple[Colour, Colour]
    layout: Layout


def _product_hero(slots: Slots, size: tuple[int, int], seconds: float) -> list[Layer]:
    """Headline at the top left, product card below, button at the bottom (at the left and right when the frame is wide)."""
    (width, height), unit = size, min(size) / 100
    wide, margin = width > height, 7 * min(size) / 100
    room = width * 0.5 if wide and slots.photo else width - 2 * margin
    found = [Layer(layers.scrim(size, (10, 10, 22), [205, 130, 30, 0, 20, 120, 190]), 0, 0)]
    top = height * (0.12 if wide else 0.075)
    foot = height - margin * (1.2 if height <= 1.5 * width else 2.6)
    if slots.headline:
        face, lines = layers.fitted(slots.headline, room, 4 if wide else 3, 11.5 * unit, 5 * unit)
        picture = layers.text_picture(face, lines, _WHITE)
        pad = face.size * 0.35
        left = width - margin - picture.width + pad if fonts.is_rtl(slots.headline) and not wide else margin - pad
        found.append(Layer(picture, left, top - pad, 0.35, dy=5 * unit))
        top += picture.height - 2 * pad + 3 * unit
    if slots.cta:
        pill = layers.button(slots.cta, room, 5.4 * unit, (255, 92, 57), _WHITE)
        edge = layers.button_room(5.4 * unit)
        x = margin - edge if wide else (width - pill.width) / 2
        y = foot - pill.height + edge
        found.append(Layer(pill, x, y, seconds * 0.5, dy=8 * unit))
        foot = foot if wide else y + edge - 2 * unit
    if slots.photo:
        found.append(_hero_card(slots, size, (height * 0.08, height * 0.92) if wide else (top, foot)))
    return found


def _hero_card(slots: Slots, size: tuple[int, int], between: tuple[float, float]) -> Layer:
    assert slots.photo is not None
    (width, height), unit, margin = size, min(size) / 100, 7 * min(size) / 100
    space = between[1] - between[0]
    if width > height:
        card = layers.photo_card(slots.photo, (width * 0.36, space * 0.86))
        return Layer(card, width - margin - card.width + 4 * unit, (height - card.height) / 2, 0.8, dx=10 * unit)
    if slots.clip:
        card = layers.photo_card(slots.photo, (width * 0.42, min(space * 0.62, height * 0.3)))
        return Layer(card, width - margin - card.width + 4 * unit, between[1] - card.height, 1.0, dx=10 * unit)
    card = layers.photo_card(slots.photo, (width * 0.76, space * 0.8))
    return Layer(card, (width - card.width) / 2, between[0] + (space - card.height) / 2, 0.8, dy=8 * unit)


def _testimonial(slots: Slots, size: tuple[int, int], seconds: float) -> list[Layer]:
    """A light panel over the lower part, with the headline as a quotation and the button; a round portrait on its edge, or
    the whole image above it when no clip fills the frame.
    """
    (width, height), unit = size, min(size) / 100
    across = min(width - 10 * unit, 118 * unit)
    portrait = layers.round_photo(slots.photo, 22 * unit, _WHITE) if slots.photo and (slots.clip or width > height) else None
    parts, deep = _quotation(slots, across, unit, first=(14 if portrait else 6) * unit, button_at=seconds * 0.5)
    left, top = (width - across) / 2, height - deep - (5 if height <= 1.5 * width else 14) * unit
    found = [Layer(layers.scrim(size, (18, 16, 40), [40, 0, 0, 60, 150]), 0, 0)]
    if parts:
        room = round(5 * unit)
        found.append(Layer(layers.panel((across, deep), 5 * unit, _WHITE, room=room), left - room, top - room, 0.3, dy=14 * unit))
        found += [replace(part, x=left + part.x, y=top + part.y) for part in parts]
    if portrait and parts:
        found.append(Layer(portrait, left + 5.5 * unit, top - portrait.height * 0.5, 0.55, dy=10 * unit))
    elif slots.photo:
        space = (top if parts else height) - 12 * unit
        card = layers.photo_card(slots.photo, (width * 0.74, space * 0.84))
        found.append(Layer(card, (width - card.width) / 2, 7 * unit + (space - card.height) / 2, 0.55, dy=10 * unit))
    return found


def _quotation(slots: Slots, across: float, unit: float, *, first: float, button_at: float) -> tuple[list[Layer], float]:
    """What stands on the panel, placed from its corner and below `first`, and how tall the panel must be."""
    ink, accent, pad = (32, 36, 52), (92, 82, 232), 5.5 * unit
    parts: list[Layer] = []
    deep = first
    if slots.headline:
        mark = layers.text_picture(fonts.font(18 * unit, bold=True), ["“"], accent, shadow=0)
        mark = mark.crop(mark.getbbox())
        face, lines = layers.fitted(slots.headline, across - 2 * pad, 5, 7 * unit, 3.8 * unit)
        words = layers.text_picture(face, lines, ink, shadow=0)
        inset, rtl = face.size * 0.35, fonts.is_rtl(slots.headline)
        parts.append(Layer(mark, across - pad - mark.width if rtl else pad, deep, 0.65, dy=3 * unit))
        deep += mark.height + 2 * unit
        parts.append(Layer(words, across - pad - words.width + inset if rtl else pad - inset, deep - inset, 0.75, dy=3 * unit))
        deep += words.height - 2 * inset + pad * 0.8
    if slots.cta:
        pill = layers.button(slots.cta, across - 2 * pad, 4.4 * unit, accent, _WHITE)
        edge = layers.button_room(4.4 * unit)
        parts.append(Layer(pill, pad - edge, deep - edge, button_at, dx=-6 * unit))
        deep += pill.height - 2 * edge + pad
    return parts, deep


def _bold_text(slots: Slots, size: tuple[int, int], seconds: float) -> list[Layer]:
    """The headline as large as it goes, line by line, over a tinted picture; a tilted photo; a button."""
    (width, height), unit = size, min(size) / 100
    found = [Layer(layers.scrim(size, (30, 12, 66), [196, 168, 150, 168, 205]), 0, 0)]
    top, foot = (6 if width > height else 9) * unit, height - (7 if height <= 1.5 * width else 17) * unit
    if slots.cta:
        pill = layers.button(slots.cta, width - 14 * unit, 6 * unit, _YELLOW, _PLUM)
        edge = layers.button_room(6 * unit)
        foot -= pill.height - 2 * edge
        found.append(Layer(pill, (width - pill.width) / 2, foot - edge, seconds * 0.5, dy=10 * unit))
        foot -= 5 * unit
    middle = width / 2
    if slots.photo:
        card, x, y = _tilted_card(slots.photo, size, (top, foot), alone=not slots.headline)
        found.append(Layer(card, x, y, 1.1, dy=12 * unit))
        middle, foot = (width * 0.27, foot) if width > height else (middle, y)
    if slots.headline:
        found += _stacked(slots.headline, (middle, (top + foot) / 2), 2 * middle - 12 * unit, foot - top, unit)
    return found


def _tilted_card(
    photo: Image.Image, size: tuple[int, int], between: tuple[float, float], *, alone: bool
) -> tuple[Image.Image, float, float]:
    (width, height), (top, foot) = size, between
    if width > height and not alone:
        card = layers.photo_card(photo, (width * 0.38, (foot - top) * 0.84), tilt=-4)
        return card, width * 0.74 - card.width / 2, (top + foot - card.height) / 2
    card = layers.photo_card(photo, (width * 0.7, (foot - top) * (0.8 if alone else 0.46)), tilt=-4)
    return card, (width - card.width) / 2, (top + foot - card.height) / 2 if alone else foot - card.height


def _stacked(text: str, middle: tuple[float, float], width: float, space: float, unit: float) -> list[Layer]:
    """Lines in capitals, one after the other; the last one dark on a yellow bar."""
    shouted, size = text.upper(), 19 * unit
    while True:
        face, lines = layers.fitted(shouted, width, 6, size, 4.5 * unit)
        step = face.size * 1.18
        if step * len(lines) <= space or face.size <= 4.5 * unit:
            break
        size = face.size * 0.93
    found, y = [], middle[1] - step * len(lines) / 2
    for number, line in enumerate(lines):
        last = number == len(lines) - 1 and len(lines) > 1
        picture = layers.text_picture(face, [line], _PLUM if last else _WHITE, centred=True, shadow=0 if last else 0.5)
        if last:
            picture = _on_bar(picture, face.size, _YELLOW)
        at = y + step * (number + 0.5) - picture.height / 2
        found.append(Layer(picture, middle[0] - picture.width / 2, at, 0.25 + 0.22 * number, dx=(-1) ** number * 12 * unit))
    return found


def _on_bar(words: Image.Image, size: float, colour: Colour) -> Image.Image:
    bar = Image.new("RGBA", words.size)
    edge = round(size * 0.3)
    bar.paste((*colour, 255), (round(size * 0.12), edge, words.width - round(size * 0.12), words.height - edge))
    return Image.alpha_composite(bar, words)


TEMPLATES: dict[str, Template] = {
    "product_hero": Template("Product hero — headline, product card, button", ((255, 138, 92), (122, 36, 92)), _product_hero),
    "testimonial": Template("Testimonial — quotation on a light panel", ((120, 168, 255), (74, 52, 160)), _testimonial),
    "bold_text": Template("Bold text — large stacked lines", ((120, 66, 235), (34, 12, 84)), _bold_text),
}
DEFAULT_TEMPLATE = "product_hero"
