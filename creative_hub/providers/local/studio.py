"""Indoor sets for a product: a photo studio with a plinth, and a warm café."""

import math
from random import Random

from PIL import Image, ImageChops

from creative_hub.providers.local.clay import INK, WHITE, round_shade
from creative_hub.providers.local.drawing import Colour, Pen, Point, Size, curve, fade, glow, gradient, lit, mix, soft, tinted
from creative_hub.providers.local.palette import Palette, turned
from creative_hub.providers.local.staging import Layer, Moving, Part, Scene, View, layer


def studio(size: Size, palette: Palette, rng: Random, *, bold: bool = False, plinth: bool = True) -> Scene:
    wall = _wall(palette, rng, bold)
    floor_at = 0.72
    parts: list[Part] = [Layer(_room(size, wall, palette, floor_at, rng))]
    parts.append(_shape_behind(size, wall, palette, rng, floor_at))
    parts.append(_window_light(size, palette, rng))
    if plinth:
        parts += _plinth(size, mix(wall, WHITE, 0.25 if not palette.dark else 0.08), rng, 0.82)
    parts.append(_dust(size, palette, rng))
    return Scene(parts, 0.82 if plinth else 0.86)


def _wall(palette: Palette, rng: Random, bold: bool) -> Colour:
    if palette.dark:
        return mix(palette.sky[1], palette.near, 0.25)
    if bold:
        return turned(palette.second, rng.choice((0.0, 0.45)), 0.95, 1.0)
    return mix(turned(palette.accent, rng.choice((0.03, 0.45, 0.52, 0.08)), 1.0, 0.75), (250, 243, 234), 0.62)


def _room(size: Size, wall: Colour, palette: Palette, floor_at: float, rng: Random) -> Image.Image:
    width, height = size
    seam = round(height * floor_at)
    room = gradient(size, (mix(wall, INK, 0.16), wall, mix(wall, WHITE, 0.18)))
    ground = gradient((width, height - seam), (mix(wall, INK, 0.1), mix(wall, WHITE, 0.1), mix(wall, INK, 0.14)))
    blend = fade((width, height - seam), (0, 210, 255, 255, 255, 255))
    room.paste(ground, (0, seam), blend)
    room = lit(room, mix(palette.light, WHITE, 0.3), glow(size, (width * 0.36, height * 0.34), max(size) * 0.62, 0.34, 1.4))
    if palette.dark:
        room = lit(room, palette.accent, glow(size, (width * 0.12, height * 0.4), max(size) * 0.6, 0.5, 1.5))
        room = lit(room, palette.second, glow(size, (width * 0.9, height * 0.5), max(size) * 0.55, 0.4, 1.5))
    return room


