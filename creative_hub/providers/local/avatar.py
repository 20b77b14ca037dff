"""A talking presenter by the local preview renderer: a drawn person who says the script, as MP4."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

from PIL import Image

from creative_hub.providers.local import captions, lipsync, motion
from creative_hub.providers.local.ffmpeg import encode_frames
from creative_hub.providers.local.looks import AVATARS, DEFAULT_AVATAR
from creative_hub.providers.local.policy import refuse_unsafe
from creative_hub.providers.local.puppet import Framing, Puppet
from creative_hub.providers.local.speech import Speech, speak
from creative_hub.providers.ports import Brief, ProviderError

FPS = 25


FRAMINGS: dict[str, Framing] = {
    "16:9": Framing((1280, 720), (640, 282), 1.12),
    "9:16": Framing((720, 1280), (360, 500), 1.5),
    "1:1": Framing((960, 960), (480, 372), 1.42),
    "4:5": Framing((864, 1080), (432, 422), 1.5),
}
DEFAULT_ASPECT = "16:9"

_CAPTION_WIDTH = 0.84

Choice = TypeVar("Choice")


def render(brief: Brief, out: Path, report: Callable[[int], None]) -> None:
    """Write the presenter saying `brief.text` to `out` as MP4 (H.264, AAC, FPS frames a second).

    Settings: `avatar_id` (AVATARS), `voice_id` (the presenter's own by default), `language`, `aspect_ratio` (FRAMINGS)
    and `captions` (true by default). Raises ProviderError: `content_rejected`, `invalid_request`, `provider_error`.
    """
    refuse_unsafe(brief.text)
    settings = brief.settings
    look = _chosen(AVATARS, settings.get("avatar_id") or DEFAULT_AVATAR, "avatar")
    framing = _chosen(FRAMINGS, settings.get("aspect_ratio") or DEFAULT_ASPECT, "aspect ratio")
    with tempfile.TemporaryDirectory(prefix="avatar-") as folder:
        wav = Path(folder, "speech.wav")
        speech = speak(
            brief.text,
            wav,
            voice_id=str(settings.get("voice_id") or look.voice_id),
            language=str(settings.get("language") or ""),
            speed=float(settings.get("speed") or 1),
            report=lambda percent: report(percent // 5),
        )
        levels = lipsync.loudness(wav, FPS)
        report(20)
        puppet = Puppet(look, framing)
        captioned = _captions_by_frame(speech, framing.size, len(levels), shown=bool(settings.get("captions", True)))
        encode_frames(
            _frames(puppet, speech, levels, captioned),
            framing.size,
            FPS,
            out,
            audio=wav,
            total_frames=len(levels),
            report=lambda percent: report(20 + percent * 79 // 99),
        )


def _chosen(table: Mapping[str, Choice], name: object, kind: str) -> Choice:
    if (found := table.get(str(name))) is None:
        raise ProviderError("invalid_request", f"There is no {kind} “{name}”. Choose one of {', '.join(table)}.")
    return found


def _frames(puppet: Puppet, speech: Speech, levels: Sequence[float], captioned: list[str]) -> Iterator[bytes]:
    """The pictures as raw RGB, one for each of `levels`."""
    mouths = lipsync.track(levels, speech.phonemes, FPS)
    poses = motion.poses(levels, speech.sentences, FPS, Random(speech.duration_seconds))  # noqa: S311 - no secret
    for mouth, pose, caption in zip(mouths, poses, captioned, strict=True):
        frame = puppet.frame(pose, mouth)
        if caption:
            _paste_caption(frame, caption)
        yield frame.tobytes()


def _captions_by_frame(speech: Speech, size: tuple[int, int], count: int, *, shown: bool) -> list[str]:
    texts = [""] * count
    for caption in captions.captions(speech.sentences, *_caption_type(size)) if shown else ():
        first, last = int(caption.start_seconds * FPS), min(count, int(caption.end_seconds * FPS) + 1)
        texts[first:last] = [caption.text] * (last - first)
    return texts


def _paste_caption(frame: Image.Image, text: str) -> None:
    strip = captions.strip(text, *_caption_type(frame.size))
    bottom = frame.height * (0.87 if frame.height > 1.5 * frame.width else 0.95)
    frame.paste(strip, ((frame.width - strip.width) // 2, round(bottom) - strip.height), strip)


def _caption_type(size: tuple[int, int]) -> tuple[float, float]:
    """The widest line and the size of the type, in pixels."""
    return min(size[0] * _CAPTION_WIDTH, min(size) * 1.2), min(size) * 0.044
