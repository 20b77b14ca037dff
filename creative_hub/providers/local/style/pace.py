"""The pace of a clip's cutting, and the punch-ins that give a long shot the pace of another clip."""

from collections.abc import Mapping, Sequence
from typing import Any

SHORTEST_SECONDS = 0.7
LONGEST_SECONDS = 6.0
WORTH = 1.7
"""How many times longer than the template's shots a shot must be to be cut at all."""
NEAR_SECONDS = 0.35
"""How far a cut moves to fall on a beat, or on a calm moment."""


def pace(shots: Sequence[float], seconds: float) -> dict[str, Any]:
    return {
        "shots": len(shots),
        "mean_shot_seconds": round(seconds / len(shots), 2),
        "cuts_per_minute": round(60 * (len(shots) - 1) / seconds, 1),
    }


def punch_ins(clip: Mapping[str, Any], shot_seconds: float) -> list[tuple[float, float]]:
    """(start, end) of the parts of long shots to be shown closer, every second one, so that cuts come every `shot_seconds`.

    Nothing is taken out and the sound is not touched. Cuts fall on the beat of the clip's own music, or else where least moves.
    """
    wanted = min(max(shot_seconds, SHORTEST_SECONDS), LONGEST_SECONDS)
    starts = clip["video"]["shots"]
    found = list[tuple[float, float]]()
    for start, end in zip(starts, [*starts[1:], clip["video"]["seconds"]], strict=True):
        if end - start < WORTH * wanted:
            continue
        parts = max(2, round((end - start) / wanted))
        inner = [_settled(start + (end - start) * number / parts, clip) for number in range(1, parts)]
        edges = [start, *(at for at in inner if start + SHORTEST_SECONDS <= at <= end - SHORTEST_SECONDS), end]
        found += [(round(edges[at], 3), round(edges[at + 1], 3)) for at in range(1, len(edges) - 1, 2)]
    return found


def _settled(at: float, clip: Mapping[str, Any]) -> float:
    sound = clip["sound"] or {}
    if sound.get("tempo_bpm"):
        beat = 60 / sound["tempo_bpm"]
        return float(sound["first_beat_seconds"] + round((at - sound["first_beat_seconds"]) / beat) * beat)
    part, curve = clip["motion"]["part_seconds"], clip["motion"]["curve"]
    around = [at + offset for offset in (0.0, -NEAR_SECONDS, NEAR_SECONDS)]
    return min(around, key=lambda moment: curve[min(max(0, int(moment / part)), len(curve) - 1)])
