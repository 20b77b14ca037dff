"""How the style of a clip is shown beside its job."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template

from creative_hub.models import Asset
from jobs.models import Job

register = template.Library()

NARROWEST = 0.06  # of the bar; a rare colour is to be seen too


@register.simple_tag
def style_of(job: Job) -> dict[str, Any] | None:
    """What a completed style transfer found and made, for `jobs/_style.html`; None for any other job.

    `before` and `after` are files with thumbnails of the same moment, where both are still in the library.
    """
    item = next((item for item in job.items.all() if item.result and "style" in item.result), None)
    if item is None or item.result is None:
        return None
    target, clip = item.result["style"], item.result.get("clip_style")
    bars = [("Your clip", clip)] if clip else []
    if "name" not in target:  # a clip that was measured, and not a built-in look
        bars.append(("Template clip", target))
    return {
        "bars": [
            *({"name": name, "words": ", ".join(found["words"]), "parts": _parts(found["palette"])} for name, found in bars),
            *([{"name": "Result", "words": "", "parts": _parts(item.result["graded_palette"])}] if clip else []),
        ],
        "columns": [name for name, _ in bars],
        "facts": _facts([found for _, found in bars]),
        **_pictures(job, getattr(item, "asset", None)),
    }


def _parts(palette: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The colours as parts of a bar that is 100 wide."""
    swatches = list(palette)
    shares = [max(NARROWEST, swatch["share"]) for swatch in swatches]
    left, parts = 0.0, list[dict[str, Any]]()
    for swatch, share in zip(swatches, shares, strict=True):
        wide = 100 * share / sum(shares)
        parts.append({"hex": swatch["hex"], "x": f"{left:.2f}", "width": f"{wide + 0.1:.2f}"})
        left += wide
    return parts


def _facts(styles: list[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """(name, its value in each style), as people read them."""

    def sound(style: Mapping[str, Any], name: str, unit: str) -> str:
        value = (style["sound"] or {}).get(name)
        return "none" if value is None else f"{value:g} {unit}"

    return [
        ("Brightness", [f"{style['brightness']:.2f}" for style in styles]),
        ("Contrast", [f"{style['contrast']:.2f}" for style in styles]),
        ("Saturation", [f"{style['saturation']:.3f}" for style in styles]),
        ("Warmth", [f"{style['temperature']:+.3f}" for style in styles]),
        ("Grain", [f"{style['grain']:.1f}" for style in styles]),
        ("Shots", [f"{style['pace']['shots']}, {style['pace']['mean_shot_seconds']:g} s each" for style in styles]),
        ("Motion", [str(style["motion"]["kind"]) for style in styles]),
        ("Loudness", [sound(style, "loudness_lufs", "LUFS") for style in styles]),
        ("Tempo", [sound(style, "tempo_bpm", "beats a minute") for style in styles]),
    ]


def _pictures(job: Job, after: Asset | None) -> dict[str, Asset]:
    source = str(job.settings.get("video_id") or "")
    if "://" in source or not source or after is None or after.deleted_at or not after.thumbnail:
        return {}
    before = Asset.objects.of(job.user).filter(pk=source).exclude(thumbnail="").first()
    return {"before": before, "after": after} if before else {}
