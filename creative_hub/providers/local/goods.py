"""Things that are advertised, standing: bottles, jars, cups, boxes, devices, food."""

import math
from random import Random

from creative_hub.providers.local.clay import INK, WHITE, Clay, flat_shade, round_shade
from creative_hub.providers.local.drawing import Pen, Point, curve, mix
from creative_hub.providers.local.palette import Palette, turned
from creative_hub.providers.local.wilds import bloom


def _mirrored(half: list[Point]) -> list[Point]:
    """A closed outline from its right half, given from top to bottom around the middle 0.5."""
    return [*half, *[(1 - x, y) for x, y in reversed(half)]]


def bottle(clay: Clay, palette: Palette, rng: Random) -> None:
    drink, cap = palette.accent, mix(palette.near, palette.second, 0.25)
    shoulder = curve(
        [(0.548, 0.16), (0.55, 0.26), (0.6, 0.34), (0.635, 0.42), (0.637, 0.6), (0.635, 0.93), (0.62, 0.965), (0.58, 0.975)], 8
    )
    clay.form(_mirrored(shoulder), round_shade(mix(drink, WHITE, 0.45), 0.55), alpha=215)
    inner = curve([(0.54, 0.27), (0.588, 0.35), (0.621, 0.43), (0.623, 0.6), (0.621, 0.92), (0.61, 0.955), (0.57, 0.962)], 8)
    clay.form(_mirrored(inner), round_shade(drink, 0.32), alpha=235)
    clay.box(0.443, 0.1, 0.557, 0.175, round_shade(cap, 0.3), corner=0.012)
    clay.box(0.363, 0.5, 0.637, 0.8, round_shade(mix(WHITE, palette.light, 0.25), 0.2))
    clay.disc((0.5, 0.61), 0.058, 0.058, round_shade(drink, 0.25))
    clay.form([(0.5, 0.575), (0.545, 0.53), (0.53, 0.585)], flat_shade((70, 150, 70)))
    for i, wide in enumerate((0.085, 0.055)):
        clay.box(0.5 - wide, 0.7 + i * 0.03, 0.5 + wide, 0.71 + i * 0.03, [mix(drink, INK, 0.25)], corner=0.005)
    clay.shine([(0.395, 0.42), (0.42, 0.42), (0.415, 0.92), (0.39, 0.92)], 130)


def perfume(clay: Clay, palette: Palette, rng: Random) -> None:
    tone, gold = palette.accent, mix((212, 172, 98), palette.light, 0.2)
    clay.box(0.27, 0.4, 0.73, 0.97, round_shade(mix(tone, WHITE, 0.6), 0.7), corner=0.05, alpha=200)
    clay.box(0.305, 0.5, 0.695, 0.925, round_shade(mix(tone, WHITE, 0.18), 0.5), corner=0.03, alpha=225)
    clay.box(0.45, 0.335, 0.55, 0.405, round_shade(gold, 0.5))
    clay.box(0.395, 0.14, 0.605, 0.345, round_shade(gold, 0.65), corner=0.02)
    clay.box(0.395, 0.315, 0.605, 0.33, round_shade(mix(gold, INK, 0.25), 0.4))
    clay.box(0.4, 0.63, 0.6, 0.79, round_shade(mix(WHITE, tone, 0.06), 0.2), corner=0.008)
    clay.box(0.445, 0.685, 0.555, 0.693, [mix(tone, INK, 0.5)])
    clay.box(0.465, 0.72, 0.535, 0.725, [mix(tone, INK, 0.4)])
    clay.shine([(0.315, 0.44), (0.355, 0.44), (0.34, 0.93), (0.31, 0.93)], 170)
    clay.shine([(0.62, 0.42), (0.7, 0.42), (0.6, 0.6), (0.52, 0.6)], 60)


def jar(clay: Clay, palette: Palette, rng: Random) -> None:
    body, lid = mix(WHITE, palette.accent, 0.22), mix(palette.accent, palette.near, 0.12)
    clay.box(0.2, 0.5, 0.8, 0.95, round_shade(body, 0.4), corner=0.05)
    clay.box(0.19, 0.34, 0.81, 0.53, round_shade(lid, 0.45), corner=0.025)
    clay.disc((0.5, 0.345), 0.305, 0.03, flat_shade(mix(lid, WHITE, 0.35)), down=True)
    clay.box(0.38, 0.66, 0.62, 0.675, [mix(lid, INK, 0.2)], corner=0.005)
    clay.box(0.43, 0.72, 0.57, 0.73, [mix(lid, INK, 0.1)], corner=0.005)
    clay.shine([(0.25, 0.55), (0.29, 0.55), (0.29, 0.92), (0.25, 0.92)], 150)


