"""Video analysis: where one shot ends and the next begins, and how bright the clip is."""

from pathlib import Path
from typing import Any

import numpy as np

from creative_hub.providers.local.style.frames import Picture, Reals, Report, decoded, facts, progress, small, unreadable

SIDE = 64
BINS = 6  # of each colour channel
SHORTEST_SECONDS = 0.3
LEAST = 0.28
"""How different two frames must be to be of two shots, from 0 to 1."""
PEAK = 2.5
"""And how many times as different as their neighbours are: fast movement is not a cut."""
AROUND = 8  # neighbours on each side


def analyse(path: Path, name: str, report: Report) -> dict[str, Any]:
    """The clip's facts, `shots` (their first seconds) and `exposure` (mean luma, and the shares crushed and blown out).

    Every frame is looked at. A hard cut is found; a slow dissolve is taken for one shot.
    """
    found = facts(path, name)
    tell = progress(report, found.seconds)
    times, changes, lumas = list[float](), list[float](), list[tuple[float, float, float]]()
    before: tuple[Reals, Reals] | None = None
    for at, frame in decoded(path):
        seen = _seen(small(frame, SIDE))
        changes.append(_change(before, seen) if before else 0.0)
        before = seen
        times.append(at)
        lumas.append(_exposure(seen[1]))
        tell(at)
    if not times:
        raise unreadable(name)
    step = (times[-1] - times[0]) / max(1, len(times) - 1)
    seconds = max(times[-1] + step, 0.04)
    mean, dark, bright = np.mean(np.array(lumas), axis=0)
    return {
        "seconds": round(seconds, 3),
        "width": found.width,
        "height": found.height,
        "fps": round(found.fps, 3),
        "has_audio": found.has_audio,
        "shots": [round(at, 3) for at in cuts(times, changes)],
        "exposure": {"mean": round(float(mean), 3), "crushed": round(float(dark), 3), "blown_out": round(float(bright), 3)},
    }


def cuts(times: list[float], changes: list[float]) -> list[float]:
    """The seconds at which shots begin; the first is 0."""
    found = [0.0]
    for index in range(1, len(times)):
        near = changes[max(1, index - AROUND) : index] + changes[index + 1 : index + 1 + AROUND]
        usual = float(np.median(near)) if near else 0.0
        peak = changes[index] >= max(near, default=0.0)
        if peak and changes[index] > max(LEAST, PEAK * usual) and times[index] - found[-1] >= SHORTEST_SECONDS:
            found.append(times[index])
    return found


def _seen(picture: Picture) -> tuple[Reals, Reals]:
    """Its colour histogram, and its luma."""
    levels = picture.astype(np.int32) * BINS // 256
    cells = (levels[..., 0] * BINS + levels[..., 1]) * BINS + levels[..., 2]
    histogram = np.bincount(cells.ravel(), minlength=BINS**3).astype(np.float32) / cells.size
    luma = picture.astype(np.float32) @ np.array([0.2126, 0.7152, 0.0722], np.float32) / 255
    return histogram, luma


def _change(before: tuple[Reals, Reals], now: tuple[Reals, Reals]) -> float:
    """How much of the colours changed, and of the picture: 0 for the same frame, 1 for all of it."""
    if before[1].shape != now[1].shape:
        return 1.0
    colours = float(np.abs(before[0] - now[0]).sum()) / 2
    picture = min(1.0, 3 * float(np.abs(before[1] - now[1]).mean()))
    return 0.6 * colours + 0.4 * picture


def _exposure(luma: Reals) -> tuple[float, float, float]:
    return float(luma.mean()), float((luma < 0.02).mean()), float((luma > 0.98).mean())
