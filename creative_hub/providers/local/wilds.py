"""Desert, forest, meadow and outer space."""

import math
from random import Random

from PIL import Image, ImageChops, ImageFilter

from creative_hub.providers.local.drawing import (
    Colour,
    Pen,
    Point,
    Size,
    clouds,
    curve,
    fade,
    glow,
    gradient,
    ground_below,
    lit,
    mix,
    soft,
    tinted,
)
from creative_hub.providers.local.outdoors import pine, sky, stars
from creative_hub.providers.local.palette import Palette, turned
from creative_hub.providers.local.staging import Layer, Moving, Part, Scene, View, layer


def desert(size: Size, palette: Palette, rng: Random) -> Scene:
    width, height = size
    parts = sky(size, palette, rng, sun=(rng.uniform(0.25, 0.75), 0.3), horizon=0.62)
    sand = mix((226, 160, 92), palette.sky[1], 0.35)
    for i in range(4):
        near = i / 3
        base, swing = height * (0.56 + 0.3 * near), height * (0.05 + 0.07 * near)
        peak = rng.uniform(0.2, 0.8)
        marks = [
            (-0.1, 0.3),
            (peak * 0.45, rng.uniform(-0.2, 0.4)),
            (peak, -1.0),
            (peak + 0.28, 0.35),
            (1.0, rng.uniform(-0.3, 0.3)),
            (1.15, 0.2),
        ]
        line = curve([(x * width, base + y * swing) for x, y in marks])
        colour = mix(mix(sand, palette.sky[2], 0.45), mix(sand, palette.near, 0.25), near)
        parts.append(_dune(size, line, colour, palette, peak * width, 0.15 + 0.55 * near))
    return Scene(parts, 0.92)


def _dune(size: Size, line: list[Point], colour: Colour, palette: Palette, peak: float, depth: float) -> Layer:
    """Lit on the left of its crest, in shade on the right of a line that winds down from it."""
    body, shade = Pen(size, "L"), Pen(size, "L")
    body.polygon(ground_below(line, size[1] + 2), 255)
    top = min(y for _, y in line)
    drop = (size[1] - top) * 0.9
    winding = curve(
        [
            (peak, top),
            (peak + drop * 0.1, top + drop * 0.22),
            (peak - drop * 0.12, top + drop * 0.55),
            (peak + drop * 0.25, size[1] + 4),
        ]
    )
    shade.polygon([*winding, (size[0] * 1.3, size[1] + 4), (size[0] * 1.3, top), (peak, top)], 255)
    surface = gradient(
        size, (mix(colour, palette.light, 0.3), mix(colour, palette.light, 0.25), colour, mix(colour, palette.near, 0.2))
    )
    dusk = gradient(
        size, (mix(colour, palette.near, 0.5),) * 2 + (mix(colour, palette.near, 0.34), mix(colour, palette.near, 0.3))
    )
    surface.paste(dusk, mask=soft(shade.picture(), 1.2))
    return layer(tinted(surface, body.picture()), depth)


def forest(size: Size, palette: Palette, rng: Random) -> Scene:
    width, height = size
    light = (rng.uniform(0.3, 0.7) * width, height * 0.18)
    air = gradient(size, (*palette.sky, mix(palette.sky[2], palette.near, 0.25)))
    air = lit(air, palette.light, glow(size, light, max(size) * 0.7, 0.8, 1.5))
    parts: list[Part] = [Layer(air)]
    rows = 5
    for row in range(rows):
        near = row / (rows - 1)
        colour = mix(mix(palette.far, palette.sky[2], 0.4), palette.near, near)
        parts.append(_stand(size, colour, palette, rng, near))
        if row == rows - 3:
            parts.append(_rays(size, light, palette, rng))
    parts.append(_fireflies(size, palette, rng))
    return Scene(parts, 0.94)


def _stand(size: Size, colour: Colour, palette: Palette, rng: Random, near: float) -> Layer:
    """One row of conifers that stand in mist; the nearest leave the middle open."""
    width, height = size
    pen, foot = Pen(size, "L"), height * (0.72 + 0.3 * near)
    for i in range(round(20 - 8 * near)):
        x = width * ((i + rng.uniform(-0.3, 0.3)) / (19 - 8 * near))
        tall = height * (0.28 + 0.5 * near) * rng.uniform(0.7, 1.25)
        if near > 0.6:
            apart = abs(x / width - 0.5) * 2
            if apart < 0.55:
                continue
            tall *= 0.6 + 0.6 * apart
        pine(pen, (x, foot + rng.uniform(0, height * 0.03)), tall, 255, rng)
    pen.block((0, foot - height * (0.03 + 0.05 * near), width, height * 1.1), 255)
    colours = Image.new("RGB", size, colour)
    mist = fade(size, (0, 0, 0, round(100 * (1 - near)), round(150 * (1 - near)), round(60 * (1 - near))))
    colours.paste(mix(palette.sky[2], palette.light, 0.3), mask=mist)
    return layer(tinted(colours, pen.picture()), 0.1 + 0.8 * near)


