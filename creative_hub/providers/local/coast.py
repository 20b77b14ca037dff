"""The sea under a sky, with or without a beach."""

import math
from collections.abc import Callable
from random import Random

from creative_hub.providers.local.drawing import (
    Pen,
    Size,
    clouds,
    curve,
    glow,
    gradient,
    ground_below,
    lit,
    mix,
    soft,
    tinted,
)
from creative_hub.providers.local.outdoors import sky
from creative_hub.providers.local.palette import Palette, luminance, turned
from creative_hub.providers.local.staging import Layer, Moving, Part, Scene, View, layer


def sea(size: Size, palette: Palette, rng: Random, *, beach: bool = True) -> Scene:
    width, height = size
    horizon, shore = 0.52, 0.76 if beach else 1.05
    sun = (rng.uniform(0.3, 0.7), 0.44 if luminance(palette.sky[0]) < 0.45 else 0.24)
    parts = sky(size, palette, rng, sun=sun, horizon=horizon)
    top, bottom = round(height * horizon), round(height * min(1, shore + 0.08))
    deep = mix(turned(palette.sky[0], 0, 0.7), (10, 92, 120), 0.0 if palette.dark else 0.35)
    mirror = mix(palette.sky[2], palette.sky[0], 0.45)
    water = gradient((width, bottom - top), (mirror, deep, mix(deep, palette.sky[1], 0.35)))
    water = lit(water, palette.light, glow(water.size, (sun[0] * width, 0), width * 0.22, 0.65, 1.4, squash=2.2))
    parts += [Layer(water, (0, top)), Moving(_glitter(size, palette, rng, sun[0] * width, top, bottom))]
    if rng.random() < 0.6:
        parts.append(_sail(size, palette, rng, horizon))
    if beach:
        parts += _sand(size, palette, rng, shore)
        parts.append(_palm(size, palette, rng))
    return Scene(parts, 0.93)


def _glitter(size: Size, palette: Palette, rng: Random, centre: float, top: int, bottom: int) -> Callable[[View], None]:
    strokes = []
    for _ in range(340):
        near = rng.random() ** 1.5
        y = top + 2 + (bottom - top) * near
        spread = size[0] * (0.05 + 0.16 * near) if rng.random() < 0.55 else size[0] * 0.6
        strokes.append(
            (rng.gauss(centre, spread), y, size[0] * (0.006 + 0.03 * near) * rng.uniform(0.5, 1.4), near, rng.random() * 6.3)
        )
    colour = mix(palette.light, (255, 255, 255), 0.25)

    def paint(view: View) -> None:
        k = view.scale
        for x, y, length, near, phase in strokes:
            alpha = round(105 + 95 * math.sin(view.seconds * 2.1 + phase)) * max(0.25, 1 - abs(x - centre) / size[0] * 1.8)
            left = (x - view.camera * 0.1 + math.sin(view.seconds + phase) * 4 * near) * k
            tall = max(1, (0.6 + 2.2 * near) * size[1] / 720 * k)
            view.draw.ellipse(
                (left - length * k, y * k - tall / 2, left + length * k, y * k + tall / 2), fill=(*colour, round(alpha))
            )

    return paint


def _sail(size: Size, palette: Palette, rng: Random, horizon: float) -> Layer:
    width, height = size
    x, y, tall = width * rng.choice([0.16, 0.22, 0.8, 0.86]), height * (horizon + 0.012), min(size) * 0.1
    pen = Pen(size)
    hull = mix(palette.near, (20, 20, 30), 0.4)
    pen.polygon(
        [(x - tall * 0.38, y - tall * 0.08), (x + tall * 0.42, y - tall * 0.08), (x + tall * 0.26, y), (x - tall * 0.26, y)], hull
    )
    pen.polygon(
        [(x, y - tall), (x, y - tall * 0.13), (x + tall * 0.38, y - tall * 0.13)], mix(palette.light, (255, 255, 255), 0.5)
    )
    pen.polygon(
        [(x - tall * 0.04, y - tall * 0.86), (x - tall * 0.04, y - tall * 0.13), (x - tall * 0.3, y - tall * 0.13)],
        palette.accent,
    )
    return layer(pen.picture(), 0.2, drift=width * 0.004)


def _sand(size: Size, palette: Palette, rng: Random, shore: float) -> list[Part]:
    width, height = size
    waves = [(width * i / 8, height * (shore + 0.022 * math.sin(i * 1.3 + rng.random()))) for i in range(-1, 10)]
    line = curve(waves)
    sand = mix((240, 216, 172), palette.sky[1], 0.22 if not palette.dark else 0.72)
    wet = mix(sand, palette.sky[0], 0.4)
    foam, damp, dry = Pen(size, "L"), Pen(size, "L"), Pen(size, "L")
    lower = [(x, y + height * 0.012) for x, y in line]
    dryer = [(x, y + height * (0.05 + 0.008 * math.sin(x / width * 7))) for x, y in line]
    foam.polygon(ground_below(line, height + 2), 255)
    damp.polygon(ground_below(lower, height + 2), 255)
    dry.polygon(ground_below(dryer, height + 2), 255)
    speckle = clouds(size, rng, (width / 5, height / 16), 5).point([round(v * 0.16) for v in range(256)])
    beach = gradient(size, (sand, sand, sand, mix(sand, palette.near, 0.12)))
    beach.paste(mix(sand, palette.near, 0.6), mask=speckle)
    return [
        layer(tinted(mix((255, 255, 255), palette.sky[2], 0.25), foam.picture()), 0.4),
        layer(tinted(wet, soft(damp.picture(), 1)), 0.4),
        layer(tinted(beach, soft(dry.picture(), 5)), 0.4),
    ]


def _palm(size: Size, palette: Palette, rng: Random) -> Layer:
    """Fronds leaning in from an upper corner, dark against the light."""
    width, height = size
    pen, side, unit = Pen(size, "L"), rng.choice([0, 1]), min(size)
    root = (width * (1.02 if side else -0.02), -height * 0.02)
    for i in range(7):
        angle = math.radians((100 + 14 * i) if side else (80 - 14 * i)) + rng.uniform(-0.06, 0.06)
        length = unit * rng.uniform(0.32, 0.46)
        spine = curve(
            [
                (root[0] + length * t * math.cos(angle), root[1] + length * (t * math.sin(angle) + 0.42 * t * t))
                for t in (0, 0.35, 0.7, 1)
            ]
        )
        for step, (x, y) in enumerate(spine):
            if step % 2:
                continue
            leaf = length * 0.2 * math.sin(math.pi * (0.12 + 0.86 * step / len(spine)))
            for turn in (0.75, -0.75):
                tip = angle + turn + 0.5 * step / len(spine)
                tip_point = (x + leaf * math.cos(tip), y + leaf * math.sin(tip) + leaf * 0.35)
                pen.polygon([(x - leaf * 0.05, y - leaf * 0.05), tip_point, (x + leaf * 0.07, y + leaf * 0.07)], 255)
        pen.line(spine, 255, unit * 0.004)
    return layer(tinted(mix(palette.near, (8, 30, 22), 0.45), pen.picture()), 1.0)
