"""How a presenter moves while speaking: blinks, brows, breath and small movements of the head, frame by frame."""

import math
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from creative_hub.providers.local.speech import Sentence

BREATH_STEPS = 7
SWAY_STEPS = 72
"""Close enough together that a step is less than a pixel."""
_BREATH_SECONDS = 4.2
_BLINK = ("half", "closed", "closed", "half")


class Pose(NamedTuple):
    """Of one frame: lids (face.EYES), brow (face.BROWS), breath (0..BREATH_STEPS - 1) and sway (a step of `sway`)."""

    lids: str
    brow: int
    breath: int
    sway: int


def poses(levels: Sequence[float], sentences: Sequence[Sentence], fps: int, rng: Random) -> list[Pose]:
    """One for each of `levels` (loudness, 0..1). Equal arguments give equal movement."""
    lids, brows, effort = _lids(len(levels), fps, rng), _brows(len(levels), sentences, fps, rng), _smooth(levels, fps)
    found, along = [], rng.uniform(0, SWAY_STEPS)
    for number, push in enumerate(effort):
        breath = round((1 - math.cos(2 * math.pi * number / fps / _BREATH_SECONDS)) / 2 * (BREATH_STEPS - 1))
        along += (5 + 22 * push) / fps  # who speaks with force moves more
        found.append(Pose(lids[number], brows[number], breath, int(along) % SWAY_STEPS))
    return found


def sway(step: int) -> tuple[float, float, float]:
    """The head's shift (x, y, in units) and tilt (degrees) on its closed path, `step` of SWAY_STEPS along."""
    turn = 2 * math.pi * step / SWAY_STEPS
    x = 4.0 * math.sin(turn) + 1.4 * math.sin(2 * turn + 1)
    y = 2.4 * math.sin(3 * turn + 0.4) + 1.0 * math.sin(turn + 2)
    return x, y, 1.3 * math.sin(turn + 0.5) + 0.6 * math.sin(2 * turn)


def _lids(count: int, fps: int, rng: Random) -> list[str]:
    lids, at = ["open"] * count, rng.uniform(0.8, 2.0)
    while (first := round(at * fps)) + len(_BLINK) < count:
        lids[first : first + len(_BLINK)] = _BLINK
        at += rng.uniform(2.2, 4.8)
    return lids


def _brows(count: int, sentences: Sequence[Sentence], fps: int, rng: Random) -> list[int]:
    """Raised for a moment as most sentences begin, and longer on a question."""
    brows = [0] * count
    for sentence in sentences:
        question = sentence.text.endswith(("?", "؟", "？"))
        if not question and rng.random() < 0.3:
            continue
        start = (max(sentence.start_seconds, sentence.end_seconds - 0.9) if question else sentence.start_seconds) * fps
        for step, height in enumerate([1, *[2] * round(fps * (0.8 if question else 0.45)), 1]):
            if (frame := round(start) + step) < count:
                brows[frame] = height
    return brows


def _smooth(levels: Sequence[float], fps: int) -> list[float]:
    value, smoothed = 0.0, []
    for level in levels:
        value += (level - value) * min(1.0, 5.0 / fps)
        smoothed.append(value)
    return smoothed
