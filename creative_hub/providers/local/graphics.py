"""Abstract compositions for prompts that name no place and no thing: discs, waves, tiles."""

import math
from random import Random

from PIL import Image

from creative_hub.providers.local.clay import INK, WHITE
from creative_hub.providers.local.drawing import Pen, Size, curve, glow, gradient, ground_below, lit, mix, shadow_of, soft, tinted
from creative_hub.providers.local.palette import Palette, turned
from creative_hub.providers.local.staging import Layer, Part, Scene, layer


def abstract(size: Size, palette: Palette, rng: Random) -> Scene:
    compose = rng.choice((_discs, _waves, _tiles))
    return Scene(compose(size, palette, rng), titled=True)


def _discs(size: Size, palette: Palette, rng: Random) -> list[Part]:
    """Translucent globes floating over a graded ground."""
    width, height = size
    unit = min(size)
    ground = gradient(size, (turned(palette.sky[0], 0, 0.9), palette.sky[1], palette.sky[2]))
    parts: list[Part] = [Layer(lit(ground, palette.light, glow(size, (width * 0.7, height * 0.3), max(size) * 0.6, 0.4, 1.5)))]
    colours = (palette.accent, palette.second, mix(palette.accent, palette.sky[0], 0.5), mix(palette.second, WHITE, 0.4))
    for i in range(7):
        radius = unit * rng.uniform(0.06, 0.3) * (1.15 - i * 0.09)
        centre = (width * rng.uniform(0.12, 0.95), height * rng.uniform(0.1, 0.9))
        tone, mask = colours[i % 4], Pen(size, "L")
        mask.ellipse(centre, radius, radius, 255)
        globe = Image.new("RGB", size, mix(tone, INK, 0.3))
        globe.paste(
            mix(tone, WHITE, 0.5), mask=glow(size, (centre[0] - radius * 0.35, centre[1] - radius * 0.4), radius * 1.7, 1.3, 1.2)
        )
        body = tinted(globe, mask.picture().point([round(v * 0.94) for v in range(256)]))
        shade = shadow_of(body, unit / 30, 0.3)
        moved = Image.new("RGBA", size, (0, 0, 0, 0))
        moved.paste(shade, (unit // 50, unit // 28))
        parts.append(layer(Image.alpha_composite(moved, body), 0.1 + 0.12 * i))
    return parts


def _waves(size: Size, palette: Palette, rng: Random) -> list[Part]:
    """Layered paper waves, each with the shadow of the next."""
    width, height = size
    parts: list[Part] = [
        Layer(
            lit(
                gradient(size, palette.sky),
                palette.light,
                glow(size, (width * rng.uniform(0.3, 0.7), height * 0.22), min(size) * 0.5, 0.8, 1.5),
            )
        )
    ]
    count, phase = 7, rng.random() * 6
    for i in range(count):
        share = i / (count - 1)
        base, swing = height * (0.34 + 0.56 * share), height * rng.uniform(0.04, 0.085)
        line = curve(
            [(width * x / 7, base + swing * math.sin(x * rng.uniform(0.75, 0.95) + phase + i)) for x in range(-1, 10)], 10
        )
        tone = mix(mix(palette.second, palette.sky[2], 0.3), palette.accent, min(1, share * 1.7))
        tone = mix(tone, palette.near, max(0.0, share - 0.45) * 1.3)
        pen = Pen(size, "L")
        pen.polygon(ground_below(line, height + 4), 255)
        mask = pen.picture()
        shade = tinted(INK, soft(mask, min(size) / 40).point([round(v * 0.34) for v in range(256)]))
        lifted = Image.new("RGBA", size, (0, 0, 0, 0))
        lifted.paste(shade, (0, -round(min(size) / 60)))
        colours = gradient(size, (mix(tone, WHITE, 0.25), mix(tone, WHITE, 0.12), tone, mix(tone, INK, 0.1)))
        parts.append(layer(Image.alpha_composite(lifted, tinted(colours, mask)), 0.1 + 0.13 * i))
    return parts


def _tiles(size: Size, palette: Palette, rng: Random) -> list[Part]:
    """A grid of quarter discs, rings and squares, in the manner of a Bauhaus poster."""
    width, height = size
    across = 5 if width >= height else 4
    side = width / across
    down = math.ceil(height / side)
    paper = mix((246, 239, 226), palette.sky[2], 0.25) if not palette.dark else mix(palette.near, palette.sky[0], 0.5)
    inks = (palette.accent, palette.second, mix(palette.near, palette.sky[0], 0.35), mix(palette.accent, paper, 0.55), paper)
    sheet = Image.new("RGB", size, paper)
    for column in range(across):
        for row in range(down):
            left, top = column * side, row * side
            ground, figure = rng.sample(inks, 2)
            tile = Pen((math.ceil(side), math.ceil(side)))
            tile.block((0, 0, side + 1, side + 1), ground)
            _figure(tile, side, figure, ground, rng)
            sheet.paste(tile.picture().convert("RGB"), (round(left), round(top)))
    return [Layer(sheet)]


def _figure(tile: Pen, side: float, figure: tuple[int, int, int], ground: tuple[int, int, int], rng: Random) -> None:
    corner = (side * rng.randrange(2), side * rng.randrange(2))
    match rng.randrange(6):
        case 0 | 1:
            tile.ellipse(corner, side, side, figure)
            tile.ellipse(corner, side * 0.5, side * 0.5, ground)
        case 2:
            tile.ellipse(corner, side, side, figure)
        case 3:
            tile.ellipse((side / 2, side / 2), side * 0.36, side * 0.36, figure)
        case 4:
            tile.polygon([corner, (side - corner[0], corner[1]), (corner[0], side - corner[1])], figure)
        case _:
            for i in range(4):
                tile.block((0, side * i / 4, side + 1, side * (i + 0.5) / 4), figure)
