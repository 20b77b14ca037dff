"""The style DNA as people and programs read it: plain numbers, the palette, and a few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from creative_hub.providers.local.style.dna import Look, look_of
from creative_hub.providers.local.style.looks import LOOKS

# Of each property: the limits below which the words hold, and the word above them all. None is not worth saying.
WORDS: tuple[tuple[str, tuple[tuple[float, str | None], ...], str | None], ...] = (
    ("brightness", ((0.42, "dark"), (0.7, None)), "bright"),
    ("contrast", ((0.42, "low contrast"), (0.7, None)), "high contrast"),
    ("saturation", ((0.012, "black and white"), (0.045, "muted"), (0.09, None)), "vivid"),
    ("temperature", ((-0.012, "cool"), (0.02, None)), "warm"),
    ("grain", ((1.6, None), (3.5, "fine grain")), "heavy grain"),
)


def of_clip(found: Mapping[str, Any]) -> dict[str, Any]:
    """From the analyses of a clip: `video`, `sound`, `motion`, `style` and `pace`."""
    numbers = measures(look_of(found["style"]["look"]))
    motion = {name: found["motion"][name] for name in ("kind", "energy", "pan", "shake")}
    sound = found["sound"] and {name: found["sound"][name] for name in ("loudness_lufs", "peak_db", "tempo_bpm")}
    return {
        "words": [*words(numbers), motion["kind"]],
        **numbers,
        "palette": found["style"]["palette"],
        "exposure": found["video"]["exposure"],
        "pace": found["pace"],
        "motion": motion,
        "sound": sound,
        "look": found["style"]["look"],
    }


def of_look(name: str, palette: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Of a built-in look; its palette is that of the clip in it."""
    look = LOOKS[name].look
    numbers = measures(look)
    return {"name": name, "words": words(numbers), **numbers, "palette": list(palette), "look": look.as_json()}


def measures(look: Look) -> dict[str, float]:
    """`brightness` and `contrast` from 0 to 1, `saturation` as mean chroma, `temperature` (above 0 is warm), `tint` (above 0
    is towards magenta), `grain` in levels of 255.
    """
    middle = look.casts[1]
    spread = (look.spread[0] + look.spread[2]) ** 0.5
    return {
        "brightness": round(look.tones[4], 3),
        "contrast": round(look.tones[-2] - look.tones[1], 3),
        "saturation": round(float((spread**2 + middle[0] ** 2 + middle[1] ** 2) ** 0.5), 4),
        "temperature": round(middle[1], 4),
        "tint": round(middle[0], 4),
        "grain": look.grain,
    }


def words(numbers: Mapping[str, float]) -> list[str]:
    found = list[str]()
    for name, limits, above in WORDS:
        word = next((said for limit, said in limits if numbers[name] < limit), above)
        if word:
            found.append(word)
    return found
