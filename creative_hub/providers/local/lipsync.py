"""The mouth of a speaker, frame by frame, from the sound (how far open) and its phonemes (which shape)."""

import math
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path

REST, WIDE, OPEN, ROUND, TEETH, CLOSED = "rest", "wide", "open", "round", "teeth", "closed"
SHAPES = (REST, WIDE, OPEN, ROUND, TEETH, CLOSED)

_FIRST_LETTERS = {
    CLOSED: "mbp",
    TEETH: "fvszSZTDtdCxhk",
    ROUND: "oOuUwyYQW8",
    WIDE: "iIeEjlnNgrRLJ",
    OPEN: "aA@V&0312",
}
_SHAPE_OF = {letter: shape for shape, letters in _FIRST_LETTERS.items() for letter in letters}
_SCALE = {CLOSED: 0.12, TEETH: 0.72, ROUND: 0.9, WIDE: 0.85, OPEN: 1.0, REST: 0.9}
"""How far a mouth of this shape opens at full voice."""
_FLOOR_DB = 32.0
"""What is this far below the loudest is silence to the eye."""


@dataclass(frozen=True, slots=True)
class Mouth:
    """`openness` is 0 (closed) to 1."""

    shape: str
    openness: float


def loudness(wav: Path, fps: int) -> list[float]:
    """The root mean square of a 16 bit mono WAV file in each frame, as a share of the loudest frame (0..1)."""
    with wave.open(str(wav), "rb") as sound:
        hertz = sound.getframerate()
        samples = memoryview(sound.readframes(sound.getnframes())).cast("h")
    count = math.ceil(len(samples) * fps / hertz)
    levels = []
    for frame in range(count):
        part = samples[frame * hertz // fps : (frame + 1) * hertz // fps : 3]  # a third of the samples tells enough
        levels.append(math.sqrt(sum(map(mul, part, part)) / max(1, len(part))))
    top = max(levels, default=0.0) or 1.0
    return [level / top for level in levels]


def track(levels: Sequence[float], phonemes: Sequence[tuple[float, str]], fps: int) -> list[Mouth]:
    """One mouth for each of `levels` (see `loudness`). Silence is a closed mouth; it opens faster than it closes."""
    shapes = _shapes(phonemes, len(levels), fps)
    mouths, before = [], 0.0
    for level, shape in zip(levels, shapes, strict=True):
        target = _openness(level) * _SCALE[shape]
        before += (target - before) * (0.75 if target > before else 0.6)
        mouths.append(Mouth(shape, before if before > 0.04 else 0.0))
    return mouths


def _openness(level: float) -> float:
    """Loudness is heard in decibels; the mouth follows between linear and that."""
    if level <= 0:
        return 0.0
    decibels = max(0.0, 1 + 20 * math.log10(level) / _FLOOR_DB)
    return 0.5 * min(1.0, level * 1.3) + 0.5 * decibels if decibels else 0.0


def _shapes(phonemes: Sequence[tuple[float, str]], count: int, fps: int) -> list[str]:
    shapes = [REST] * count
    ends = [at for at, _ in phonemes[1:]] + [count / fps]
    for (start, name), end in zip(phonemes, ends, strict=True):
        first, last = int(start * fps), max(int(start * fps) + 1, int(end * fps))
        shapes[first:last] = [_shape(name)] * (min(last, count) - min(first, count))
    return shapes


def _shape(phoneme: str) -> str:
    """By the first letter of espeak's mnemonic, past the stress marks; a pause (`_:`) rests."""
    return _SHAPE_OF.get(phoneme.lstrip("',%=")[:1], REST)
