"""Motion analysis: how much moves in a clip, how the camera goes, and when."""

from pathlib import Path
from typing import Any

import numpy as np

from creative_hub.providers.local.style.frames import Reals, Report, decoded, progress, small

SIDE = 64
PER_SECOND = 8.0
BEATS = 120
"""Into how many parts a clip's energy is written down, at most."""
KINDS = ((0.012, "still"), (0.04, "calm"), (0.10, "moving"))


def analyse(path: Path, seconds: float, report: Report) -> dict[str, Any]:
    """`energy` (mean change of luma a frame, 0 to 1), `pan` and `shake` (widths a second), `kind`, and `curve`: the energy
    over time, in parts of `part_seconds`.

    Frames are taken eight times a second. The camera's way is found by phase correlation of each with the one before.
    """
    tell = progress(report, seconds)
    before: tuple[float, Reals] | None = None
    rows: list[tuple[float, float, float, float]] = []
    wanted = 0.0
    for at, frame in decoded(path, references_only=True):
        if at + 1e-6 < wanted:
            continue
        wanted = at + 1 / PER_SECOND
        luma = small(frame, SIDE, "gray").astype(np.float32) / 255
        if before is not None and before[1].shape == luma.shape:
            across, down = _shift(before[1], luma)
            widths = SIDE * (at - before[0])
            rows.append((at, float(np.abs(luma - before[1]).mean()), across / widths, down / widths))
        before = at, luma
        tell(at)
    if not rows:
        return {"energy": 0.0, "pan": 0.0, "shake": 0.0, "kind": "still", "part_seconds": seconds, "curve": [0.0]}
    table = np.array(rows)
    energy = float(np.median(table[:, 1]))
    ways = table[:, 2:]
    return {
        "energy": round(energy, 4),
        "pan": round(float(np.hypot(*np.median(ways, axis=0))), 3),
        "shake": round(float(np.abs(np.diff(ways, axis=0)).mean()) if len(ways) > 1 else 0.0, 3),
        "kind": next((kind for limit, kind in KINDS if energy < limit), "lively"),
        **_curve(table[:, 0], table[:, 1], seconds),
    }


def _shift(before: Reals, now: Reals) -> tuple[float, float]:
    """By how many pixels the picture moved, (across, down): the peak of the phase correlation, if it is a clear one."""
    window = np.hanning(now.shape[0])[:, None] * np.hanning(now.shape[1])[None, :]
    first, second = (np.fft.rfft2((picture - picture.mean()) * window) for picture in (before, now))
    cross = second * np.conj(first)
    found = np.fft.irfft2(cross / np.maximum(np.abs(cross), 1e-6), s=now.shape)
    if found.max() < 0.08:
        return 0.0, 0.0
    down, across = np.unravel_index(int(np.argmax(found)), found.shape)
    height, width = found.shape
    return float((across + width // 2) % width - width // 2), float((down + height // 2) % height - height // 2)


def _curve(times: Reals, energies: Reals, seconds: float) -> dict[str, Any]:
    part = max(0.5, seconds / BEATS)
    places = np.minimum((times / part).astype(int), int(seconds / part))
    count = np.bincount(places)
    curve = np.bincount(places, energies) / np.maximum(count, 1)
    return {"part_seconds": round(part, 3), "curve": [round(float(value), 3) for value in curve]}
