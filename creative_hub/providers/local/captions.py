"""Subtitles: what is said, in pieces short enough to read, with their times, and each drawn on a strip."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from creative_hub.providers.local import fonts
from creative_hub.providers.local.drawing import Pen
from creative_hub.providers.local.layers import balanced
from creative_hub.providers.local.speech import Sentence

_MAX_LINES = 2


@dataclass(frozen=True, slots=True)
class Caption:
    text: str
    start_seconds: float
    end_seconds: float


def captions(sentences: Sequence[Sentence], width: float, size: float) -> list[Caption]:
    """Each sentence in as few even pieces as fit two lines of `width` pixels in type of `size`; each stays while it is said."""
    found: list[Caption] = []
    for sentence in sentences:
        text = fonts.drawable(sentence.text)
        pieces = _pieces(text, fonts.font(size, bold=True, text=text).getlength(text), width)
        at, whole = sentence.start_seconds, sentence.end_seconds - sentence.start_seconds
        for piece in pieces:
            until = at + whole * len(piece) / sum(map(len, pieces))
            found.append(Caption(piece, at, until))
            at = until
    return found


def _pieces(text: str, length: float, width: float) -> list[str]:
    count = math.ceil(length / (width * _MAX_LINES * 0.86))  # lines break at words, so they are never quite full
    gap = " " if " " in text.strip() else ""
    units = text.split() if gap else list(text)
    pieces: list[str] = []
    goal, piece = len(text) / max(1, count), ""
    for unit in units:
        if piece and len(piece) + len(unit) / 2 > goal and len(pieces) < count - 1:
            pieces.append(piece)
            piece = unit
        else:
            piece = f"{piece}{gap}{unit}" if piece else unit
    return [*pieces, piece] if piece else pieces


@lru_cache(maxsize=4)
def strip(text: str, width: float, size: float) -> Image.Image:
    """The text in white on a dark, translucent, rounded ground no wider than `width` and its padding."""
    face = fonts.font(size, bold=True, text=text)
    lines = balanced(text, face, width, _MAX_LINES)
    step, pad = round(size * 1.32), round(size * 0.55)
    box = (math.ceil(max(map(face.getlength, lines))) + 2 * pad, step * len(lines) + pad)
    pen = Pen(box)
    pen.block((0, 0, *box), (16, 18, 26, 196), radius=size * 0.42)
    ground = pen.picture()
    ink = ImageDraw.Draw(ground)
    for number, line in enumerate(lines):
        middle = (box[0] / 2, pad / 2 + step * (number + 0.5))
        ink.text(middle, fonts.visual(line), font=face, fill=(255, 255, 255, 255), anchor="mm")
    return ground


def mark(text: str, size: float) -> Image.Image:
    """A small, quiet label for a corner of the picture."""
    face = fonts.font(size, text=text)
    pad = round(size * 0.5)
    box = (math.ceil(face.getlength(text)) + 2 * pad, round(size * 1.2) + pad)
    pen = Pen(box)
    pen.block((0, 0, *box), (16, 18, 26, 96), radius=box[1] / 2)
    ground = pen.picture()
    ImageDraw.Draw(ground).text((box[0] / 2, box[1] / 2), text, font=face, fill=(255, 255, 255, 235), anchor="mm")
    return ground
