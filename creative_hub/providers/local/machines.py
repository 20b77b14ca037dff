"""Things that go: bicycle, car, shoe; and headphones."""

import math
from random import Random

from creative_hub.providers.local.clay import INK, WHITE, Clay, flat_shade, round_shade
from creative_hub.providers.local.drawing import Point, curve, mix
from creative_hub.providers.local.palette import Palette


def bicycle(clay: Clay, palette: Palette, rng: Random) -> None:
    paint, tyre, steel, hide = palette.accent, (34, 35, 40), (188, 192, 200), (122, 74, 44)
    rear, front, radius = (0.23, 0.72), (0.77, 0.72), 0.2
    for hub in (rear, front):
        for i in range(20):
            a = i * math.pi / 10 + 0.1
            clay.stroke(
                [hub, (hub[0] + radius * 0.93 * math.cos(a), hub[1] + radius * 0.93 * math.sin(a))], steel, 0.0028, alpha=200
            )
        clay.ring(hub, radius + 0.012, 0.022, tyre)
        clay.ring(hub, radius - 0.01, 0.009, mix(steel, WHITE, 0.3))
        clay.disc(hub, 0.02, 0.02, round_shade(steel, 0.4))
    crank, head = (0.45, 0.73), (0.665, 0.385)
    fork: list[Point] = [head, (0.7, 0.5), (0.735, 0.66), front]
    clay.stroke(fork, mix(paint, INK, 0.12), 0.02, smooth=True)
    for start, end in (
        (rear, crank),
        (rear, (0.385, 0.445)),
        ((0.35, 0.33), crank),
        ((0.383, 0.43), (0.668, 0.4)),
        (crank, (0.68, 0.44)),
    ):
        clay.stroke([start, end], paint, 0.024 if start != rear else 0.016)
        clay.stroke(
            [(start[0] - 0.003, start[1] - 0.005), (end[0] - 0.003, end[1] - 0.005)], mix(paint, WHITE, 0.5), 0.005, alpha=170
        )
    clay.stroke([head, (0.65, 0.3)], paint, 0.022)
    clay.stroke([(0.65, 0.31), (0.7, 0.285), (0.735, 0.3), (0.72, 0.345)], (50, 50, 56), 0.016, smooth=True)
    clay.stroke([(0.72, 0.345), (0.68, 0.35)], hide, 0.022)
    clay.form(
        curve([(0.26, 0.315), (0.36, 0.31), (0.445, 0.325), (0.38, 0.345), (0.3, 0.352)], 8, closed=True), round_shade(hide, 0.35)
    )
    clay.stroke([rear, (0.45, 0.705)], (66, 66, 72), 0.006)
    clay.stroke([(0.235, 0.74), (0.45, 0.765)], (66, 66, 72), 0.006)
    clay.ring(crank, 0.043, 0.012, (90, 92, 98))
    for dx, dy in ((0.055, 0.075), (-0.055, -0.075)):
        clay.stroke([crank, (crank[0] + dx, crank[1] + dy)], steel, 0.012)
        clay.box(crank[0] + dx - 0.03, crank[1] + dy - 0.008, crank[0] + dx + 0.03, crank[1] + dy + 0.01, [tyre], corner=0.006)


def car(clay: Clay, palette: Palette, rng: Random) -> None:
    paint, glass = palette.accent, mix((60, 84, 104), palette.sky[1], 0.3)
    body = curve(
        [
            (0.03, 0.74),
            (0.035, 0.64),
            (0.1, 0.585),
            (0.25, 0.565),
            (0.37, 0.475),
            (0.5, 0.45),
            (0.64, 0.462),
            (0.77, 0.555),
            (0.9, 0.59),
            (0.965, 0.65),
            (0.97, 0.74),
            (0.93, 0.775),
            (0.5, 0.785),
            (0.07, 0.775),
        ],
        10,
        closed=True,
    )
    clay.form(
        body, [mix(paint, WHITE, 0.45), mix(paint, WHITE, 0.1), paint, mix(paint, INK, 0.3), mix(paint, INK, 0.55)], down=True
    )
    clay.form(
        curve([(0.29, 0.57), (0.385, 0.495), (0.5, 0.472), (0.51, 0.57)], 6, closed=False),
        [mix(glass, WHITE, 0.5), glass],
        down=True,
    )
    clay.form([(0.528, 0.47), (0.63, 0.482), (0.735, 0.57), (0.535, 0.57)], [mix(glass, WHITE, 0.45), glass], down=True)
    clay.stroke(
        [(0.06, 0.655), (0.3, 0.625), (0.7, 0.625), (0.95, 0.665)], mix(paint, WHITE, 0.55), 0.006, alpha=190, smooth=True
    )
    clay.stroke([(0.52, 0.575), (0.525, 0.76)], mix(paint, INK, 0.45), 0.004)
    clay.box(0.55, 0.605, 0.6, 0.615, [mix(paint, INK, 0.5)], corner=0.005)
    clay.form(
        curve([(0.9, 0.615), (0.955, 0.64), (0.95, 0.67), (0.91, 0.65)], 5, closed=True), [(255, 250, 225), (250, 226, 150)]
    )
    clay.form(curve([(0.04, 0.635), (0.085, 0.615), (0.08, 0.66), (0.04, 0.67)], 5, closed=True), [(240, 70, 56), (170, 20, 24)])
    for x in (0.23, 0.77):
        clay.disc((x, 0.765), 0.108, 0.108, [(16, 16, 20)])
        clay.disc((x, 0.77), 0.096, 0.096, round_shade((36, 37, 42), 0.15))
        clay.disc((x, 0.77), 0.062, 0.062, round_shade((196, 200, 206), 0.5))
        for i in range(5):
            a = i * math.tau / 5 - 0.3
            clay.stroke([(x, 0.77), (x + 0.055 * math.cos(a), 0.77 + 0.055 * math.sin(a))], (70, 72, 80), 0.016)
        clay.disc((x, 0.77), 0.014, 0.014, round_shade((220, 222, 226), 0.4))


