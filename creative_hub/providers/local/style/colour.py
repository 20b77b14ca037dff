"""Oklab: lightness, and two axes of colour (green to red, blue to yellow) in which equal steps look equal.

The matrices are those of Björn Ottosson's definition of 2020. Arrays of any shape whose last axis is the colour.
"""

from typing import Any

import numpy as np

from creative_hub.providers.local.style.frames import Picture, Reals

_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
_FROM_LMS, _FROM_LAB = np.linalg.inv(_TO_LMS), np.linalg.inv(_TO_LAB)


def oklab(rgb: "Picture | Reals") -> Reals:
    """From sRGB: bytes, or reals from 0 to 1."""
    shares = rgb.astype(np.float32) / (255 if rgb.dtype == np.uint8 else 1)
    linear = np.where(shares <= 0.04045, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4)
    lab: Reals = (np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T).astype(np.float32)
    return lab


def srgb(lab: Reals) -> Reals:
    """Reals that may lie outside of 0 to 1, for colours that no screen shows."""
    linear = ((lab @ _FROM_LAB.T) ** 3) @ _FROM_LMS.T
    size = np.abs(linear)
    shares = np.where(size <= 0.0031308, 12.92 * size, 1.055 * size ** (1 / 2.4) - 0.055)
    made: Reals = (np.sign(linear) * shares).astype(np.float32)
    return made


def shown(lab: Reals) -> Reals:
    """The nearest that a screen can show, from 0 to 1: the colour is made paler until it fits, and keeps its hue."""
    low, high = np.zeros(lab.shape[:-1], np.float32), np.ones(lab.shape[:-1], np.float32)
    lightness = np.clip(lab[..., :1], 0, 1)
    for _ in range(7):
        middle = (low + high) / 2
        rgb = srgb(np.concatenate([lightness, lab[..., 1:] * middle[..., None]], axis=-1))
        fits = ((rgb > -0.002) & (rgb < 1.002)).all(axis=-1)
        low, high = np.where(fits, middle, low), np.where(fits, high, middle)
    whole = srgb(np.concatenate([lightness, lab[..., 1:]], axis=-1))
    inside = ((whole > -0.002) & (whole < 1.002)).all(axis=-1)
    kept = np.where(inside, 1, low)[..., None]
    made: Reals = np.clip(srgb(np.concatenate([lightness, lab[..., 1:] * kept], axis=-1)), 0, 1)
    return made


def hexed(lab: Any) -> str:
    red, green, blue = (round(255 * float(share)) for share in shown(np.asarray(lab, np.float32)))
    return f"#{red:02x}{green:02x}{blue:02x}"
