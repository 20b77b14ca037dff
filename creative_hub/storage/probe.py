"""What a file is, told from its bytes and never from its name or a header."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from creative_hub.storage import confined, formats

MAX_PIXELS = 50_000_000
IMAGES = {
    "PNG": ("image/png", ".png"),
    "JPEG": ("image/jpeg", ".jpg"),
    "WEBP": ("image/webp", ".webp"),
    "GIF": ("image/gif", ".gif"),
}
HEAD_BYTES = 128


class NotMedia(Exception):
    """The bytes are not a picture, clip or sound that we keep. The text is for the log.

    `said`, in words for the person: what the file is, and what to do; empty where that is not known.
    """

    def __init__(self, detail: str, said: str = "") -> None:
        super().__init__(detail)
        self.said = said


@dataclass(frozen=True, slots=True)
class Probed:
    """`suffix` is the one that fits the type. Sizes in pixels; a sound has none, and a picture has no duration.

    `codec` is of a clip's pictures, by ffmpeg's name.
    """

    kind: str
    mime: str
    suffix: str
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None
    codec: str = ""


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
    with file.open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if said := formats.picture(head):
        raise NotMedia("a picture in a clip's container", said)
    try:
        found = confined.run("describe", file)
    except confined.Unreadable as error:
        raise NotMedia(f"unreadable: {error}") from None
    video, audio = found["video"], found["audio"]
    kind = formats.container(found["format"], found["brand"], head)
    refused = formats.refusal(kind, video, audio)
    if refused is not None:
        raise NotMedia(f"not kept: {kind} with {', '.join([*video, *audio]) or 'nothing in it'}", refused)
    mime, suffix = formats.KEPT[kind]
    if mime.startswith("video/"):
        return Probed("video", mime, suffix, found["width"], found["height"], found["seconds"], video[0])
    return Probed("audio", mime, suffix, duration_seconds=found["seconds"])