def _rays(size: Size, source: Point, palette: Palette, rng: Random) -> Layer:
    pen = Pen(size, "L", 1)
    for _ in range(7):
        angle, spread = rng.uniform(0.2, 1.0) * math.pi - 0.1, rng.uniform(0.015, 0.05)
        reach = max(size) * 1.4
        ends = [(source[0] + reach * math.cos(a), source[1] + reach * math.sin(a)) for a in (angle - spread, angle + spread)]
        pen.polygon([source, *ends], rng.randint(40, 85))
    beams = ImageChops.multiply(soft(pen.picture(), min(size) / 60), glow(size, source, max(size) * 0.95, 1, 0.9))
    return layer(tinted(palette.light, beams), 0.1)


def _fireflies(size: Size, palette: Palette, rng: Random) -> Moving:
    motes = [
        (rng.random() * size[0], size[1] * rng.uniform(0.35, 0.95), rng.uniform(1, 2.6), rng.random() * 6.3) for _ in range(46)
    ]
    unit = min(size) / 720

    def paint(view: View) -> None:
        for x, y, radius, phase in motes:
            at = view.seconds * 0.5 + phase
            left, top = (x - view.camera * 0.6 + 16 * math.sin(at)) * view.scale, (y + 12 * math.cos(at * 1.3)) * view.scale
            glimmer = 0.5 + 0.5 * math.sin(view.seconds * 1.8 + phase * 3)
            for size_factor, alpha in ((2.4, 40), (1.0, 200)):
                r = radius * size_factor * unit * view.scale
                view.draw.ellipse((left - r, top - r, left + r, top + r), fill=(*palette.light, round(alpha * glimmer)))

    return Moving(paint)


def meadow(size: Size, palette: Palette, rng: Random) -> Scene:
    width, height = size
    parts = sky(size, palette, rng, sun=(rng.uniform(0.2, 0.8), 0.25), horizon=0.66)
    grass = mix((96, 160, 72), palette.near, 0.3)
    for i in range(3):
        near = i / 2
        base = height * (0.6 + 0.16 * near)
        line = curve([(x * width / 4, base + height * 0.03 * math.sin(x * 1.7 + rng.random() * 3)) for x in range(-1, 6)])
        pen = Pen(size, "L")
        pen.polygon(ground_below(line, height + 2), 255)
        crest = mix(mix(grass, palette.sky[2], 0.55), grass, near)
        parts.append(
            layer(tinted(gradient(size, (crest, crest, crest, mix(crest, palette.near, 0.65))), pen.picture()), 0.15 + 0.3 * near)
        )
    for row in range(4):
        parts.append(_flowers(size, palette, rng, row / 3))
    return Scene(parts, 0.95)


def _flowers(size: Size, palette: Palette, rng: Random, near: float) -> Layer:
    width, height = size
    pen, unit = Pen(size), min(size)
    kinds = (
        palette.accent,
        palette.second,
        mix(palette.accent, (255, 255, 255), 0.55),
        mix(palette.second, (255, 255, 255), 0.6),
    )
    stem = mix((60, 120, 60), palette.near, 0.2 + 0.4 * near)
    for _ in range(round(46 - 30 * near)):
        x, radius = rng.uniform(-0.02, 1.02) * width, unit * (0.008 + 0.034 * near**1.3) * rng.uniform(0.8, 1.25)
        y = height * (0.74 + 0.17 * near + rng.uniform(-0.035, 0.05))
        lean = rng.uniform(-1, 1) * radius
        pen.line(curve([(x + lean * 1.6, height * 1.02), (x + lean, y + radius * 4), (x, y)], 6), stem, radius * 0.16)
        bloom(pen, (x, y), radius, rng.choice(kinds), palette.light, rng)
    picture = pen.picture()
    if near == 1:
        picture = picture.filter(ImageFilter.GaussianBlur(unit / 300))
    return layer(picture, 0.4 + 0.6 * near)


