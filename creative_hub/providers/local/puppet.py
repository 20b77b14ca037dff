"""A presenter put together from parts drawn once: what makes a frame cost milliseconds."""

import math
from random import Random
from typing import NamedTuple

from PIL import Image

from creative_hub.providers.local import captions, face, lipsync, presenter
from creative_hub.providers.local.drawing import grain
from creative_hub.providers.local.looks import Look
from creative_hub.providers.local.motion import BREATH_STEPS, SWAY_STEPS, Pose, sway

_MARK = "Local preview"
_NECK = 130
"""Where the head turns, in units below its middle."""
_BREATH_PIXELS = 0.5


class Framing(NamedTuple):
    """`middle` is where the middle of the face is; `scale` the pixels to a unit of the drawing."""

    size: tuple[int, int]
    middle: tuple[float, float]
    scale: float


class Puppet:
    """Draws `look` in any pose. Turning the whole head is the slow part, so each of its turns is made once and kept."""

    def __init__(self, look: Look, framing: Framing) -> None:
        self._look, self._scale = look, framing.scale
        self._corner = tuple(round(m + b * framing.scale) for m, b in zip(framing.middle, face.BOX, strict=False))
        self._stills = _stills(look, framing)
        head = face.head(look, framing.scale)
        left, top, right, bottom = head.getbbox() or (0, 0, *head.size)
        self._head, self._head_corner = head.crop((left, top, right, bottom)), (left, top)
        self._turned: list[tuple[Image.Image, tuple[int, int]] | None] = [None] * SWAY_STEPS

    def frame(self, pose: Pose, mouth: lipsync.Mouth) -> Image.Image:
        """A new picture (RGB), the caller's to draw on."""
        picture = self._stills[pose.breath].copy()
        head, place = self._turned_head(pose.sway)
        picture.paste(head, place, head)
        level = math.ceil(mouth.openness * face.MOUTH_LEVELS)
        shape = mouth.shape if level else lipsync.REST
        self._paste_turned(picture, face.eyes(self._look, self._scale, pose.lids, pose.brow), face.EYES_BOX, pose.sway)
        self._paste_turned(picture, face.mouth(self._look, self._scale, shape, level), face.MOUTH_BOX, pose.sway)
        return picture

    def _turned_head(self, step: int) -> tuple[Image.Image, tuple[int, int]]:
        if (kept := self._turned[step]) is None:
            kept = self._turned[step] = self._turn(self._head, self._head_corner, step)
        return kept

    def _paste_turned(self, picture: Image.Image, sprite: Image.Image, box: tuple[float, ...], step: int) -> None:
        corner = (round((box[0] - face.BOX[0]) * self._scale), round((box[1] - face.BOX[1]) * self._scale))
        turned, place = self._turn(sprite, corner, step)
        picture.paste(turned, place, turned)

    def _turn(self, part: Image.Image, corner: tuple[int, int], step: int) -> tuple[Image.Image, tuple[int, int]]:
        """A part of the head, whose top left lies at `corner` of the head's sheet, turned; and where in the picture it goes."""
        x, y, degrees = sway(step)
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        px, py = -face.BOX[0] * self._scale - corner[0], (_NECK - face.BOX[1]) * self._scale - corner[1]
        qx, qy = px + x * self._scale, py + y * self._scale
        mx, my = part.width / 2 - px, part.height / 2 - py
        grown = math.ceil(max(part.size) * abs(sin) / 2) + 1
        left = math.floor(qx + cos * mx - sin * my - part.width / 2) - grown
        top = math.floor(qy + sin * mx + cos * my - part.height / 2) - grown
        qx, qy = qx - left, qy - top
        matrix = (cos, sin, px - cos * qx - sin * qy, -sin, cos, py + sin * qx - cos * qy)
        size = (part.width + 2 * grown + 1, part.height + 2 * grown + 1)
        turned = part.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
        return turned, (self._corner[0] + corner[0] + left, self._corner[1] + corner[1] + top)


def _stills(look: Look, framing: Framing) -> list[Image.Image]:
    """The picture without its head, for each step of a breath."""
    scale, (x, y) = framing.scale, framing.middle
    wall = grain(presenter.backdrop(look, framing.size, framing.middle, 300 * scale), Random(0), 3)  # noqa: S311 - no secret
    body = presenter.body(look, scale)
    between = body.transform(body.size, Image.Transform.AFFINE, (1, 0, 0, 0, 1, -_BREATH_PIXELS), Image.Resampling.BILINEAR)
    mark = captions.mark(_MARK, min(framing.size) * 0.024)
    wall.paste(mark, (framing.size[0] - mark.width - mark.height // 2, mark.height // 2), mark)
    left, top = round(x + presenter.BODY_BOX[0] * scale), round(y + presenter.BODY_BOX[1] * scale)
    stills = []
    for step in range(BREATH_STEPS):
        breathing = between if step % 2 else body
        still = wall.copy()
        still.paste(breathing, (left, top + step // 2), breathing)
        stills.append(still)
    return stills
