"""A grade as a 3D lookup table in the .cube format, which ffmpeg applies to every pixel of every frame."""

from pathlib import Path

import numpy as np

from creative_hub.providers.local.style.colour import oklab
from creative_hub.providers.local.style.grade import Grade, applied

SIZE = 33


def write(made: Grade, path: Path) -> None:
    steps = np.linspace(0, 1, SIZE, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red changes fastest, as the format wants
    graded = applied(made, oklab(np.stack([red, green, blue], axis=-1).reshape(-1, 3)))
    lines = (f"{r:.5f} {g:.5f} {b:.5f}\n" for r, g, b in graded.tolist())
    path.write_text(f"LUT_3D_SIZE {SIZE}\n" + "".join(lines))
