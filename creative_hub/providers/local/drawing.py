"""Pillow primitives the scenes are made of: gradients, light, antialiased shapes, clouds, grain.

Everything is a pure function of its arguments and the `Random` it is given, so equal seeds give equal bytes.
"""

import itertools
import math
from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import Literal

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Colour = tuple[int, int, int]
Size = tuple[int, int]
Point = tuple[float, float]


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`share` of b in a, 0..1."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


class Pen:
    """Antialiased shapes in pixels of the finished picture: drawn at twice the size, scaled down by `picture`."""

    def __init__(self, size: Size, mode: Literal["L", "RGBA"] = "RGBA", scale: int = 2) -> None:
        self.scale = scale
        self._canvas = Image.new(mode, (size[0] * scale, size[1] * scale), 0 if mode == "L" else (0, 0, 0, 0))
        self.draw = ImageDraw.Draw(self._canvas)

    def _scaled(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def polygon(self, points: Sequence[Point], fill: Colour | int | tuple[int, int, int, int]) -> None:
        self.draw.polygon(self._scaled(points), fill=fill)

    def line(self, points: Sequence[Point], fill: Colour | int | tuple[int, int, int, int], width: float) -> None:
        """A polyline with round joints and ends."""
        scaled, thick = self._scaled(points), max(1, round(width * self.scale))
        self.draw.line(scaled, fill=fill, width=thick, joint="curve")
        for x, y in (scaled[0], scaled[-1]):
            self.draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=fill)

    def ellipse(self, centre: Point, rx: float, ry: float, fill: Colour | int | tuple[int, int, int, int]) -> None:
        (x, y), k = centre, self.scale
        self.draw.ellipse(((x - rx) * k, (y - ry) * k, (x + rx) * k, (y + ry) * k), fill=fill)

    def ring(self, centre: Point, radius: float, width: float, fill: Colour | int | tuple[int, int, int, int]) -> None:
        (x, y), k = centre, self.scale
        box = ((x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k)
        self.draw.ellipse(box, outline=fill, width=max(1, round(width * k)))

    def block(
        self, box: tuple[float, float, float, float], fill: Colour | int | tuple[int, int, int, int], radius: float = 0
    ) -> None:
        """A rectangle given by left, top, right, bottom, with rounded corners. An empty one draws nothing."""
        k = self.scale
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        self.draw.rounded_rectangle([side * k for side in box], radius=radius * k, fill=fill)

    def picture(self) -> Image.Image:
        return self._canvas.reduce(self.scale) if self.scale > 1 else self._canvas


def curve(points: Sequence[Point], steps: int = 14, closed: bool = False) -> list[Point]:
    """A smooth line through all of `points` (Catmull-Rom)."""
    count = len(points)

    def pick(i: int) -> Point:
        return points[i % count if closed else min(max(i, 0), count - 1)]

    smooth: list[Point] = []
    for i in range(count if closed else count - 1):
        a, b, c, d = pick(i - 1), pick(i), pick(i + 1), pick(i + 2)
        for step in range(steps):
            t = step / steps
            smooth.append((_catmull(a[0], b[0], c[0], d[0], t), _catmull(a[1], b[1], c[1], d[1], t)))
    return smooth if closed else [*smooth, points[-1]]


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def gradient(size: Size, stops: Sequence[Colour], *, horizontal: bool = False) -> Image.Image:
    """RGB, evenly spaced stops from the top (or left)."""
    ramp = Image.new("RGB", (len(stops), 1) if horizontal else (1, len(stops)))
    ramp.putdata(list(stops))
    long = (size[0], 1) if horizontal else (1, size[1])
    return ramp.resize(long, Image.Resampling.BICUBIC).resize(size, Image.Resampling.NEAREST)


def fade(size: Size, alphas: Sequence[int], *, horizontal: bool = False) -> Image.Image:
    """The same as `gradient` for a mask."""
    return gradient(size, [(a, a, a) for a in alphas], horizontal=horizontal).getchannel(0)


@lru_cache(maxsize=8)
def _spot(softness: float) -> Image.Image:
    # Pillow's gradient reaches 255 in the corners, so 181 at the middle of the sides.
    return Image.radial_gradient("L").point([round(255 * max(0.0, 1 - v / 180) ** softness) for v in range(256)])


def glow(size: Size, centre: Point, radius: float, strength: float = 1, softness: float = 2, squash: float = 1) -> Image.Image:
    """A mask of round light that fades to nothing at `radius`; `squash` flattens it vertically."""
    rx, ry = max(2, round(radius)), max(2, round(radius * squash))
    spot = _spot(softness).resize((2 * rx, 2 * ry), Image.Resampling.BILINEAR)
    whole = Image.new("L", size, 0)
    whole.paste(spot.point([min(255, round(v * strength)) for v in range(256)]), (round(centre[0]) - rx, round(centre[1]) - ry))
    return whole


def lit(image: Image.Image, colour: Colour, mask: Image.Image) -> Image.Image:
    """`image` with light of `colour` added where the mask is bright (screen, so it never clips hard)."""
    black = Image.new("RGB", image.size, (0, 0, 0))
    black.paste(colour, mask=mask)
    return ImageChops.screen(image, black)


def tinted(colours: Image.Image | Colour, mask: Image.Image) -> Image.Image:
    """A layer: the colours, cut out by the mask."""
    base = Image.new("RGB", mask.size, colours) if isinstance(colours, tuple) else colours.copy()
    base.putalpha(mask)
    return base


def clouds(size: Size, rng: Random, cell: Point, octaves: int = 4) -> Image.Image:
    """Soft noise as a mask, stretched to full contrast; `cell` is the size of its largest blobs in pixels."""
    total = Image.new("L", size, 128)
    for octave in range(octaves):
        cols = max(2, math.ceil(size[0] / cell[0] * 2**octave))
        rows = max(2, math.ceil(size[1] / cell[1] * 2**octave))
        if cols > size[0] or rows > size[1]:
            break
        patch = Image.frombytes("L", (cols, rows), rng.randbytes(cols * rows)).resize(size, Image.Resampling.BICUBIC)
        total = Image.blend(total, patch, 0.5 if octave == 0 else 0.5 ** (octave + 0.6))
    return ImageOps.autocontrast(total)


def ridge(rng: Random, width: float, base: float, height: float, roughness: float = 0.52, levels: int = 8) -> list[Point]:
    """A mountain line from left to right around `base` (midpoint displacement)."""
    line, swing = [rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5)], 1.0
    for _ in range(levels):
        middles = [(a + b) / 2 + rng.uniform(-swing, swing) / 2 for a, b in itertools.pairwise(line)]
        line = [v for pair in zip(line, middles, strict=False) for v in pair] + line[-1:]
        swing *= roughness
    return [(width * i / (len(line) - 1), base - height * v) for i, v in enumerate(line)]


