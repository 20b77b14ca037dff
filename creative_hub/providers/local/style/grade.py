"""Style application: from how a clip looks to how it shall look. A grade is a few dozen numbers for each shot."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from creative_hub.providers.local.style.colour import oklab, shown
from creative_hub.providers.local.style.dna import Look, light
from creative_hub.providers.local.style.frames import Reals

OF_THE_SHOT = 0.4
"""How far a shot is graded by its own tones rather than the clip's: shots come together, and a night stays a night."""
MOST_LIGHTER = 0.22
STEEPEST, FLATTEST = 2.2, 0.4
MOST_TINT = 0.085
STRONGEST, PALEST = 1.7, 0.5
NO_COLOUR = 0.00012  # a spread below which a look is black and white


@dataclass(frozen=True, slots=True)
class Grade:
    """`curve`: pairs of lightness, before and after. `casts_from`, `casts_to`: the light that is taken out and put in.
    `colour`: the matrix on the rest of the colour (aa, ab, bb). `strength`: 1 for all of it.
    """

    curve: tuple[tuple[float, float], ...]
    casts_from: tuple[tuple[float, float], ...]
    casts_to: tuple[tuple[float, float], ...]
    colour: tuple[float, float, float]
    strength: float = 1.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def grade_of(said: dict[str, Any]) -> Grade:
    """From its JSON."""

    def pairs(name: str) -> tuple[tuple[float, float], ...]:
        return tuple((float(a), float(b)) for a, b in said[name])

    aa, ab, bb = said["colour"]
    return Grade(pairs("curve"), pairs("casts_from"), pairs("casts_to"), (aa, ab, bb), said["strength"])


def grade(clip: Look, target: Look, strength: float, shot_tones: tuple[float, ...] | None = None) -> Grade:
    tones = clip.tones
    if shot_tones:
        tones = tuple((1 - OF_THE_SHOT) * whole + OF_THE_SHOT * own for whole, own in zip(clip.tones, shot_tones, strict=True))
    return Grade(curve(tones, target.tones), clip.casts, _towards(clip, target), _colour(clip, target), strength)


def applied(made: Grade, lab: Reals) -> Reals:
    """The graded colours, as RGB that a screen can show, from 0 to 1."""
    places, heights = np.array(made.curve).T
    lightness = np.interp(lab[..., 0], places, heights).astype(np.float32)
    aa, ab, bb = made.colour
    matrix = np.array([[aa, ab], [ab, bb]], np.float32)
    rest = (lab[..., 1:] - light(lab[..., 0], made.casts_from)) @ matrix
    graded = np.concatenate([lightness[..., None], rest + light(lightness, made.casts_to)], axis=-1)
    return shown(lab + made.strength * (graded - lab))


def applied_to_hex(made: Grade, colour: str) -> str:
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], np.uint8)
    return "#" + "".join(f"{round(255 * float(share)):02x}" for share in applied(made, oklab(rgb)))


def curve(before: tuple[float, ...], after: tuple[float, ...]) -> tuple[tuple[float, float], ...]:
    """The tone curve that brings the one's quantiles near to the other's. It rises, and nowhere too steeply or too flat."""
    places = np.array(before, float)
    heights = places + np.clip(np.array(after, float) - places, -MOST_LIGHTER, MOST_LIGHTER)
    first = max(0.0, heights[0] - 1.0 * places[0])
    last = min(1.0, heights[-1] + 1.0 * (1 - places[-1]))
    grid = np.linspace(0, 1, 33)
    wanted = np.interp(
        grid, np.concatenate([[0], np.maximum.accumulate(places + np.arange(9) * 1e-5), [1]]), [first, *heights, last]
    )
    smooth = np.convolve(np.pad(wanted, 3, "reflect", reflect_type="odd"), np.array([1, 3, 5, 6, 5, 3, 1]) / 24, "valid")
    step = grid[1]
    steps = np.clip(np.diff(smooth), FLATTEST * step, STEEPEST * step)
    middle = int(np.argmin(np.abs(grid - places[4])))
    rising = np.concatenate([[0], np.cumsum(steps)])
    rising += smooth[middle] - rising[middle]  # where the most of the picture is, the curve is right; its ends give way
    return tuple((round(float(x), 4), round(float(np.clip(y, 0, 1)), 4)) for x, y in zip(grid, rising, strict=True))


def _towards(clip: Look, target: Look) -> tuple[tuple[float, float], ...]:
    """The target's light, not further from the clip's own than a picture bears."""
    found = list[tuple[float, float]]()
    for (a, b), (to_a, to_b) in zip(clip.casts, target.casts, strict=True):
        way = float(np.hypot(to_a - a, to_b - b))
        share = min(1.0, MOST_TINT / way) if way else 1.0
        found.append((round(a + share * (to_a - a), 4), round(b + share * (to_b - b), 4)))
    return tuple(found)


def _colour(clip: Look, target: Look) -> tuple[float, float, float]:
    """The symmetric matrix that turns the one's spread of colours into the other's (Monge–Kantorovich), within bounds:
    hues are stretched and drawn together, and never turned round.
    """
    if target.spread[0] + target.spread[2] < NO_COLOUR:
        return (0.0, 0.0, 0.0)
    (saa, sab, sbb), (taa, tab, tbb) = clip.spread, target.spread
    source = np.array([[saa, sab], [sab, sbb]]) + np.eye(2) * 2e-4
    wanted = np.array([[taa, tab], [tab, tbb]]) + np.eye(2) * 2e-4
    half = _root(source)
    back = np.linalg.inv(half)
    matrix = back @ _root(half @ wanted @ half) @ back
    values, ways = np.linalg.eigh((matrix + matrix.T) / 2)
    bounded = ways @ np.diag(np.clip(values, PALEST, STRONGEST)) @ ways.T
    return (round(float(bounded[0, 0]), 4), round(float(bounded[0, 1]), 4), round(float(bounded[1, 1]), 4))


def _root(matrix: Any) -> Any:
    values, ways = np.linalg.eigh((matrix + matrix.T) / 2)
    return ways @ np.diag(np.sqrt(np.maximum(values, 0))) @ ways.T
