"""A skyline over a street that mirrors it, by day, at night, in rain."""

import math
from random import Random

from PIL import Image, ImageOps

from creative_hub.providers.local.drawing import Colour, Pen, Point, Size, clouds, fade, glow, lit, mix, soft, tinted
from creative_hub.providers.local.outdoors import sky
from creative_hub.providers.local.palette import Palette
from creative_hub.providers.local.staging import Layer, Moving, Part, Scene, View, layer, look


def city(size: Size, palette: Palette, rng: Random, *, rainy: bool = False) -> Scene:
    width, height = size
    parts = sky(size, palette, rng, sun=(rng.uniform(0.3, 0.7), 0.3), horizon=0.72)
    street = round(height * 0.76)
    for row in range(3):
        parts.append(_skyline(size, palette, rng, row / 2, street))
    haze = glow(size, (width / 2, street), width * 0.75, 0.5, 1.5, squash=0.28)
    parts.append(layer(tinted(palette.sky[2], haze)))
    parts.append(_street(size, parts, palette, rng, street))
    if rainy:
        parts.append(rain(size, palette, rng))
    return Scene(parts, 0.93)


def _skyline(size: Size, palette: Palette, rng: Random, near: float, street: int) -> Layer:
    width, height = size
    pen = Pen(size)
    wall = mix(mix(palette.far, palette.sky[2], 0.35), palette.near, near * 0.85)
    x = -rng.random() * width * 0.06
    while x < width:
        wide = width * (0.05 + 0.06 * near) * rng.uniform(0.7, 1.5)
        centred = 1 - abs((x + wide / 2) / width - 0.5) * 1.1
        tall = height * (0.5 - 0.16 * near) * rng.uniform(0.45, 1.0) * (0.6 + 0.5 * centred)
        _tower(pen, (x, street - tall, x + wide, street + 2), wall, palette, rng, near)
        x += wide * rng.uniform(0.92, 1.12)
    picture = pen.picture()
    if near < 0.4:
        picture = Image.alpha_composite(picture, tinted(mix(palette.sky[2], palette.sky[1], 0.4), _within(picture, size)))
    return layer(picture, 0.15 + 0.35 * near)


def _within(picture: Image.Image, size: Size) -> Image.Image:
    """Rising haze, only where the picture is."""
    return Image.composite(fade(size, (0, 0, 60, 140, 170, 170)), Image.new("L", size, 0), picture.getchannel("A"))


def _tower(pen: Pen, box: tuple[float, float, float, float], wall: Colour, palette: Palette, rng: Random, near: float) -> None:
    left, top, right, bottom = box
    wide = right - left
    pen.block(box, wall)
    pen.block((left, top, left + wide * 0.5, bottom), mix(wall, palette.light, 0.06))
    match rng.randrange(4):
        case 0:
            pen.block((left + wide * 0.25, top - wide * 0.3, right - wide * 0.25, top), wall)
        case 1:
            pen.polygon([(left, top), (right, top), (right, top - wide * 0.35)], wall)
        case 2:
            pen.line([(left + wide / 2, top), (left + wide / 2, top - wide * 0.9)], wall, max(1.0, wide * 0.03))
        case _:
            pen.block((left + wide * 0.1, top - wide * 0.08, right - wide * 0.1, top), wall)
    _windows(pen, box, wall, palette, rng, near)
    if palette.dark and near > 0.4 and rng.random() < 0.5:
        glowing = rng.choice((palette.accent, palette.second))
        edge = left + wide * rng.choice((0.08, 0.86))
        pen.block(
            (edge, top + wide * 0.2, edge + wide * 0.06, top + (bottom - top) * rng.uniform(0.4, 0.8)), glowing, wide * 0.03
        )


def _windows(pen: Pen, box: tuple[float, float, float, float], wall: Colour, palette: Palette, rng: Random, near: float) -> None:
    left, top, right, bottom = box
    step = max(5.0, (right - left) / rng.randint(4, 6))
    lamps = (palette.light, palette.second, mix(palette.light, (255, 190, 90), 0.6))
    share = 0.42 if palette.dark else 0.75
    glass = mix(wall, palette.sky[1], 0.38)
    y = top + step * 0.7
    while y < bottom - step:
        x = left + step * 0.35
        while x < right - step * 0.6:
            if rng.random() < share:
                lamp = mix(wall, rng.choice(lamps), rng.uniform(0.35, 0.95) * (0.45 + 0.55 * near)) if palette.dark else glass
                pen.block((x, y, x + step * 0.5, y + step * 0.62), lamp)
            x += step
        y += step * 1.15


def _street(size: Size, parts: list[Part], palette: Palette, rng: Random, street: int) -> Layer:
    """Wet ground: the town upside down, drawn out and broken up by ripples."""
    width, height = size
    deep = height - street
    town = look(parts, size, fine=True).crop((0, street - round(deep * 1.6), width, street))
    mirror = ImageOps.flip(town).resize((width, deep), Image.Resampling.BILINEAR)
    mirror = soft(mirror.resize((width, max(2, deep // 9))).resize((width, deep), Image.Resampling.BICUBIC), 2)
    base = Image.new("RGB", mirror.size, mix(palette.near, palette.sky[0], 0.3))
    ripple = clouds(mirror.size, rng, (width / 3, deep / 12), 4).point([round(60 + v * 0.5) for v in range(256)])
    wet = Image.composite(mirror, base, ripple)
    for _ in range(5 if palette.dark else 0):
        spot = (rng.uniform(0.05, 0.95) * width, rng.uniform(0.1, 0.5) * deep)
        wet = lit(wet, rng.choice((palette.accent, palette.second)), glow(wet.size, spot, width * 0.12, 0.5, 1.6, squash=1.8))
    wet.paste(mix(palette.near, (0, 0, 0), 0.5), mask=fade(wet.size, (0, 20, 120)))
    return Layer(wet, (0, street), 0.3)


def rain(size: Size, palette: Palette, rng: Random) -> Moving:
    drops = [(rng.random(), rng.random(), rng.uniform(0.5, 1.0)) for _ in range(240)]
    colour = mix(palette.light, (215, 230, 255), 0.7)
    slant: Point = (-0.18, 1.0)

    def paint(view: View) -> None:
        width, height, k = size[0] * 1.2, size[1] * 1.15, view.scale
        for x, y, near in drops:
            fall = (y + view.seconds * (0.9 + 0.8 * near)) % 1
            left = ((x + fall * slant[0] * height / width) % 1) * width - view.camera * near * 0.5
            top, length = fall * height - height * 0.1, height * 0.045 * near
            ends = (left * k, top * k, (left + slant[0] * length) * k, (top + slant[1] * length) * k)
            view.draw.line(ends, fill=(*colour, round(95 * near)), width=max(1, round(math.ceil(near * size[1] / 720) * k * 0.7)))

    return Moving(paint)