def cup(clay: Clay, palette: Palette, rng: Random) -> None:
    glaze = mix(palette.accent, WHITE, 0.15)
    clay.disc((0.48, 0.9), 0.4, 0.065, round_shade(mix(WHITE, palette.light, 0.3), 0.3))
    clay.disc((0.48, 0.888), 0.25, 0.034, round_shade(mix(glaze, INK, 0.3), 0.1))
    clay.stroke([(0.7, 0.55), (0.85, 0.53), (0.88, 0.66), (0.8, 0.76), (0.67, 0.77)], mix(glaze, INK, 0.2), 0.045, smooth=True)
    clay.form(
        _mirrored_at(0.48, curve([(0.73, 0.46), (0.73, 0.58), (0.695, 0.74), (0.63, 0.86), (0.58, 0.89)], 8)),
        round_shade(glaze, 0.45),
    )
    clay.disc((0.48, 0.46), 0.25, 0.066, round_shade(mix(glaze, WHITE, 0.5), 0.3))
    clay.disc((0.48, 0.466), 0.225, 0.052, round_shade((98, 58, 34), 0.2))
    clay.disc((0.47, 0.466), 0.12, 0.026, flat_shade((222, 184, 140)))
    clay.form([(0.41, 0.46), (0.47, 0.452), (0.53, 0.46), (0.47, 0.486)], flat_shade((246, 226, 196)))
    for x, sway in ((0.4, 0.03), (0.5, -0.03), (0.58, 0.025)):
        trail = curve([(x, 0.4), (x + sway, 0.3), (x - sway, 0.2), (x + sway, 0.08)], 8)
        clay.shine([*[(px - 0.012, py) for px, py in trail], *[(px + 0.02, py) for px, py in reversed(trail)]], 90, 0.018)


def _mirrored_at(middle: float, half: list[Point]) -> list[Point]:
    return [*half, *[(2 * middle - x, y) for x, y in reversed(half)]]


