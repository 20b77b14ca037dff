"""Style transfer: six stages over the clip and, if one was given, the template clip. The names are those of the contract.

Between the stages goes small JSON: `<role>_file`, `<role>_video`, `<role>_sound`, `<role>_motion` and `<role>_style`, for
the roles `clip` and `template`; then `transform`. Each stage can run on another machine than the one before.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from creative_hub import leftovers
from creative_hub.pipelines import inputs
from creative_hub.pipelines.local_stages import delivered, local, told
from creative_hub.providers.local.style import card, dna, motion, shots, sound, summary
from creative_hub.providers.local.style.pace import pace
from creative_hub.providers.local.style.render import render
from creative_hub.providers.local.style.transform import transformation
from creative_hub.providers.ports import ProviderError
from creative_hub.storage import scratch, work
from creative_hub.storage.patience import patiently
from creative_hub.storage.probe import NotMedia, probe
from jobs.models import Lane
from jobs.pipeline import Done, LeaseLost, Outcome, Stage, Step

ROLES: Final = {"video_id": "clip", "template_video_id": "template"}
CALLED: Final = {"clip": "clip", "template": "template clip"}

Report = Callable[[int], None]
Analysis = Callable[[Path, str, Report], Any]


def video_analysis(step: Step) -> Outcome:
    """Brings the clips here, and finds their shots and their exposure."""
    with scratch.folder() as folder:
        files = {f"{role}_file": _brought(step, field, role, folder) for field, role in _given(step).items()}
    if leftovers.dropped(step.job_id):
        raise LeaseLost(str(step.item_id))
    found = _each(replace(step, memo=files), "video", lambda path, role, report: shots.analyse(path, CALLED[role], report))
    return Done(memo={**files, **found})


def audio_analysis(step: Step) -> Outcome:
    return Done(_each(step, "sound", lambda path, role, report: sound.analyse(path, _video(step, role)["seconds"], report)))


def motion_analysis(step: Step) -> Outcome:
    return Done(_each(step, "motion", lambda path, role, report: motion.analyse(path, _video(step, role)["seconds"], report)))


def style_extraction(step: Step) -> Outcome:
    """Ends the job of which only the style was wanted: with a picture of it."""

    def extract(path: Path, role: str, report: Report) -> Any:
        video = _video(step, role)
        return dna.extract(path, video["shots"], video["seconds"], report)

    found = _each(step, "style", extract)
    if "clip_file" in step.memo:
        return Done(memo=found)
    style = summary.of_clip(_analysed(replace(step, memo={**step.memo, **found}), "template"))
    with scratch.folder() as folder:
        out = folder / "style.png"
        card.draw(style, local(step.memo["template_file"], folder), out)
        return delivered(step, out, {"style": style})


def style_application(step: Step) -> Outcome:
    template = _analysed(step, "template") if "template_file" in step.memo else None
    return Done(memo={"transform": transformation(_analysed(step, "clip"), template, step.settings, step.report)})


def rendering(step: Step) -> Outcome:
    made = step.memo["transform"]
    with scratch.folder() as folder:
        out = folder / "out.mp4"
        clip = local(step.memo["clip_file"], folder, partial(step.report, 0))
        render(clip, _video(step, "clip"), made, step.settings["quality"], out, step.report)
        described = {"clip_style": summary.of_clip(_analysed(step, "clip")), "graded_palette": made["palette"]}
        if "template_file" in step.memo:
            return delivered(step, out, {"style": summary.of_clip(_analysed(step, "template")), **described})
        return delivered(step, out, {"style": summary.of_look(step.settings["look"], made["palette"]), **described})


STYLE = (
    Stage("video_analysis", Lane.MEDIA, (1, 20), told(video_analysis), lease_seconds=20),
    Stage("audio_analysis", Lane.MEDIA, (21, 35), told(audio_analysis), lease_seconds=20),
    Stage("motion_analysis", Lane.MEDIA, (36, 55), told(motion_analysis), lease_seconds=20),
    Stage("style_extraction", Lane.MEDIA, (56, 65), told(style_extraction), lease_seconds=20),
    Stage("style_application", Lane.MEDIA, (66, 85), told(style_application), lease_seconds=20),
    Stage("rendering", Lane.MEDIA, (86, 99), told(rendering), lease_seconds=40),
)


def _given(step: Step) -> dict[str, str]:
    return {field: role for field, role in ROLES.items() if step.settings.get(field)}


def _video(step: Step, role: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = step.memo[f"{role}_video"]
    return found


def _analysed(step: Step, role: str) -> dict[str, Any]:
    """All that the analyses found in the clip of this role."""
    video = _video(step, role)
    parts = {name: step.memo[f"{role}_{name}"] for name in ("video", "sound", "motion", "style")}
    return {**parts, "pace": pace(video["shots"], video["seconds"])}


def _each(step: Step, name: str, analyse: Analysis) -> dict[str, Any]:
    """The analysis of every clip that was given, under `<role>_<name>`."""
    roles = list(_given(step).values())
    found = {}
    with scratch.folder() as folder:
        for number, role in enumerate(roles):
            report = partial(_part, step.report, number, len(roles))
            path = local(step.memo[f"{role}_file"], folder, partial(report, 0))
            found[f"{role}_{name}"] = analyse(path, role, report)
    return found


def _part(report: Report, number: int, of: int, percent: int) -> None:
    report((100 * number + percent) // of)


def _brought(step: Step, field: str, role: str, folder: Path) -> str:
    """Where the clip is stored. One from an address is fetched, told by its bytes, and kept until the job ends."""
    value = step.settings[field]
    if "://" not in value:
        return str(inputs.asset_of(step, field, value).file.name)
    local = folder / role
    inputs.fetch(step, field, value, local)
    try:
        probed = patiently(partial(probe, local), partial(step.report, 0))
    except NotMedia as error:
        message = f"The {CALLED[role]} cannot be read as a clip. {error.said}".strip()
        raise ProviderError("invalid_request", message, detail=str(error)) from None
    if probed.kind != "video":
        raise ProviderError("invalid_request", f"The address of the {CALLED[role]} gave {probed.kind}, and not a clip.")
    return patiently(partial(work.keep, step.job_id, role, local), partial(step.report, 0))