def ground_below(line: Sequence[Point], bottom: float) -> list[Point]:
    """The area from a left-to-right line down to `bottom`."""
    return [*line, (line[-1][0] + 2, bottom), (line[0][0] - 2, bottom)]


def soft(image: Image.Image, radius: float) -> Image.Image:
    """Blurred; large radii at a quarter of the resolution, where nobody can tell and it is sixteen times cheaper."""
    if radius < 8 or min(image.size) < 64:
        return image.filter(ImageFilter.GaussianBlur(radius))
    small = image.reduce(4).filter(ImageFilter.GaussianBlur(radius / 4))
    return small.resize(image.size, Image.Resampling.BICUBIC)


def shadow_of(picture: Image.Image, blur: float, opacity: float) -> Image.Image:
    """A soft black layer in the shape of an RGBA picture."""
    alpha = soft(picture.getchannel("A"), blur).point([round(v * opacity) for v in range(256)])
    return tinted((0, 0, 0), alpha)


def grain(image: Image.Image, rng: Random, amount: int = 7) -> Image.Image:
    """Fine film grain, which also hides the banding of smooth gradients."""
    side = 256
    steps = bytes(128 + (v - 128) * amount // 128 for v in range(256))
    tile = Image.frombytes("L", (side, side), rng.randbytes(side * side).translate(steps))
    whole = Image.new("L", image.size)
    for x in range(0, image.width, side):
        for y in range(0, image.height, side):
            whole.paste(tile, (x, y))
    return ImageChops.overlay(image, Image.merge("RGB", (whole, whole, whole)))


def vignette_mask(size: Size, strength: float) -> Image.Image:
    """How much darker each place is towards the corners."""
    edge = Image.radial_gradient("L").resize((size[0] * 14 // 10, size[1] * 14 // 10), Image.Resampling.BILINEAR)
    left, top = (edge.width - size[0]) // 2, (edge.height - size[1]) // 2
    corners = edge.crop((left, top, left + size[0], top + size[1]))
    return corners.point([round(255 * strength * (v / 255) ** 3) for v in range(256)])


def vignette(image: Image.Image, strength: float = 0.28) -> Image.Image:
    """Darker corners."""
    dark = image.copy()
    dark.paste((8, 6, 14), mask=vignette_mask(image.size, strength))
    return dark
