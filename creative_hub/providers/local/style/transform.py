"""Style application: everything that the rendering will do, computed from the two analyses and written down small."""

from collections.abc import Mapping
from typing import Any

from creative_hub.providers.local.style.dna import Look, look_of
from creative_hub.providers.local.style.frames import Report
from creative_hub.providers.local.style.grade import applied_to_hex, grade
from creative_hub.providers.local.style.looks import LOOKS
from creative_hub.providers.local.style.pace import punch_ins

GRAIN_MOST = 9.0
USUAL_LUFS, QUIETEST_LUFS, LOUDEST_LUFS = -16.0, -24.0, -12.0
PEAK_DB = -1.5
MOST_GAIN_DB = 20.0


def transformation(
    clip: Mapping[str, Any], template: Mapping[str, Any] | None, settings: Mapping[str, Any], report: Report
) -> dict[str, Any]:
    """`grades` (one, or one for each shot), `grain`, `vignette`, `punch_ins`, `gain_db`, and the graded `palette`.

    `clip` and `template` are what the analyses found: `video`, `sound`, `motion`, `style`. Without a template the look that
    `settings` name is the target.
    """
    target = look_of(template["style"]["look"]) if template else LOOKS[settings["look"]].look
    look, strength = look_of(clip["style"]["look"]), settings["strength"] / 100
    report(10)
    shots = clip["style"]["shot_tones"] or [None]
    grades = []
    for number, tones in enumerate(shots):
        grades.append(grade(look, target, strength, tones).as_json())
        report(10 + 80 * (number + 1) // len(shots))
    whole = grade(look, target, strength)
    matched = template is not None and settings.get("pace") == "template"
    return {
        "grades": grades,
        "grain": _grain(look, target, strength),
        "vignette": round(target.vignette * strength, 3),
        "punch_ins": punch_ins(clip, template["pace"]["mean_shot_seconds"]) if matched and template else [],
        "gain_db": gain_db(clip["sound"], template["sound"] if template else None),
        "palette": [{**swatch, "hex": applied_to_hex(whole, swatch["hex"])} for swatch in clip["style"]["palette"]],
    }


def gain_db(sound: Mapping[str, Any] | None, template: Mapping[str, Any] | None) -> float | None:
    """What brings the sound to the template's loudness, or to -16 LUFS; None where there is nothing to hear."""
    if not sound or sound["loudness_lufs"] is None:
        return None
    wanted: float = (template or {}).get("loudness_lufs") or USUAL_LUFS
    wanted = min(max(wanted, QUIETEST_LUFS), LOUDEST_LUFS)
    missing: float = wanted - sound["loudness_lufs"]
    return round(min(max(missing, -MOST_GAIN_DB), MOST_GAIN_DB), 2)


def _grain(look: Look, target: Look, strength: float) -> float:
    """The noise to add, so that with the clip's own it makes the target's."""
    missing = float(max(0.0, target.grain**2 - look.grain**2) ** 0.5)
    return round(min(missing, GRAIN_MOST) * strength, 2)
