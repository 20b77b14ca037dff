"""The sky with its light, and mountains under it."""

import math
from random import Random

from PIL import Image, ImageChops, ImageOps

from creative_hub.providers.local.drawing import (
    Colour,
    Pen,
    Point,
    Size,
    clouds,
    fade,
    glow,
    gradient,
    ground_below,
    lit,
    mix,
    ridge,
    soft,
    tinted,
)
from creative_hub.providers.local.palette import Palette
from creative_hub.providers.local.staging import Layer, Moving, Part, Scene, View, layer, look


def sky(size: Size, palette: Palette, rng: Random, *, sun: Point | None = None, horizon: float = 0.7) -> list[Part]:
    """Graded air, a sun (or moon) at `sun` (shares of the size), stars when dark, and drifting clouds."""
    width, height = size
    air = gradient((width, round(height * horizon)), palette.sky)
    whole = Image.new("RGB", size, palette.sky[2])
    whole.paste(air)
    parts: list[Part] = []
    short = min(size)
    if sun:
        centre = (sun[0] * width, sun[1] * height)
        whole = lit(whole, palette.light, glow(size, centre, short * 0.95, 0.2 if palette.dark else 0.5, 1.6))
        whole = lit(whole, palette.light, glow(size, centre, short * 0.3, 0.55 if palette.dark else 0.75, 2))
        pen = Pen(size, "L", 1)
        radius = short * (0.045 if palette.dark else 0.065)
        pen.ellipse(centre, radius, radius, 255)
        whole.paste(mix(palette.light, (255, 255, 255), 0.5), mask=soft(pen.picture(), 1.3))
    parts.append(Layer(whole, depth=0.0))
    if palette.dark:
        parts.append(stars(size, rng, horizon * 0.8, 140))
    parts.append(_clouds(size, palette, rng, horizon))
    return parts


