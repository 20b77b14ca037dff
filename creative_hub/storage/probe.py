"""What a file is, told from its bytes and never from its name or a header."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from PIL import Image, UnidentifiedImageError

MAX_PIXELS = 50_000_000
IMAGES = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "WEBP": ("image/webp", ".webp"),
    "GIF": ("image/gif", ".gif"),
}


class NotMedia(Exception):
    """The bytes are not a picture, clip or sound that we keep."""


@dataclass(frozen=True, slots=True)
class Probed:
    """`suffix` is the one that fits the type. Sizes in pixels; a sound has none, and a picture has no duration."""

    kind: str
    mime: str
    suffix: str
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None


def probe(file: Path) -> Probed:
    """Raises NotMedia. Opens the file as an image first, which is cheap and strict, and then as audio or video."""
    return _image(file) or _clip(file)


def _image(file: Path) -> Probed | None:
    try:
        with Image.open(file, formats=list(IMAGES)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise NotMedia("the picture is too large")
            image.load()
            mime, suffix = IMAGES[image.format or ""]
            return Probed("image", mime, suffix, image.width, image.height)
    except UnidentifiedImageError:
        return None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise NotMedia(f"a damaged picture: {error}") from None


def _clip(file: Path) -> Probed:
    try:
        with av.open(str(file)) as container:
            names: Any = container.format.name.split(",")
            seconds = container.duration / av.time_base if container.duration else None
            if container.streams.video and ({"mp4", "mov"} & set(names)):
                stream = container.streams.video[0]
                return Probed("video", "video/mp4", ".mp4", stream.width, stream.height, seconds)
            if container.streams.video and "webm" in names:
                stream = container.streams.video[0]
                return Probed("video", "video/webm", ".webm", stream.width, stream.height, seconds)
            if container.streams.audio and "mp3" in names:
                return Probed("audio", "audio/mpeg", ".mp3", duration_seconds=seconds)
            if container.streams.audio and "wav" in names:
                return Probed("audio", "audio/wav", ".wav", duration_seconds=seconds)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise NotMedia(f"unreadable: {error}") from None
    raise NotMedia("neither a picture, nor a clip or sound of a kind we keep")