def shoe(clay: Clay, palette: Palette, rng: Random) -> None:
    upper, trim, sole = palette.accent, palette.second, (246, 245, 240)
    shape = curve(
        [
            (0.06, 0.7),
            (0.075, 0.52),
            (0.1, 0.39),
            (0.17, 0.37),
            (0.23, 0.43),
            (0.32, 0.44),
            (0.42, 0.35),
            (0.49, 0.37),
            (0.6, 0.48),
            (0.74, 0.57),
            (0.88, 0.615),
            (0.955, 0.69),
            (0.95, 0.76),
            (0.5, 0.79),
            (0.08, 0.78),
        ],
        10,
        closed=True,
    )
    clay.form(shape, [mix(upper, WHITE, 0.32), upper, mix(upper, INK, 0.1), mix(upper, INK, 0.32)], down=True)
    clay.form(
        curve([(0.12, 0.4), (0.22, 0.465), (0.33, 0.475), (0.42, 0.385), (0.33, 0.425), (0.22, 0.415)], 6, closed=True),
        [mix(upper, INK, 0.6)],
    )
    clay.form(
        curve([(0.72, 0.575), (0.88, 0.62), (0.955, 0.7), (0.94, 0.755), (0.76, 0.76), (0.78, 0.66)], 8, closed=True),
        flat_shade(mix(upper, INK, 0.22)),
        down=True,
    )
    clay.form(
        curve([(0.065, 0.72), (0.08, 0.53), (0.15, 0.52), (0.21, 0.63), (0.19, 0.76), (0.08, 0.77)], 8, closed=True),
        flat_shade(mix(upper, INK, 0.25)),
        down=True,
    )
    swoop = curve(
        [(0.2, 0.7), (0.36, 0.735), (0.52, 0.66), (0.64, 0.53), (0.54, 0.6), (0.4, 0.645), (0.28, 0.62)], 8, closed=True
    )
    clay.form(swoop, [mix(trim, WHITE, 0.35), trim])
    for i in range(5):
        x, y = 0.44 + i * 0.053, 0.42 + i * 0.043
        clay.stroke([(x - 0.01, y + 0.05), (x + 0.035, y - 0.02)], WHITE, 0.016)
    clay.form(
        curve(
            [
                (0.045, 0.755),
                (0.3, 0.765),
                (0.6, 0.77),
                (0.96, 0.735),
                (0.985, 0.79),
                (0.93, 0.845),
                (0.5, 0.85),
                (0.08, 0.855),
                (0.035, 0.81),
            ],
            8,
            closed=True,
        ),
        [WHITE, sole, mix(sole, INK, 0.25)],
        down=True,
    )
    clay.form(
        curve([(0.06, 0.835), (0.5, 0.832), (0.93, 0.825), (0.9, 0.86), (0.5, 0.866), (0.09, 0.868)], 6, closed=True),
        [mix(trim, INK, 0.1), mix(trim, INK, 0.35)],
        down=True,
    )
    clay.stroke([(0.06, 0.8), (0.5, 0.808), (0.95, 0.785)], mix(trim, WHITE, 0.2), 0.01, smooth=True)


def headphones(clay: Clay, palette: Palette, rng: Random) -> None:
    shell = palette.accent
    arch = [(0.5 + 0.34 * math.cos(math.pi * (1 + i / 24)), 0.5 + 0.38 * math.sin(math.pi * (1 + i / 24))) for i in range(25)]
    clay.stroke(arch, mix(shell, INK, 0.45), 0.06)
    clay.stroke([(x, y - 0.012) for x, y in arch], mix(shell, WHITE, 0.2), 0.02, alpha=200)
    for side in (-1, 1):
        x = 0.5 + side * 0.34
        clay.box(x - 0.022, 0.44, x + 0.022, 0.62, round_shade((190, 194, 202), 0.4), corner=0.015)
        inner = x - side * 0.065
        clay.box(inner - 0.055, 0.53, inner + 0.055, 0.88, round_shade((44, 45, 52), 0.2), corner=0.05)
        clay.box(x - 0.07, 0.51, x + 0.07, 0.9, round_shade(shell, 0.4), corner=0.065)
        clay.ring((x, 0.705), 0.042, 0.01, palette.second)
