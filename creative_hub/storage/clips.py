"""What a clip or sound is, and a picture of it. Run as a process by confined.py, never in one of ours.

`clips describe FILE` prints a JSON object: `format` (the container's names), `brand` (of an MP4 and its kin), `video` and
`audio` (the codecs of such streams; a cover is no video), `width`, `height`, `seconds`. `clips poster FILE OUT` and
`clips waveform FILE OUT` write a WebP and print {}.
Whatever goes wrong ends it with a status other than 0.
"""

import contextlib
import json
import resource
import sys
from array import array
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.stream import Disposition
from PIL import Image, ImageDraw

from creative_hub.storage.thumbnails import SIZE

MEMORY_BYTES = 2_000_000_000  # of address space, of which the libraries take a quarter
CPU_SECONDS = 45
OUTPUT_BYTES = 20_000_000
MAX_PIXELS = 40_000_000  # of a frame: 8K has 33 million

POSTER_SECONDS = 5.0
WAVE_SIZE = (480, 160)
WAVE_BARS = 80
WAVE_COLOUR = (99, 102, 241, 255)  # at least 4 to 1 on the light and on the dark ground
HERTZ = 8000
BLOCK = 400  # samples: 50 ms, the finest that is kept of a sound, so that an hour of it takes 150 KB


def describe(file: str) -> dict[str, Any]:
    with av.open(file) as container:
        video = [stream for stream in container.streams.video if not stream.disposition & Disposition.attached_pic]
        return {
            "format": container.format.name.split(","),
            "brand": container.metadata.get("major_brand", ""),
            "video": [_codec(stream) for stream in video],
            "audio": [_codec(stream) for stream in container.streams.audio],
            "width": video[0].width if video else None,
            "height": video[0].height if video else None,
            "seconds": container.duration / av.time_base if container.duration else None,
        }


def _codec(stream: av.VideoStream | av.AudioStream) -> str:
    """Its name, whichever decoder is for it; empty without one."""
    context = stream.codec_context
    return context.codec.canonical_name if context else ""


def poster(file: str, out: str) -> dict[str, Any]:
    """A frame from where a clip is past its opening: the middle, or POSTER_SECONDS into a long one; else the last."""
    with av.open(file) as container:
        stream = container.streams.video[0]
        if stream.width * stream.height > MAX_PIXELS:
            raise ValueError("the frames are too large")
        wanted = min((container.duration or 0) / av.time_base / 2, POSTER_SECONDS)
        with contextlib.suppress(av.FFmpegError):  # one that cannot be searched is read from its beginning
            container.seek(int(wanted * av.time_base))  # the keyframe before it
        frame = None
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= wanted:
                break
        if frame is None:
            raise ValueError("a clip without frames")
        picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
    _save(picture, out)
    return {}


def waveform(file: str, out: str) -> dict[str, Any]:
    """The loudest sample of each part of the sound, as bars on a clear ground."""
    bars = _bars(_peaks(file))
    picture = Image.new("RGBA", WAVE_SIZE, (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    width, height = WAVE_SIZE
    step, loudest = width / WAVE_BARS, max(bars) or 1
    for index, bar in enumerate(bars):
        half = max(2, bar / loudest * (height / 2 - 8))
        left = index * step + step * 0.2
        draw.rounded_rectangle((left, height / 2 - half, left + step * 0.6, height / 2 + half), 2, WAVE_COLOUR)
    _save(picture, out)
    return {}


def _peaks(file: str) -> "array[int]":
    """The loudest sample of every BLOCK: what is kept of the sound does not grow with its quality."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=HERTZ)
    peaks, rest = array("i"), array("h")
    with av.open(file) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                rest.frombytes(bytes(piece.planes[0])[: piece.samples * 2])
            whole = len(rest) - len(rest) % BLOCK
            peaks.extend(max(map(abs, rest[start : start + BLOCK])) for start in range(0, whole, BLOCK))
            del rest[:whole]
    if rest:
        peaks.append(max(map(abs, rest)))
    if not peaks:
        raise ValueError("a sound without samples")
    return peaks


def _bars(peaks: "array[int]") -> list[int]:
    """WAVE_BARS equal parts of the sound; a short one has several bars of the same block."""
    edges = [index * len(peaks) // WAVE_BARS for index in range(WAVE_BARS + 1)]
    return [max(peaks[start : max(end, start + 1)]) for start, end in pairwise(edges)]


def _save(picture: Image.Image, out: str) -> None:
    picture.thumbnail(SIZE)
    picture.save(out, "WEBP", quality=82, method=2)


def confine() -> None:
    """From here on this process can neither grow nor stay for long."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # macOS knows no limit of address space
            resource.setrlimit(limit, (value, value))


ACTS: dict[str, Callable[..., dict[str, Any]]] = {"describe": describe, "poster": poster, "waveform": waveform}


def main(arguments: list[str]) -> int:
    confine()
    try:
        answer = ACTS[arguments[0]](*arguments[1:])
    except Exception as error:  # whatever a decoder finds in the file
        sys.stderr.write(f"{type(error).__name__}: {error}".replace(str(Path(arguments[1]).parent), "")[:500])
        return 1
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
