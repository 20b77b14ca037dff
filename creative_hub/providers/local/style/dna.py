"""Style extraction: what makes a clip look as it does, as numbers. The "style DNA"."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np

from creative_hub.providers.local.style.colour import hexed, oklab
from creative_hub.providers.local.style.frames import Reals, Report, decoded, progress, small, unreadable

QUANTILES = (0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99)
ZONES = (0.25, 0.55, 0.85)
"""The lightness of shadows, middle tones and highlights."""
SIDE = 96
FRAMES = 72
SHOTS_APART = 24
"""So many shots are measured each by itself; of a clip with more only the whole."""
NEUTRAL = 0.09
"""The chroma up to which a colour tells of the light rather than of the thing it lies on."""
COLOURS = 6
GRAIN_FRAMES = 10


@dataclass(frozen=True, slots=True)
class Look:
    """`tones`: the lightness at QUANTILES of the pixels. `casts`: the colour of the light (a, b) in each of ZONES.
    `spread`: how far colours reach from it, as covariance (aa, ab, bb). All in Oklab. `grain` in levels of 255.
    """

    tones: tuple[float, ...]
    casts: tuple[tuple[float, float], ...]
    spread: tuple[float, float, float]
    grain: float = 0.0
    vignette: float = 0.0

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def look_of(said: dict[str, Any]) -> Look:
    """From its JSON."""
    casts = tuple((float(a), float(b)) for a, b in said["casts"])
    aa, ab, bb = said["spread"]
    return Look(tuple(said["tones"]), casts, (aa, ab, bb), said["grain"], said["vignette"])


def extract(path: Path, shots: list[float], seconds: float, report: Report) -> dict[str, Any]:
    """`look`, the `palette` (`hex` and `share`, largest first), and `shot_tones`: the tones of each shot, if they are few."""
    tell, wanted = progress(report, seconds), moments(shots, seconds)
    pieces: list[tuple[int, Reals]] = []
    grains = list[float]()
    place = 0
    for at, frame in decoded(path, references_only=True):
        tell(at)
        if place >= len(wanted) and pieces:
            break
        if pieces and at < wanted[place]:
            continue
        pieces.append((int(np.searchsorted(shots, at, "right")) - 1, oklab(small(frame, SIDE)).reshape(-1, 3)))
        if len(grains) < GRAIN_FRAMES:
            grains.append(grain(frame))
        while place < len(wanted) and wanted[place] <= at:
            place += 1
    if not pieces:
        raise unreadable("clip")
    everything = np.concatenate([lab for _, lab in pieces])
    return {
        "look": measure(everything, float(np.median(grains))).as_json(),
        "palette": palette(everything),
        "shot_tones": _shot_tones(pieces, len(shots)) if 1 < len(shots) <= SHOTS_APART else [],
    }


def moments(shots: list[float], seconds: float) -> list[float]:
    """The seconds of the frames to look at: as many from each shot, spread over it."""
    each = max(1, min(FRAMES // len(shots), 24))
    ends = [*shots[1:], seconds]
    return [
        start + (end - start) * (number + 0.5) / each for start, end in zip(shots, ends, strict=True) for number in range(each)
    ]


def measure(lab: Reals, grained: float = 0.0) -> Look:
    lightness, colour = lab[:, 0], lab[:, 1:]
    near = np.exp(-((np.hypot(colour[:, 0], colour[:, 1]) / NEUTRAL) ** 2))
    casts = list[tuple[float, float]]()
    for zone in ZONES:
        weight = near * np.maximum(0, 1 - np.abs(lightness - zone) / 0.3)
        found = (weight[:, None] * colour).sum(axis=0) / (weight.sum() + 0.01 * len(lab))  # few such pixels tell little
        casts.append((round(float(found[0]), 4), round(float(found[1]), 4)))
    rest = np.clip(colour - light(lightness, casts), -0.25, 0.25)
    aa, ab, bb = (rest[:, 0] ** 2).mean(), (rest[:, 0] * rest[:, 1]).mean(), (rest[:, 1] ** 2).mean()
    spread = (round(float(aa), 6), round(float(ab), 6), round(float(bb), 6))
    return Look(_tones(lightness), tuple(casts), spread, round(grained, 2))


def light(lightness: Reals, casts: Any) -> Reals:
    """The cast (a, b) at each lightness: none in black and white, and going over from zone to zone."""
    table = np.array([(0.0, 0.0), *casts, (0.0, 0.0)], np.float32)
    places = (0.02, *ZONES, 1.0)
    return np.stack([np.interp(lightness, places, table[:, axis]) for axis in (0, 1)], axis=-1).astype(np.float32)


def grain(frame: av.VideoFrame) -> float:
    """The noise of the picture in levels of 255: the second differences (Immerkær 1996) in the smoothest blocks of a frame."""
    luma = frame.reformat(format="gray").to_ndarray().astype(np.float32)
    height, width = min(luma.shape[0], 720), min(luma.shape[1], 720)
    top, left = (luma.shape[0] - height) // 2, (luma.shape[1] - width) // 2
    luma = luma[top : top + height, left : left + width]
    rows = luma[:-2] - 2 * luma[1:-1] + luma[2:]
    second = np.abs(rows[:, :-2] - 2 * rows[:, 1:-1] + rows[:, 2:])
    tall, wide = second.shape[0] // 24 * 24, second.shape[1] // 24 * 24
    if not (tall and wide):
        return 0.0

    def means(picture: Reals) -> Reals:
        found: Reals = picture[:tall, :wide].reshape(tall // 24, 24, wide // 24, 24).mean(axis=(1, 3))
        return found

    bright = means(luma)
    noise = means(second)[(bright > 25) & (bright < 230)]
    return float(np.quantile(noise, 0.2)) * float(np.sqrt(np.pi / 2)) / 6 if noise.size else 0.0


def palette(lab: Reals) -> list[dict[str, Any]]:
    """Up to six colours that stand for all: k-means in Oklab, the strong ones counting for more than their area."""
    pixels = lab[:: max(1, len(lab) // 12000)]
    order = np.argsort(pixels[:, 0], kind="stable")
    centres = pixels[order[np.linspace(0, len(order) - 1, 10).astype(int)]]
    nearest = np.zeros(len(pixels), int)
    for _ in range(14):
        nearest = np.argmin(((pixels[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
        centres = np.stack(
            [pixels[nearest == each].mean(axis=0) if (nearest == each).any() else centre for each, centre in enumerate(centres)]
        )
    shares = np.bincount(nearest, minlength=len(centres)) / len(pixels)
    strong = shares * (0.35 + 4 * np.hypot(centres[:, 1], centres[:, 2]))
    kept = list[int]()
    for index in np.argsort(-strong):
        apart = all(np.linalg.norm(centres[index] - centres[other]) > 0.06 for other in kept)
        if shares[index] > 0.005 and apart and len(kept) < COLOURS:
            kept.append(int(index))
    kept.sort(key=lambda index: -shares[index])
    return [{"hex": hexed(centres[index]), "share": round(float(shares[index]), 3)} for index in kept]


def _tones(lightness: Reals) -> tuple[float, ...]:
    return tuple(round(float(value), 4) for value in np.quantile(lightness, QUANTILES))


def _shot_tones(pieces: list[tuple[int, Reals]], shots: int) -> list[tuple[float, ...]]:
    every = _tones(np.concatenate([lab for _, lab in pieces])[:, 0])
    by_shot = [[lab[:, 0] for shot, lab in pieces if shot == number] for number in range(shots)]
    return [_tones(np.concatenate(found)) if found else every for found in by_shot]
