"""A drawing surface in the illustrator's own units, drawn large and reduced, so that every edge is smooth."""

import math
from collections.abc import Iterable, Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from creative_hub.providers.local.drawing import Colour, Point, curve

_LARGER = 3


def mirrored(points: Iterable[Point]) -> list[Point]:
    """A right half, drawn from top to bottom, closed with its mirror image in x = 0."""
    right = list(points)
    return right + [(-x, y) for x, y in reversed(right) if x]


class Sheet:
    """A transparent surface over `box` (left, top, right, bottom, in units), `scale` pixels to the unit."""

    def __init__(self, box: tuple[float, float, float, float], scale: float) -> None:
        self._left, self._top = box[0], box[1]
        self._scale = scale * _LARGER
        self._size = (math.ceil((box[2] - box[0]) * scale), math.ceil((box[3] - box[1]) * scale))
        self._image = Image.new("RGBA", (self._size[0] * _LARGER, self._size[1] * _LARGER))
        self._draw = ImageDraw.Draw(self._image)

    def finished(self) -> Image.Image:
        return self._image.reduce(_LARGER)

    def blob(self, points: Sequence[Point], fill: Colour) -> None:
        """A filled shape whose outline runs smoothly through `points`."""
        self._draw.polygon(self._pixels(curve(points, closed=True)), fill=(*fill, 255))

    def polygon(self, points: Sequence[Point], fill: Colour) -> None:
        self._draw.polygon(self._pixels(points), fill=(*fill, 255))

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
        self._draw.ellipse([*self._pixel((x - rx, y - ry)), *self._pixel((x + rx, y + ry))], fill=(*fill, 255))

    def stroke(self, points: Sequence[Point], width: float, fill: Colour, *, closed: bool = False) -> None:
        """A smooth line with round ends."""
        line = self._pixels(curve(points, closed=closed))
        line += line[:2] if closed else []
        thick = width * self._scale
        self._draw.line(line, fill=(*fill, 255), width=max(1, round(thick)), joint="curve")
        for x, y in (line[0], line[-1]):
            self._draw.ellipse([x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2], fill=(*fill, 255))

    def shade(
        self, points: Sequence[Point], fill: Colour, opacity: float, *, within: Sequence[Point] | None = None, soft: float = 0
    ) -> None:
        """Tint with a shape, blurred by `soft` units, and only inside the smooth outline `within` when it is given."""
        box = self._around(points, 3 * soft)
        mask = self._mask(points, box)
        if soft:
            mask = mask.filter(ImageFilter.GaussianBlur(soft * self._scale))
        if within:
            mask = ImageChops.multiply(mask, self._mask(within, box))
        mask = ImageChops.multiply(mask, self._image.crop(box).getchannel("A"))
        self._image.paste((*fill, 255), box, mask.point([round(value * opacity) for value in range(256)]))

    def _around(self, points: Sequence[Point], room: float) -> tuple[int, int, int, int]:
        """The pixels that a smooth shape through `points` can touch, and `room` units more."""
        xs, ys = zip(*curve(points, closed=True), strict=True)
        left, top = self._pixel((min(xs) - room, min(ys) - room))
        right, bottom = self._pixel((max(xs) + room, max(ys) + room))
        width, height = self._image.size
        return max(0, int(left)), max(0, int(top)), min(width, int(right) + 1), min(height, int(bottom) + 1)

    def _mask(self, points: Sequence[Point], box: tuple[int, int, int, int]) -> Image.Image:
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        shape = [(x - box[0], y - box[1]) for x, y in self._pixels(curve(points, closed=True))]
        ImageDraw.Draw(mask).polygon(shape, fill=255)
        return mask

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        return [self._pixel(point) for point in points]

    def _pixel(self, point: Point) -> Point:
        return ((point[0] - self._left) * self._scale, (point[1] - self._top) * self._scale)