def _clouds(size: Size, palette: Palette, rng: Random, horizon: float) -> Part:
    band = (size[0] * 5 // 4, max(8, round(size[1] * horizon * 0.8)))
    mist = clouds(band, rng, (band[0] / 3.2, band[1] / 5))
    mist = mist.point([0 if v < 128 else min(255, round((v - 128) * 2.1)) for v in range(256)])
    mist = ImageChops.multiply(mist, fade(band, (40, 130, 210, 120, 0)))
    colour = mix(palette.sky[2], (255, 255, 255), 0.1 if palette.dark else 0.55)
    if palette.dark:
        mist = mist.point([v // 3 for v in range(256)])
    return layer(tinted(colour, mist), 0.08, drift=-size[0] * 0.006)


def stars(size: Size, rng: Random, share: float, count: int) -> Moving:
    """Twinkling points over the upper `share` of the picture."""
    fixed = [
        (rng.random() * size[0], rng.random() ** 1.3 * size[1] * share, rng.choice((0.5, 0.6, 0.8, 1.3)), rng.random() * 6)
        for _ in range(count)
    ]
    unit = min(size) / 720

    def paint(view: View) -> None:
        for x, y, radius, phase in fixed:
            alpha = round(150 + 90 * math.sin(view.seconds * 1.7 + phase))
            left, top, r = (x - view.camera * 0.04) * view.scale, y * view.scale, max(0.5, radius * unit * view.scale)
            view.draw.ellipse((left - r, top - r, left + r, top + r), fill=(255, 250, 235, alpha))

    return Moving(paint)


def _hill(size: Size, line: list[Point], crest: Colour, foot: Colour, depth: float) -> Layer:
    pen = Pen(size, "L")
    pen.polygon(ground_below(line, size[1] + 2), 255)
    top = max(0, round(min(y for _, y in line)))
    colours = Image.new("RGB", size, foot)
    colours.paste(gradient((size[0], max(2, round((size[1] - top) * 0.7))), (crest, foot)), (0, top))
    return layer(tinted(colours, pen.picture()), depth)


def _sun_lit(hill: Layer, light: Colour, strength: float) -> Layer:
    """The slopes that face the light a little brighter: the shape against a moved copy of itself."""
    alpha = hill.image.getchannel("A")
    reach = max(2, hill.image.width // 260)
    edge = ImageChops.subtract(alpha, ImageChops.offset(alpha, reach // 2, reach))
    face = soft(edge, reach / 2).point([round(v * strength) for v in range(256)])
    bright = hill.image.convert("RGB")
    bright.paste(light, mask=face)
    bright.putalpha(alpha)
    return Layer(bright, hill.at, hill.depth)


def mountains(size: Size, palette: Palette, rng: Random) -> Scene:
    width, height = size
    sun = (rng.uniform(0.25, 0.75), rng.uniform(0.26, 0.42))
    parts = sky(size, palette, rng, sun=sun)
    count = 5
    for i in range(count):
        near = i / (count - 1)
        line = ridge(rng, width, height * (0.5 + 0.34 * near), height * (0.2 - 0.07 * near), 0.5 + 0.04 * (1 - near))
        crest = mix(palette.far, palette.near, near**1.1)
        foot = mix(crest, palette.sky[2], 0.55 * (1 - near) + 0.08)
        hill = _hill(size, line, crest, foot, 0.15 + 0.5 * near)
        parts.append(_sun_lit(hill, palette.light, 0.4 * (1 - near)) if i < count - 1 else hill)
        if i == count - 2 and rng.random() < 0.55:
            parts.append(_lake(size, parts, palette))
            break
    parts.append(_pines(size, palette.near, rng, 0.9))
    return Scene(parts, 0.93)


def _lake(size: Size, parts: list[Part], palette: Palette) -> Layer:
    """The scene so far, mirrored below a shore line and softened."""
    width, height = size
    shore = round(height * 0.74)
    above = look(parts, size, fine=True).crop((0, 2 * shore - height, width, shore))
    water = ImageOps.flip(above).resize((width, height - shore))
    water = soft(water.resize((width, max(2, (height - shore) // 5))).resize(water.size, Image.Resampling.BICUBIC), 1.5)
    water = Image.blend(water, Image.new("RGB", water.size, mix(palette.near, palette.sky[0], 0.4)), 0.22)
    shine = fade(water.size, (110, 0, 0, 0))
    water.paste(palette.sky[2], mask=shine)
    return Layer(water, (0, shore), 0.3)


def pine(pen: Pen, foot: Point, height: float, colour: Colour | int, rng: Random) -> None:
    """A conifer's silhouette with uneven boughs."""
    x, y = foot
    pen.block((x - height * 0.018, y - height * 0.2, x + height * 0.018, y), colour)
    tiers = 12
    left, right = [], []
    for tier in range(tiers):
        level = y - height * (0.08 + 0.9 * tier / tiers)
        reach = height * 0.2 * (1 - tier / tiers) + height * 0.02
        left += [(x - reach * rng.uniform(0.85, 1.15), level), (x - reach * 0.45, level - height * 0.05)]
        right += [(x + reach * rng.uniform(0.85, 1.15), level), (x + reach * 0.45, level - height * 0.05)]
    pen.polygon([*left, (x, y - height), *reversed(right)], colour)


def _pines(size: Size, colour: Colour, rng: Random, depth: float) -> Layer:
    width, height = size
    pen = Pen(size, "L")
    sides = [0.0, 1.0] if rng.random() < 0.5 else [rng.choice([0.0, 1.0])]
    for side in sides:
        for _ in range(8):
            x = abs(side - abs(rng.gauss(0, 0.13))) * width
            pine(pen, (x, height * rng.uniform(0.99, 1.06)), height * rng.uniform(0.2, 0.42), 255, rng)
    bank = ridge(rng, width, height * 0.965, height * 0.025, 0.5, 6)
    pen.polygon(ground_below(bank, height + 2), 255)
    return layer(tinted(gradient(size, (colour, colour, mix(colour, (0, 0, 0), 0.4))), pen.picture()), depth)
