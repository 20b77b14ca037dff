"""What a file is, told from its bytes and never from its name or a header."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from creative_hub.storage import confined

MAX_PIXELS = 50_000_000
IMAGES = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "WEBP": ("image/webp", ".webp"),
    "GIF": ("image/gif", ".gif"),
}
CLIPS = (("mp4", "video/mp4", ".mp4"), ("webm", "video/webm", ".webm"))
SOUNDS = (("mp3", "audio/mpeg", ".mp3"), ("wav", "audio/wav", ".wav"))


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
        found = confined.run("describe", file)
    except confined.Unreadable as error:
        raise NotMedia(f"unreadable: {error}") from None
    names, seconds = found["format"], found["seconds"]
    if found["video"]:
        for name, mime, suffix in CLIPS:
            if name in names:
                return Probed("video", mime, suffix, found["width"], found["height"], seconds)
    if found["audio"]:  # also one that brings a cover picture as its video
        for name, mime, suffix in SOUNDS:
            if name in names:
                return Probed("audio", mime, suffix, duration_seconds=seconds)
    raise NotMedia("neither a picture, nor a clip or sound of a kind we keep")
