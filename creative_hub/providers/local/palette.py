"""Colours for a prompt: a base by time of day and mood, an accent by the colour words."""

import colorsys
from dataclasses import dataclass, replace
from random import Random

from creative_hub.providers.local.drawing import Colour, mix
from creative_hub.providers.local.prompt import Prompt


def rgb(code: str) -> Colour:
    """The colour of "#a1b2c3"."""
    return (int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16))


@dataclass(frozen=True)
class Palette:
    """`sky` from the top to the horizon, `light` of the sun or lamp, land from `far` to `near`, and two accents."""

    sky: tuple[Colour, Colour, Colour]
    light: Colour
    far: Colour
    near: Colour
    accent: Colour
    second: Colour
    dark: bool = False


def _palette(sky: str, light: str, far: str, near: str, accents: str, dark: bool = False) -> Palette:
    top, middle, low = map(rgb, sky.split())
    accent, second = map(rgb, accents.split())
    return Palette((top, middle, low), rgb(light), rgb(far), rgb(near), accent, second, dark)


BASES = {
    "day": _palette("#2f7fd0 #86c1ec #e9f4f4", "#fff4d6", "#a9c9dc", "#1f4d45", "#f2683c #ffc94d"),
    "dawn": _palette("#7c97d3 #f0b9bd #ffe9cf", "#fff1d0", "#c9a9c4", "#3d3558", "#ef7f72 #ffcf8a"),
    "sunset": _palette("#2c2a63 #cf5478 #ffbd70", "#ffe9b0", "#b8638a", "#23163a", "#ff7a4d #ffc35c"),
    "golden": _palette("#c98a3e #f1bf6b #fff0c9", "#fff6da", "#d6a869", "#4a2f1c", "#c8761d #f5d68a"),
    "night": _palette("#050a1e #13224f #41548f", "#f5f1dd", "#2d3f74", "#060a18", "#5f8dff #ffd27a", dark=True),
    "neon": _palette("#0b0420 #2b0b52 #8d1f86", "#ff5bd6", "#4b1a78", "#0a0518", "#ff3fa4 #22e6ff", dark=True),
    "misty": _palette("#8fb0ab #c6d8cd #f3f0df", "#fffbe8", "#a9c4b8", "#1d3a33", "#d9793f #e9c46a"),
    "pastel": _palette("#cfd9f5 #f4d9e6 #fdeee2", "#fffaf0", "#d9c7e3", "#7d7aa8", "#ef9fb4 #a9cfe0"),
    "moody": _palette("#1b1d26 #3b3f4d #8b8a8c", "#f3e6cf", "#4d515f", "#101116", "#b5483a #d8b17a", dark=True),
    "warm": _palette("#6b3d24 #b8743f #f2cf9b", "#ffe7b8", "#a36b40", "#2e190f", "#c1582c #f0b45a"),
    "fresh": _palette("#27a5c9 #8fdcdc #f0fbef", "#ffffe6", "#a4dcc9", "#176b5b", "#ff8c3a #ffd84d"),
}

_MOODS = (
    ("neon", "neon cyberpunk synthwave vaporwave nightclub futuristic cyber"),
    ("sunset", "sunset dusk twilight evening sundown закат 夕焼け غروب"),
    ("dawn", "dawn sunrise morning daybreak 朝 утро"),
    ("night", "night midnight moon moonlight stars starry galaxy space nebula cosmos planet ночь 夜 ليل"),
    ("pastel", "pastel soft delicate baby gentle dreamy feminine romantic"),
    ("golden", "golden gold luxury luxurious premium honey amber autumn fall desert dune sahara صحراء"),
    ("moody", "moody dark noir dramatic black gothic storm stormy"),
    ("warm", "cozy cosy warm coffee cafe café chocolate rustic wood wooden leather fireplace vintage retro"),
    ("misty", "mist misty fog foggy forest woods calm serene quiet zen nature natural organic"),
    ("fresh", "fresh tropical summer juice citrus lime mint beach lagoon healthy fruit"),
)

COLOURS = {
    "red": "#d8322f", "crimson": "#b3122f", "scarlet": "#e0311d", "orange": "#f5822a", "yellow": "#f7c92f", "gold": "#d4a23c",
    "golden": "#d9a83f", "green": "#2f9e5b", "lime": "#9ad02f", "olive": "#7f8538", "emerald": "#0f8f6a", "mint": "#8fd9bd",
    "teal": "#17858b", "turquoise": "#2bbfc0", "cyan": "#2cc4e0", "blue": "#2f6fe0", "navy": "#1d2f66", "indigo": "#4338a8",
    "purple": "#7a3fbf", "violet": "#8a4fd0", "lavender": "#b9a4e6", "magenta": "#d6338f", "pink": "#f07fa8", "rose": "#e4798f",
    "peach": "#f8b38f", "coral": "#f77b63", "brown": "#7d4f32", "beige": "#d9c3a0", "cream": "#f0e4c8", "white": "#f3f1ec",
    "silver": "#b9bfc9", "grey": "#8b8f98", "gray": "#8b8f98", "black": "#25262c",
}  # fmt: skip


def palette_for(prompt: Prompt, rng: Random, default: str = "") -> Palette:
    """The palette a prompt's words ask for. Without a hint, `default`, or one drawn from `rng`."""
    mood = next((name for name, listed in _MOODS if prompt.mentions(listed)), default)
    base = BASES[mood or rng.choice(["day", "dawn", "sunset", "misty", "fresh", "golden"])]
    named = [rgb(COLOURS[w]) for w in prompt.words if w in COLOURS]
    if named:
        second = named[1] if len(named) > 1 else mix(turned(named[0], 0.08), base.light, 0.35)
        return replace(base, accent=named[0], second=second)
    shift = rng.uniform(-0.045, 0.045)
    return replace(base, accent=turned(base.accent, shift), second=turned(base.second, -shift))


def turned(colour: Colour, hue: float, lightness: float = 1, saturation: float = 1) -> Colour:
    """The colour with its hue moved (1 is all the way round) and its lightness and saturation scaled."""
    h, lum, s = colorsys.rgb_to_hls(*(c / 255 for c in colour))
    r, g, b = colorsys.hls_to_rgb((h + hue) % 1, min(1, lum * lightness), min(1, s * saturation))
    return (round(r * 255), round(g * 255), round(b * 255))


def luminance(colour: Colour) -> float:
    """Perceived brightness, 0..1."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255
