"""A short advertisement by the local preview renderer: clip, image, headline, button and voice composed into an MP4."""

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import TypeVar

from PIL import Image, ImageFilter, ImageOps

from creative_hub.providers.local import ad_filters, captions, fonts, media_inputs
from creative_hub.providers.local.drawing import glow, gradient, grain, lit, mix
from creative_hub.providers.local.ffmpeg import run
from creative_hub.providers.local.layers import Layer
from creative_hub.providers.local.layouts import DEFAULT_TEMPLATE, TEMPLATES, Slots, Template
from creative_hub.providers.local.media_inputs import Media
from creative_hub.providers.local.policy import refuse_unsafe
from creative_hub.providers.ports import Brief, ProviderError

RESOLUTIONS = {"720p": 720, "1080p": 1080}
"""The short side of the frame, in pixels."""
ASPECTS = {"9:16": (9, 16), "1:1": (1, 1), "16:9": (16, 9), "4:5": (4, 5)}
SHORTEST_SECONDS, DEFAULT_SECONDS, LONGEST_SECONDS = 6.0, 8.0, 60.0

_AFTER_VOICE_SECONDS = 0.8
_MARK = "Local preview"

Choice = TypeVar("Choice")


def render(brief: Brief, out: Path, report: Callable[[int], None]) -> None:
    """Write the advertisement to `out` as MP4 (H.264, AAC; as long as the voice, or the clip, within 6 to 60 seconds).

    Settings: `headline_text`, `cta_text`, `template_id` (TEMPLATES), `resolution` (RESOLUTIONS), `aspect_ratio` (ASPECTS).
    Inputs: `product_video`, `image`, `audio`. Every slot may be missing, not all. Raises ProviderError: `content_rejected`,
    and `invalid_request` for an unknown choice, no slot at all, or media that cannot be read.
    """
    settings, inputs = brief.settings, brief.inputs
    headline, cta = str(settings.get("headline_text") or ""), str(settings.get("cta_text") or "")
    refuse_unsafe("\n".join((brief.text, headline, cta)))
    template = _chosen(TEMPLATES, settings.get("template_id") or DEFAULT_TEMPLATE, "template")
    size = frame_size(str(settings.get("resolution") or "720p"), str(settings.get("aspect_ratio") or "9:16"))
    report(0)
    clip = media_inputs.clip(inputs["product_video"], "product video") if "product_video" in inputs else None
    voice = media_inputs.sound(inputs["audio"], "audio") if "audio" in inputs else None
    photo = media_inputs.photo(inputs["image"], "image") if "image" in inputs else None
    slots = Slots(fonts.drawable(headline), fonts.drawable(cta), photo, clip is not None)
    if not (slots.headline or slots.cta or photo or clip or voice):
        raise ProviderError("invalid_request", "Give at least one of headline, product video, image, call to action or audio.")
    report(2)
    _compose(template, slots, size, clip, voice, out, report)


def frame_size(resolution: str, aspect_ratio: str) -> tuple[int, int]:
    """Width and height in pixels, both even. Raises ProviderError("invalid_request") for what is not offered."""
    short = _chosen(RESOLUTIONS, resolution, "resolution")
    across, down = _chosen(ASPECTS, aspect_ratio, "aspect ratio")
    unit = short / min(across, down)
    return round(across * unit / 2) * 2, round(down * unit / 2) * 2


def _chosen(table: Mapping[str, Choice], name: object, kind: str) -> Choice:
    if (found := table.get(str(name))) is None:
        raise ProviderError("invalid_request", f"There is no {kind} “{name}”. Choose one of {', '.join(table)}.")
    return found


def _compose(
    template: Template,
    slots: Slots,
    size: tuple[int, int],
    clip: Media | None,
    voice: Media | None,
    out: Path,
    report: Callable[[int], None],
) -> None:
    seconds = _length(clip, voice)
    with tempfile.TemporaryDirectory(prefix="composite-") as name:
        folder = Path(name)
        backdrop = folder / "backdrop.png"
        if clip is None:
            _backdrop(template, slots.photo, size).save(backdrop, compress_level=1)
        report(4)
        placed: list[tuple[Path, Layer]] = []
        for layer in [*template.layout(slots, size, seconds), _mark(size)]:
            placed.append((folder / f"{len(placed)}.png", layer))
            layer.picture.save(placed[-1][0], compress_level=1)
        report(8)
        waves = voice is not None and len(placed) <= 2 and clip is None and slots.photo is None
        args = ad_filters.arguments(clip or backdrop, voice, placed, size, seconds, waves=waves)
        run([*args, out], seconds=seconds, report=lambda percent: report(8 + percent * 91 // 99))


def _length(clip: Media | None, voice: Media | None) -> float:
    spoken = voice.seconds + _AFTER_VOICE_SECONDS if voice and voice.seconds else 0
    wanted = spoken or (clip and clip.seconds) or DEFAULT_SECONDS
    return round(min(LONGEST_SECONDS, max(SHORTEST_SECONDS, wanted)) * ad_filters.FPS) / ad_filters.FPS


def _mark(size: tuple[int, int]) -> Layer:
    picture = captions.mark(_MARK, min(size) * 0.024)
    return Layer(picture, size[0] - picture.width - picture.height / 2, picture.height / 2)


def _backdrop(template: Template, photo: Image.Image | None, size: tuple[int, int]) -> Image.Image:
    """What fills the frame without a clip, larger than it by ad_filters.DRIFT, so that it can drift."""
    large = (round(size[0] * ad_filters.DRIFT), round(size[1] * ad_filters.DRIFT))
    first, second = template.ground
    if photo is None:
        lights = lit(gradient(large, [first, mix(first, second, 0.6), second]), first, glow(large, (0, 0), max(large) * 0.7, 0.8))
        lights = lit(lights, mix(first, (255, 255, 255), 0.3), glow(large, (large[0], large[1] * 0.75), max(large) * 0.5, 0.45))
        return grain(lights, Random(1), 4)  # noqa: S311 - no secret
    flat = Image.new("RGB", photo.size, (246, 244, 240))
    flat.paste(photo, mask=photo)
    small = ImageOps.fit(flat, (max(8, large[0] // 8), max(8, large[1] // 8)))
    soft = small.filter(ImageFilter.GaussianBlur(min(large) / 150)).resize(large, Image.Resampling.BICUBIC)
    return Image.blend(soft, Image.new("RGB", large, second), 0.22)
