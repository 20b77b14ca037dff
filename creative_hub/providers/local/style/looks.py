"""The built-in looks: what a clip is graded towards when no template clip is given."""

from dataclasses import dataclass
from typing import Final

from creative_hub.providers.local.style.dna import Look


@dataclass(frozen=True, slots=True)
class Named:
    label: str
    look: Look


LOOKS: Final = {
    "golden_hour": Named(
        "Golden hour: warm light, soft shadows",
        Look(
            (0.12, 0.2, 0.34, 0.5, 0.64, 0.75, 0.84, 0.91, 0.96),
            ((0.018, 0.022), (0.022, 0.05), (0.012, 0.055)),
            (0.0030, 0.0016, 0.0052),
            grain=2.0,
            vignette=0.25,
        ),
    ),
    "blockbuster": Named(
        "Blockbuster: teal shadows, amber light",
        Look(
            (0.04, 0.1, 0.22, 0.37, 0.52, 0.67, 0.8, 0.9, 0.97),
            ((-0.03, -0.034), (-0.006, -0.004), (0.014, 0.04)),
            (0.0032, 0.0022, 0.0050),
            grain=1.5,
            vignette=0.3,
        ),
    ),
    "noir": Named(
        "Noir: black and white, deep contrast, grain",
        Look(
            (0.0, 0.05, 0.16, 0.3, 0.49, 0.68, 0.83, 0.94, 1.0),
            ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0)),
            (0.0, 0.0, 0.0),
            grain=6.0,
            vignette=0.5,
        ),
    ),
    "pastel": Named(
        "Pastel: airy, pale and soft",
        Look(
            (0.42, 0.5, 0.6, 0.7, 0.79, 0.86, 0.91, 0.95, 0.985),
            ((0.012, -0.014), (0.014, 0.004), (0.008, 0.01)),
            (0.0011, 0.0002, 0.0014),
        ),
    ),
    "bleach": Named(
        "Bleach bypass: silvery, hard, drained of colour",
        Look(
            (0.01, 0.07, 0.2, 0.38, 0.58, 0.76, 0.89, 0.96, 1.0),
            ((-0.006, -0.012), (-0.004, -0.004), (0.0, 0.004)),
            (0.0007, 0.0003, 0.0010),
            grain=5.0,
            vignette=0.2,
        ),
    ),
    "neon": Named(
        "Neon night: dark, violet and cyan",
        Look(
            (0.05, 0.1, 0.19, 0.31, 0.44, 0.57, 0.7, 0.83, 0.95),
            ((0.034, -0.075), (0.03, -0.06), (-0.035, -0.03)),
            (0.0062, -0.0012, 0.0060),
            grain=2.5,
            vignette=0.4,
        ),
    ),
    "faded": Named(
        "Faded film: lifted blacks, olive and rose",
        Look(
            (0.25, 0.3, 0.39, 0.49, 0.59, 0.69, 0.77, 0.84, 0.9),
            ((-0.012, 0.024), (0.012, 0.026), (0.022, 0.024)),
            (0.0014, 0.0006, 0.0018),
            grain=4.5,
            vignette=0.25,
        ),
    ),
}