def bloom(pen: Pen, centre: Point, radius: float, colour: Colour, heart: Colour, rng: Random) -> None:
    """A flower seen a little from above: two rings of petals and a heart."""
    turn = rng.random() * math.pi
    for ring, (reach, shade) in enumerate(((1.0, mix(colour, (60, 0, 50), 0.22)), (0.72, colour))):
        for petal in range(8):
            angle = turn + ring * 0.39 + petal * math.pi / 4
            points = []
            for step in range(14):
                a = step / 14 * 2 * math.pi
                along, across = radius * reach * (0.55 + 0.45 * math.cos(a)), radius * reach * 0.23 * math.sin(a)
                points.append(
                    (
                        centre[0] + along * math.cos(angle) - across * math.sin(angle),
                        centre[1] + (along * math.sin(angle) + across * math.cos(angle)) * 0.82,
                    )
                )
            pen.polygon(points, shade)
    pen.ellipse(centre, radius * 0.24, radius * 0.2, turned(mix(heart, (240, 180, 40), 0.6), 0, 0.85))


def space(size: Size, palette: Palette, rng: Random) -> Scene:
    width, height = size
    air = gradient(size, ((4, 5, 18), (14, 12, 44), (8, 6, 24)))
    for colour in (turned(palette.accent, 0.02), turned(palette.second, 0.5, 0.8), palette.accent):
        cloud = clouds(size, rng, (width / 2.2, height / 2.6), 5).point([max(0, round((v - 118) * 1.1)) for v in range(256)])
        air = lit(air, colour, ImageChops.multiply(cloud, fade(size, (60, 255, 220, 40))))
    parts: list[Part] = [Layer(air), stars(size, rng, 1.0, 420)]
    parts.append(_planet(size, palette, rng))
    return Scene(parts, 0.9)


def _planet(size: Size, palette: Palette, rng: Random) -> Layer:
    width, height = size
    radius = min(size) * rng.uniform(0.2, 0.27)
    centre = (width * rng.uniform(0.55, 0.66), height * rng.uniform(0.4, 0.55))
    disc = Pen(size, "L")
    disc.ellipse(centre, radius, radius, 255)
    bands = clouds((8, 64), rng, (64, 9), 3).resize(size, Image.Resampling.BICUBIC)
    surface = Image.composite(
        Image.new("RGB", size, mix(palette.accent, (255, 255, 255), 0.35)),
        Image.new("RGB", size, turned(palette.accent, 0.05, 0.6)),
        bands,
    )
    bright = glow(size, (centre[0] - radius * 0.55, centre[1] - radius * 0.5), radius * 2.1, 1.3, 1.1)
    surface = Image.composite(surface, Image.new("RGB", size, (6, 6, 20)), bright)
    globe = tinted(surface, disc.picture())
    halo = tinted(palette.second, glow(size, centre, radius * 1.5, 0.5, 1.4))
    ringed = Image.alpha_composite(halo, globe)
    if rng.random() < 0.7:
        ringed = _ring(ringed, size, centre, radius, palette)
    return layer(ringed, 0.5)


def _ring(planet: Image.Image, size: Size, centre: Point, radius: float, palette: Palette) -> Image.Image:
    """A tilted ring: over the planet in front, hidden behind it at the back."""
    tilted = Image.new("RGBA", size, (0, 0, 0, 0))
    for reach, alpha in ((1.9, 120), (1.72, 190), (1.52, 140)):
        pen = Pen(size)
        pen.ellipse(centre, radius * reach, radius * reach * 0.24, (*mix(palette.second, (255, 255, 255), 0.4), alpha))
        pen.ellipse(centre, radius * (reach - 0.15), radius * (reach - 0.15) * 0.24, (0, 0, 0, 0))
        tilted = Image.alpha_composite(tilted, pen.picture())
    tilted = tilted.rotate(-16, Image.Resampling.BICUBIC, center=centre)
    front = Pen(size, "L", 1)
    slope = math.tan(math.radians(16))
    front.polygon(
        [
            (0, centre[1] - slope * centre[0]),
            (size[0], centre[1] + slope * (size[0] - centre[0])),
            (size[0], size[1]),
            (0, size[1]),
        ],
        255,
    )
    empty = Image.new("RGBA", size, (0, 0, 0, 0))
    behind = Image.alpha_composite(tilted, planet)
    return Image.alpha_composite(behind, Image.composite(tilted, empty, front.picture()))