def _shape_behind(size: Size, wall: Colour, palette: Palette, rng: Random, floor_at: float) -> Layer:
    """An arch, a disc or panels that frame the product."""
    width, height = size
    pen, unit, middle = Pen(size, "L"), min(size), width / 2
    bottom = height * (floor_at + 0.025)
    match rng.randrange(3):
        case 0:
            half = unit * 0.33
            pen.ellipse((middle, bottom - unit * 0.36), half, half, 255)
            pen.block((middle - half, bottom - unit * 0.36, middle + half, bottom), 255)
        case 1:
            pen.ellipse((middle, height * 0.42), unit * 0.36, unit * 0.36, 255)
        case _:
            pen.block((middle - unit * 0.36, height * 0.16, middle + unit * 0.1, bottom), 255, unit * 0.01)
            pen.block((middle + unit * 0.04, height * 0.3, middle + unit * 0.4, bottom), 205, unit * 0.01)
    mask = pen.picture()
    tone = mix(wall, palette.second if not palette.dark else palette.accent, 0.42)
    colours = gradient(size, (mix(tone, WHITE, 0.22), tone, mix(tone, INK, 0.12)))
    shade = tinted(INK, soft(ImageChops.offset(mask, unit // 60, unit // 70), unit / 45).point([v // 6 for v in range(256)]))
    return layer(Image.alpha_composite(shade, tinted(colours, mask)), 0.2)


def _window_light(size: Size, palette: Palette, rng: Random) -> Layer:
    """Sun through panes, slanted over the wall."""
    width, height = size
    pen, unit = Pen(size, "L", 1), min(size)
    left, top, slant = width * rng.uniform(0.02, 0.2), height * 0.05, 0.45
    for column in range(2):
        for row in range(3):
            x, y = left + column * unit * 0.27 + row * unit * 0.24 * slant, top + row * unit * 0.24 + column * unit * 0.07
            wide, tall = unit * 0.24, unit * 0.21
            pen.polygon(
                [
                    (x, y),
                    (x + wide, y + unit * 0.065),
                    (x + wide + tall * slant, y + tall + unit * 0.065),
                    (x + tall * slant, y + tall),
                ],
                255,
            )
    faded = ImageChops.multiply(soft(pen.picture(), unit / 110), fade(size, (90, 70, 40, 10, 0)))
    return layer(tinted(mix(palette.light, WHITE, 0.4), faded), 0.1, drift=width * 0.002)


def _plinth(size: Size, tone: Colour, rng: Random, top_at: float) -> list[Part]:
    width, height = size
    unit, middle = min(size), width / 2
    top, rx, ry = height * top_at, unit * 0.3, unit * 0.055
    side, face, cast = Pen(size, "L"), Pen(size, "L"), Pen(size, "L", 1)
    side.block((middle - rx, top, middle + rx, height * 1.2), 255)
    face.ellipse((middle, top), rx, ry, 255)
    cast.polygon(
        [
            (middle, height * 0.93),
            (middle + rx, height * 0.86),
            (middle + rx * 2.6, height * 0.95),
            (middle + rx * 2.6, height * 1.1),
            (middle, height * 1.1),
        ],
        120,
    )
    wide = gradient((round(2 * rx), height), round_shade(tone, 0.35), horizontal=True)
    colours = Image.new("RGB", size, tone)
    colours.paste(wide, (round(middle - rx), 0))
    body = tinted(colours, side.picture())
    upper = tinted(gradient(size, (mix(tone, WHITE, 0.35), mix(tone, WHITE, 0.5)), horizontal=True), face.picture())
    shadow = tinted(INK, soft(cast.picture(), unit / 26))
    return [layer(shadow, 0.35), layer(Image.alpha_composite(body, upper), 0.35)]


def _dust(size: Size, palette: Palette, rng: Random) -> Moving:
    motes = [(rng.random() * size[0], rng.random() * size[1], rng.uniform(0.8, 2.4), rng.random() * 6.3) for _ in range(26)]
    unit = min(size) / 720

    def paint(view: View) -> None:
        for x, y, radius, phase in motes:
            left = (x + 22 * math.sin(view.seconds * 0.35 + phase) - view.camera * 0.5) * view.scale
            top = (y - (view.seconds * 9 + 20 * math.sin(phase)) % size[1] * 0.2) * view.scale
            r = radius * unit * view.scale
            alpha = round(50 + 40 * math.sin(view.seconds + phase))
            view.draw.ellipse((left - r, top - r, left + r, top + r), fill=(*mix(palette.light, WHITE, 0.4), alpha))

    return Moving(paint)


def cafe(size: Size, palette: Palette, rng: Random) -> Scene:
    width, height = size
    wall = mix(palette.sky[1], palette.near, 0.4)
    room = gradient(size, (mix(wall, INK, 0.35), wall, mix(wall, palette.light, 0.2)))
    room = lit(room, palette.light, glow(size, (width * 0.5, height * 0.3), max(size) * 0.7, 0.4, 1.4))
    parts: list[Part] = [Layer(room), _cafe_window(size, palette, rng), _bokeh(size, palette, rng), _lamps(size, palette, rng)]
    parts.append(_table(size, palette, rng))
    parts.append(_dust(size, palette, rng))
    return Scene(parts, 0.88)


def _cafe_window(size: Size, palette: Palette, rng: Random) -> Layer:
    """A large window with morning haze and foliage outside, out of focus."""
    width, height = size
    left, top, right, bottom = width * 0.16, height * 0.1, width * 0.84, height * 0.72
    outside = gradient(size, (mix(palette.sky[2], WHITE, 0.4), palette.light, mix(palette.second, palette.light, 0.4)))
    blobs = Pen(size, "RGBA", 1)
    for _ in range(26):
        r = min(size) * rng.uniform(0.04, 0.12)
        leaf = mix((128, 150, 84), palette.light, rng.uniform(0.1, 0.6))
        blobs.ellipse((rng.uniform(left, right), rng.uniform(height * 0.32, bottom)), r, r, (*leaf, 150))
    hazy = soft(blobs.picture(), min(size) / 28)
    outside.paste(hazy, mask=hazy)
    pane, frame = Pen(size, "L"), Pen(size, "L")
    pane.block((left, top, right, bottom), 255, min(size) * 0.012)
    bar = min(size) * 0.014
    frame.block((left - bar, top - bar, right + bar, bottom + bar), 255, bar)
    for i in range(3):
        x0, x1 = left + (right - left) * i / 3 + bar / 2, left + (right - left) * (i + 1) / 3 - bar / 2
        frame.block((x0, top, x1, top + (bottom - top) * 0.3), 0)
        frame.block((x0, top + (bottom - top) * 0.3 + bar, x1, bottom), 0)
    whole = tinted(outside, pane.picture())
    wood = tinted(mix(palette.near, (70, 40, 22), 0.4), frame.picture())
    return layer(Image.alpha_composite(whole, wood), 0.15)


def _bokeh(size: Size, palette: Palette, rng: Random) -> Layer:
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    for _ in range(16):
        pen, r = Pen(size, "RGBA", 1), min(size) * rng.uniform(0.012, 0.035)
        pen.ellipse(
            (rng.random() * size[0], size[1] * rng.uniform(0.12, 0.66)),
            r,
            r,
            (*mix(palette.light, palette.second, rng.random() * 0.6), rng.randint(40, 110)),
        )
        picture = Image.alpha_composite(picture, pen.picture())
    return layer(soft(picture, min(size) / 300), 0.25)


def _lamps(size: Size, palette: Palette, rng: Random) -> Layer:
    width, height = size
    pen, light = Pen(size), Image.new("L", size, 0)
    unit, metal = min(size), mix(palette.near, INK, 0.4)
    for x, drop in ((0.22, 0.2), (0.5, 0.13), (0.78, 0.22)):
        at: Point = (width * x, height * drop)
        pen.line([(at[0], -4), at], metal, unit * 0.004)
        shade = curve(
            [
                (at[0] - unit * 0.012, at[1]),
                (at[0] - unit * 0.05, at[1] + unit * 0.045),
                (at[0] - unit * 0.07, at[1] + unit * 0.075),
            ],
            6,
        )
        pen.polygon([*shade, *[(2 * at[0] - px, py) for px, py in reversed(shade)]], metal)
        pen.ellipse((at[0], at[1] + unit * 0.076), unit * 0.055, unit * 0.011, mix(palette.light, WHITE, 0.5))
        light = ImageChops.lighter(light, glow(size, (at[0], at[1] + unit * 0.1), unit * 0.3, 0.6, 1.7))
    return layer(Image.alpha_composite(tinted(palette.light, light), pen.picture()), 0.35)


def _table(size: Size, palette: Palette, rng: Random) -> Layer:
    width, height = size
    top = round(height * 0.78)
    wood = mix((150, 92, 52), palette.near, 0.25)
    board = gradient((width, height - top), (mix(wood, palette.light, 0.45), wood, mix(wood, INK, 0.4)))
    for _ in range(44):
        y, shade = rng.uniform(0, height - top), mix(wood, INK, rng.uniform(0.1, 0.5))
        pen = Pen(board.size, "L", 1)
        start = rng.uniform(-0.3, 0.9) * width
        pen.line(
            [(start, y), (start + width * rng.uniform(0.2, 0.7), y + rng.uniform(-2, 2))],
            rng.randint(20, 60),
            max(1.0, height / 700),
        )
        board.paste(shade, mask=pen.picture())
    board = lit(board, palette.light, glow(board.size, (width / 2, 0), width * 0.5, 0.4, 1.5, squash=0.4))
    whole = Image.new("RGBA", size, (0, 0, 0, 0))
    whole.paste(board, (0, top))
    return layer(whole, 0.45)
