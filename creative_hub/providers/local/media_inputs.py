"""Looking into the media a person gave: what it is and how long, or a plain refusal that names its slot."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import av
from PIL import Image, ImageOps

from creative_hub.providers.ports import ProviderError

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,flv,asf,gif,mp3,wav,flac,aac,ogg,aiff"
"""What may be opened: no playlists, which could make ffmpeg read other files or addresses."""
PICTURES = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
"""What Pillow may open: for others, as EPS, it would start other programs."""
_LARGEST_PIXELS = 60_000_000
_LARGEST_FRAME_PIXELS = 40_000_000


@dataclass(frozen=True, slots=True)
class Media:
    """`seconds` is 0 when the file does not tell."""

    path: Path
    seconds: float
    has_audio: bool


def clip(path: Path, slot: str) -> Media:
    """Raises ProviderError("invalid_request") unless a picture of the video can be decoded."""
    return _probe(path, slot, "video")


def sound(path: Path, slot: str) -> Media:
    """Raises ProviderError("invalid_request") unless some of the audio can be decoded."""
    return _probe(path, slot, "audio")


def photo(path: Path, slot: str) -> Image.Image:
    """The picture, upright, RGBA, at most 2160 pixels a side. Raises ProviderError("invalid_request") if there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=PICTURES) as image:
                if image.width * image.height > _LARGEST_PIXELS:
                    raise ProviderError("invalid_request", f"The {slot} is too large: {image.width}×{image.height} pixels.")
                image.draft("RGB", (2160, 2160))
                upright = ImageOps.exif_transpose(image).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ProviderError("invalid_request", f"The {slot} cannot be read as a picture.", detail=str(error)) from error
    upright.thumbnail((2160, 2160), Image.Resampling.LANCZOS)
    return upright


def check_frame_size(stream: av.VideoStream, slot: str) -> None:
    """For before the first frame is decoded, which takes the memory that the file's header asks for.

    Raises ProviderError("invalid_request") above 40 million pixels.
    """
    if stream.width * stream.height > _LARGEST_FRAME_PIXELS:
        raise ProviderError("invalid_request", f"The {slot} is too large: {stream.width}×{stream.height} pixels.")


def _probe(path: Path, slot: str, kind: str) -> Media:
    try:
        with av.open(str(path), options={"format_whitelist": CONTAINERS}) as container:
            streams = container.streams.video if kind == "video" else container.streams.audio
            if not streams:
                raise ProviderError("invalid_request", f"The {slot} has no {kind} in it.")
            stream = streams[0]
            if isinstance(stream, av.VideoStream):
                check_frame_size(stream, slot)
            next(iter(container.decode(stream)))
            seconds = (container.duration or 0) / av.time_base
            return Media(path, seconds, bool(container.streams.audio))
    except (av.error.FFmpegError, StopIteration, ValueError) as error:
        raise ProviderError("invalid_request", f"The {slot} cannot be read as {kind}.", detail=str(error)) from error
