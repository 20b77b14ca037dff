"""Moving clips on this machine: a prompt's scene under a slow camera, or a given picture brought to life.

A local preview renderer, not an AI model.
"""

import math
from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image

from creative_hub.providers.local.drawing import Size, grain, vignette_mask
from creative_hub.providers.local.ffmpeg import encode_frames
from creative_hub.providers.local.lettering import mark, title
from creative_hub.providers.local.photo import ken_burns
from creative_hub.providers.local.policy import refuse_unsafe
from creative_hub.providers.local.prompt import dice, read
from creative_hub.providers.local.scenes import scene_for
from creative_hub.providers.local.sizes import video_size
from creative_hub.providers.local.staging import Layer, look
from creative_hub.providers.ports import Brief, ProviderError

FPS = 24
_PAN = 0.12  # how far the camera moves, as a share of the width
_ZOOM = 0.05
_TITLE_SECONDS = (0.25, 0.7, 1.9, 2.5)  # begins, is there, begins to go, is gone


def render(brief: Brief, out: Path, report: Callable[[int], None]) -> None:
    """Write an MP4 (H.264, 24 frames a second, no sound) of `duration` seconds, from the text or from `inputs["image_url"]`.

    The same text, settings, seed, position and picture give the same frames. Raises ProviderError: content_rejected, or
    invalid_request for a picture that cannot be read, a size or a duration that cannot be.
    """
    refuse_unsafe(brief.text)
    size, seconds = video_size(brief.settings), _seconds(brief)
    report(0)
    picture = brief.inputs.get("image_url")
    moments = ken_burns(picture, size, seconds, FPS, read(brief.text)) if picture else _moments(brief, size, seconds)
    encode_frames(_signed(moments, size), size, FPS, out, total_frames=seconds * FPS, report=report)


def _seconds(brief: Brief) -> int:
    try:
        seconds = int(brief.settings.get("duration") or 5)
    except (TypeError, ValueError):
        seconds = 0
    if not 1 <= seconds <= 60:
        raise ProviderError("invalid_request", "The duration must be between 1 and 60 seconds.")
    return seconds


def _moments(brief: Brief, size: Size, seconds: int) -> Iterator[Image.Image]:
    """The scene, wider than the frame, under a camera that pans over its middle and comes closer."""
    prompt, rng = read(brief.text), dice(brief.text, brief.settings, brief.position)
    room = round(size[0] * _PAN)
    scene, palette = scene_for(prompt, (size[0] + room, size[1]), rng)
    backdrop = scene.parts[0]
    if isinstance(backdrop, Layer):
        backdrop.image = grain(backdrop.image, rng, 5)
    dark = vignette_mask(size, 0.3 if palette.dark else 0.2)
    words = title(size, prompt.title, share=0.075)
    way = rng.choice((-1, 1))
    for frame in range(seconds * FPS):
        at, moment = _eased(frame / (seconds * FPS - 1)), frame / FPS
        whole = look(scene.parts, (size[0] + room, size[1]), camera=way * room * (at - 0.5), seconds=moment)
        picture = whole.resize(size, Image.Resampling.BILINEAR, _closer(size, _ZOOM * at, room / 2))
        picture.paste((8, 6, 14), mask=dark)
        if words:
            _show(picture, words, moment)
        yield picture


def _eased(share: float) -> float:
    """0..1 with a soft start and stop."""
    return 0.5 - 0.5 * math.cos(math.pi * share)


def _closer(size: Size, zoom: float, left: float) -> tuple[float, float, float, float]:
    """The part, from `left` on, that fills the frame after coming closer by `zoom`."""
    x, y = (size[0] * (1 - 1 / (1 + zoom)) / 2, size[1] * (1 - 1 / (1 + zoom)) / 2)
    return left + x, y, left + size[0] - x, size[1] - y


def _show(picture: Image.Image, words: Image.Image, moment: float) -> None:
    begins, there, leaves, gone = _TITLE_SECONDS
    share = min(1.0, (moment - begins) / (there - begins), (gone - moment) / (gone - leaves))
    box = words.getchannel("A").getbbox()
    if share <= 0 or box is None:
        return
    cut = words.crop(box)
    strength = cut.getchannel("A").point([round(v * _eased(share)) for v in range(256)])
    rise = round((1 - _eased(min(1.0, (moment - begins) / (there - begins)))) * picture.height * 0.02)
    picture.paste(cut, (box[0], box[1] + rise), strength)


def _signed(moments: Iterator[Image.Image], size: Size) -> Iterator[Image.Image]:
    """Every frame with the mark that says where it comes from."""
    signature = mark(size)
    box = signature.getchannel("A").getbbox() or (0, 0, 1, 1)
    cut = signature.crop(box)
    for picture in moments:
        picture.paste(cut, (box[0], box[1]), cut)
        yield picture