def phone(clay: Clay, palette: Palette, rng: Random) -> None:
    clay.box(0.3, 0.04, 0.7, 0.96, round_shade((46, 48, 56), 0.35), corner=0.06)
    clay.box(
        0.318,
        0.058,
        0.682,
        0.942,
        [palette.sky[0], mix(palette.accent, palette.sky[1], 0.35), palette.second],
        corner=0.045,
        down=True,
    )
    clay.box(0.45, 0.075, 0.55, 0.095, [INK], corner=0.01)
    clay.box(0.35, 0.2, 0.65, 0.44, flat_shade(mix(palette.accent, WHITE, 0.85)), corner=0.03, down=True, alpha=235)
    clay.disc((0.41, 0.28), 0.035, 0.035, flat_shade(palette.accent), down=True)
    for i, wide in enumerate((0.15, 0.11)):
        clay.box(0.47, 0.26 + i * 0.035, 0.47 + wide, 0.275 + i * 0.035, [mix(palette.accent, INK, 0.3)], corner=0.007)
    for i in range(8):
        x, y = 0.375 + (i % 4) * 0.083, 0.54 + (i // 4) * 0.1
        clay.box(x - 0.027, y, x + 0.027, y + 0.054, flat_shade(turned(palette.accent, i * 0.11, 1.1)), corner=0.014, down=True)
    clay.box(0.35, 0.83, 0.65, 0.9, [WHITE], corner=0.03, alpha=80)
    clay.shine([(0.318, 0.1), (0.55, 0.1), (0.34, 0.6), (0.318, 0.6)], 32, 0.004)


def laptop(clay: Clay, palette: Palette, rng: Random) -> None:
    metal = (196, 200, 208)
    clay.box(0.12, 0.3, 0.88, 0.82, flat_shade((40, 42, 50)), corner=0.025, down=True)
    clay.box(
        0.14, 0.32, 0.86, 0.8, [palette.sky[0], mix(palette.accent, palette.sky[1], 0.4), palette.second], corner=0.01, down=True
    )
    clay.box(0.2, 0.4, 0.46, 0.72, [WHITE], corner=0.015, alpha=215)
    for i, tall in enumerate((0.08, 0.15, 0.11, 0.2)):
        clay.box(
            0.235 + i * 0.052, 0.68 - tall, 0.27 + i * 0.052, 0.68, flat_shade(turned(palette.accent, i * 0.05)), corner=0.006
        )
    for i in range(3):
        clay.box(0.51, 0.42 + i * 0.09, 0.8 - 0.05 * i, 0.455 + i * 0.09, [WHITE], corner=0.012, alpha=170)
    clay.form([(0.1, 0.82), (0.9, 0.82), (0.98, 0.87), (0.02, 0.87)], flat_shade(metal), down=True)
    clay.box(0.02, 0.868, 0.98, 0.885, flat_shade(mix(metal, INK, 0.3)), corner=0.008, down=True)


def watch(clay: Clay, palette: Palette, rng: Random) -> None:
    strap, metal = mix(palette.accent, INK, 0.35), mix((206, 208, 214), palette.light, 0.25)
    clay.form([(0.4, 0.02), (0.6, 0.02), (0.63, 0.3), (0.37, 0.3)], round_shade(strap, 0.25))
    clay.form([(0.37, 0.68), (0.63, 0.68), (0.6, 0.98), (0.4, 0.98)], round_shade(strap, 0.25))
    clay.disc((0.5, 0.49), 0.26, 0.26, round_shade(metal, 0.6))
    clay.box(0.75, 0.465, 0.79, 0.515, round_shade(metal, 0.4), corner=0.01)
    clay.disc((0.5, 0.49), 0.225, 0.225, [mix(palette.near, INK, 0.4), mix(palette.near, palette.accent, 0.25)], down=True)
    for hour in range(12):
        a = hour * math.pi / 6
        inner = 0.175 if hour % 3 else 0.155
        ends = [(0.5 + r * math.sin(a), 0.49 - r * math.cos(a)) for r in (inner, 0.2)]
        clay.stroke(ends, mix(metal, WHITE, 0.5), 0.008 if hour % 3 else 0.014)
    clay.stroke([(0.5, 0.49), (0.42, 0.4)], WHITE, 0.016)
    clay.stroke([(0.5, 0.49), (0.6, 0.36)], WHITE, 0.012)
    clay.disc((0.5, 0.49), 0.014, 0.014, [palette.second])
    clay.shine([(0.33, 0.4), (0.5, 0.28), (0.6, 0.29), (0.36, 0.56)], 46, 0.006)


def gift(clay: Clay, palette: Palette, rng: Random) -> None:
    paper, ribbon = palette.accent, mix(palette.second, WHITE, 0.25)
    clay.box(0.17, 0.42, 0.83, 0.96, round_shade(paper, 0.2), corner=0.012)
    clay.box(0.45, 0.42, 0.55, 0.96, round_shade(ribbon, 0.3))
    clay.box(0.14, 0.32, 0.86, 0.46, round_shade(mix(paper, WHITE, 0.08), 0.22), corner=0.014)
    clay.box(0.44, 0.32, 0.56, 0.46, round_shade(mix(ribbon, WHITE, 0.1), 0.3))
    for side in (-1, 1):
        loop = curve(
            [(0.5, 0.32), (0.5 + side * 0.1, 0.15), (0.5 + side * 0.25, 0.14), (0.5 + side * 0.23, 0.27)], 8, closed=True
        )
        clay.form(loop, round_shade(ribbon, 0.35))
        hole = curve(
            [(0.5 + side * 0.07, 0.28), (0.5 + side * 0.12, 0.2), (0.5 + side * 0.19, 0.19), (0.5 + side * 0.17, 0.25)],
            8,
            closed=True,
        )
        clay.form(hole, flat_shade(mix(ribbon, INK, 0.35)), down=True)
    clay.disc((0.5, 0.3), 0.05, 0.042, round_shade(ribbon, 0.3))


def bag(clay: Clay, palette: Palette, rng: Random) -> None:
    hide, gold = palette.accent, mix((212, 172, 98), palette.light, 0.2)
    clay.stroke([(0.3, 0.45), (0.33, 0.2), (0.5, 0.1), (0.67, 0.2), (0.7, 0.45)], mix(hide, INK, 0.35), 0.035, smooth=True)
    clay.form(
        curve([(0.2, 0.42), (0.8, 0.42), (0.88, 0.9), (0.84, 0.96), (0.16, 0.96), (0.12, 0.9)], 6, closed=True),
        round_shade(hide, 0.28),
    )
    clay.form(
        curve([(0.19, 0.4), (0.81, 0.4), (0.8, 0.6), (0.5, 0.7), (0.2, 0.6)], 8, closed=True),
        round_shade(mix(hide, WHITE, 0.07), 0.25),
    )
    clay.box(0.46, 0.63, 0.54, 0.74, round_shade(gold, 0.55), corner=0.015)
    clay.shine([(0.22, 0.45), (0.3, 0.44), (0.26, 0.9), (0.19, 0.9)], 50, 0.012)


def burger(clay: Clay, palette: Palette, rng: Random) -> None:
    bun = (222, 150, 72)
    clay.box(0.17, 0.8, 0.83, 0.95, round_shade(bun, 0.25), corner=0.06)
    clay.box(0.13, 0.7, 0.87, 0.82, round_shade((96, 52, 32), 0.2), corner=0.05)
    clay.form(
        [(0.15, 0.68), (0.85, 0.68), (0.74, 0.76), (0.66, 0.7), (0.5, 0.8), (0.36, 0.7), (0.25, 0.75)],
        round_shade((250, 190, 60), 0.2),
    )
    clay.box(0.16, 0.61, 0.84, 0.69, round_shade((208, 58, 46), 0.25), corner=0.035)
    leaf = [(0.1 + i * 0.05, 0.6 + (0.035 if i % 2 else -0.015)) for i in range(17)]
    clay.form(curve([(0.12, 0.56), (0.88, 0.56), *reversed(leaf)], 4, closed=True), round_shade((112, 176, 66), 0.25))
    clay.form(_mirrored(curve([(0.5, 0.22), (0.66, 0.25), (0.8, 0.36), (0.85, 0.5), (0.83, 0.575)], 8)), round_shade(bun, 0.42))
    for _ in range(26):
        a, r = rng.uniform(-1, 1), rng.random()
        clay.disc((0.5 + a * 0.27 * (0.4 + r * 0.6), 0.29 + r * 0.14 + abs(a) * 0.05), 0.012, 0.007, [(250, 230, 180)])
    clay.shine([(0.28, 0.4), (0.4, 0.29), (0.46, 0.29), (0.33, 0.45)], 70, 0.015)


def vase(clay: Clay, palette: Palette, rng: Random) -> None:
    glaze = mix(WHITE, palette.second, 0.28)
    pen, side = Pen((clay.side, clay.side)), clay.side
    heads = [
        (0.5, 0.2, 1.15),
        (0.34, 0.27, 1.0),
        (0.66, 0.26, 1.0),
        (0.42, 0.4, 0.9),
        (0.59, 0.4, 0.9),
        (0.24, 0.42, 0.75),
        (0.77, 0.41, 0.75),
    ]
    for x, y, _ in heads:
        pen.line(
            [(p * side, q * side) for p, q in curve([(0.5, 0.68), (0.5 + (x - 0.5) * 0.5, 0.5), (x, y)], 8)],
            (70, 120, 70),
            side * 0.011,
        )
        for turn in (-0.05, 0.06):
            mx, my = 0.5 + (x - 0.5) * 0.6, 0.5 + (y - 0.5) * 0.2
            pen.polygon(
                [
                    (mx * side, my * side),
                    ((mx + turn) * side, (my - 0.07) * side),
                    ((mx + turn * 0.4) * side, (my + 0.02) * side),
                ],
                (88, 142, 84),
            )
    for i, (x, y, big) in enumerate(heads):
        tone = (palette.accent, mix(palette.accent, WHITE, 0.45), palette.second)[i % 3]
        bloom(pen, (x * side, y * side), side * 0.11 * big, tone, palette.light, rng)
    clay.picture.alpha_composite(pen.picture())
    clay.form(_mirrored(curve([(0.57, 0.6), (0.56, 0.68), (0.65, 0.8), (0.63, 0.91), (0.57, 0.975)], 8)), round_shade(glaze, 0.5))
    clay.disc((0.5, 0.6), 0.07, 0.014, flat_shade(mix(glaze, INK, 0.35)))
