"""A vendor's clip as pictures of the ad: read from ffmpeg one after another, so that memory stays flat."""

from collections.abc import Generator
from pathlib import Path

from PIL import Image

from creative_hub.providers.local.drawing import Size
from creative_hub.providers.local.ffmpeg import read_frames
from creative_hub.providers.local.media_inputs import CONTAINERS

FACE_SIDE, FACE_MIDDLE = 0.66, (0.5, 0.36)
"""Where a presenter's face is: a square of this share of the short side, around this place in the frame."""


class Footage:
    """Fills the frame; what sticks out is cut off. After its last picture it starts anew (`endless`), or the last one stays."""

    def __init__(self, clip: Path, size: Size, fps: int, *, endless: bool = False, speed: float = 1.0) -> None:
        self._frames = _read(clip, size, fps, endless, speed)
        self._shown, self._number = Image.new("RGB", size), -1

    def at(self, number: int) -> Image.Image:
        """The picture of this number, from 0. Going back shows the one that was read last. Raises FFmpegError."""
        while self._number < number:
            self._shown = next(self._frames, self._shown)
            self._number += 1
        return self._shown.copy()

    def close(self) -> None:
        """Ends the ffmpeg that reads."""
        self._frames.close()


class Clip:
    """A view of a product's clip: each time it is shown, it goes on where it was left."""

    def __init__(self, footage: Footage) -> None:
        self._footage, self._number = footage, -1

    def frame(self, along: float) -> Image.Image:
        self._number += 1
        return self._footage.at(self._number)


class Filmed:
    """A presenter who was filmed saying the whole script."""

    def __init__(self, footage: Footage, side: int) -> None:
        self._footage, self._side = footage, side

    def frame(self, number: int) -> Image.Image:
        return self._footage.at(number)

    def face(self, number: int) -> Image.Image:
        whole = self._footage.at(number)
        half = min(whole.size) * FACE_SIDE / 2
        x, y = whole.width * FACE_MIDDLE[0], max(half, whole.height * FACE_MIDDLE[1])
        box = (x - half, y - half, x + half, y + half)
        return whole.resize((self._side, self._side), Image.Resampling.BILINEAR, box)


def _read(clip: Path, size: Size, fps: int, endless: bool, speed: float) -> Generator[Image.Image, None, None]:
    shape = f"scale={size[0]}:{size[1]}:force_original_aspect_ratio=increase,crop={size[0]}:{size[1]},setsar=1"
    opened = ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]
    again = ["-stream_loop", "-1"] if endless else []
    chain = f"setpts=PTS/{speed:.4f},fps={fps},{shape}"
    return read_frames([*again, *opened, "-i", clip, "-map", "0:v:0", "-vf", chain], size)
