"""Small real clips, made by ffmpeg itself: known colours, cuts, movements and sounds."""

import struct
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from creative_hub.providers.local.ffmpeg import run

SIZE = "192x108"


def make(
    path: Path, pictures: Sequence[str], *, seconds: float = 1.0, sound: str = "", size: str = SIZE, codec: str = "libx264"
) -> Path:
    """Each of `pictures` (lavfi sources, without size, rate and length) for `seconds`, one after another; and the sound."""
    args: list[str | Path] = []
    for picture in pictures:
        mark = ":" if "=" in picture.partition(",")[0] else "="
        args += ["-f", "lavfi", "-t", str(seconds), "-i", f"{picture.partition(',')[0]}{mark}s={size}:r=25"]
    filters = [picture.partition(",")[2] or "null" for picture in pictures]
    shots = "".join(f"[{number}:v]{filter_},format=yuv420p,setsar=1[v{number}];" for number, filter_ in enumerate(filters))
    joined = "".join(f"[v{number}]" for number in range(len(pictures)))
    graph = f"{shots}{joined}concat=n={len(pictures)}[v]"
    if sound:
        # A length of its own: `-shortest` promises no exact end where a source has none (ffmpeg's shortest_buf_duration).
        args += ["-f", "lavfi", "-t", str(seconds * len(pictures)), "-i", sound]
    heard = ["-map", f"{len(pictures)}:a", "-c:a", "aac"] if sound else []
    run([*args, "-filter_complex", graph, "-map", "[v]", *heard, "-c:v", codec, "-preset", "ultrafast", "-crf", "12", path])
    return path


def encoded(path: Path, *options: str, picture: bool = True, sound: bool = False) -> Path:
    """Half a second of a test picture and a tone in the format of the path's suffix, with ffmpeg's options for the codecs."""
    args = ["-f", "lavfi", "-t", "0.5", "-i", "testsrc=s=176x144:r=10"] if picture else []
    args += ["-f", "lavfi", "-t", "0.5", "-i", "sine"] if sound else []
    run([*args, *options, path])
    return path


def vast(path: Path) -> Path:
    """A file of some bytes whose header asks for frames of 64 million pixels."""
    Image.new("L", (8, 8)).save(path, "GIF")
    content = bytearray(path.read_bytes())
    content[6:10] = struct.pack("<HH", 8000, 8000)
    path.write_bytes(content)
    return path
