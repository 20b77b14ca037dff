"""When each line of a script is said in a recording that does not tell: by its length, and by the pauses that are heard."""

from collections.abc import Sequence
from typing import Final

from creative_hub.providers.local.sentences import has_words
from creative_hub.providers.local.speech import Sentence

SILENT: Final = 0.06
"""Of the loudest moment."""
AROUND_SECONDS: Final = 0.9
"""How far from where its length puts it a pause is looked for."""
PAUSE_SECONDS: Final = 0.24


def spoken(lines: Sequence[str], levels: Sequence[float], fps: int) -> list[Sentence]:
    """One for each line that has words, in order and without a gap. `levels` is the loudness of each frame, from 0 to 1."""
    said = [line for line in lines if has_words(line)]
    loud = [number for number, level in enumerate(levels) if level > SILENT] or [0, len(levels) - 1]
    first, last = loud[0], loud[-1] + 1
    whole, at = sum(map(len, said)), 0
    edges = [first]
    for line in said[:-1]:
        at += len(line)
        edges.append(max(edges[-1] + 1, _pause(levels, first + (last - first) * at / whole, fps)))
    edges.append(max(edges[-1] + 1, last))
    return [Sentence(line, edges[number] / fps, edges[number + 1] / fps) for number, line in enumerate(said)]


def _pause(levels: Sequence[float], about: float, fps: int) -> int:
    """The middle of the quietest moment near a frame; of equally quiet ones the nearest."""
    half = max(1, round(PAUSE_SECONDS * fps / 2))
    low, high = max(half, round(about - AROUND_SECONDS * fps)), min(len(levels) - half, round(about + AROUND_SECONDS * fps))

    def cost(frame: int) -> float:
        return sum(levels[frame - half : frame + half]) / (2 * half) + 0.15 * abs(frame - about) / (AROUND_SECONDS * fps)

    return min(range(low, high + 1), key=cost, default=round(about))
