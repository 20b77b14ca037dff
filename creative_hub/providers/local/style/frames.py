"""A clip's facts, and its frames one by one, made small: memory stays flat however long or large the clip is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
from numpy.typing import NDArray

from creative_hub.providers.local.media_inputs import CONTAINERS, check_frame_size
from creative_hub.providers.ports import ProviderError

LONGEST_SECONDS = 300
LARGEST_SIDE = 4096
OPENED = {"format_whitelist": CONTAINERS}

Picture = NDArray[np.uint8]
Reals = NDArray[np.floating[Any]]
Report = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Facts:
    """Sizes as stored: a phone's portrait clip may be stored lying, and turned by its player."""

    seconds: float
    width: int
    height: int
    fps: float
    has_audio: bool


def facts(path: Path, name: str) -> Facts:
    """Raises ProviderError("invalid_request"), naming the clip, for what has no readable picture, or is too long or large."""
    try:
        with av.open(str(path), options=OPENED) as container:
            if not container.streams.video:
                raise ProviderError("invalid_request", f"The {name} has no picture in it.")
            stream = container.streams.video[0]
            check_frame_size(stream, name)
            next(iter(container.decode(stream)))
            seconds = (container.duration or 0) / av.time_base
            fps = float(stream.average_rate or stream.guessed_rate or 25)
            found = Facts(seconds, stream.width, stream.height, min(fps, 120), bool(container.streams.audio))
    except (av.FFmpegError, StopIteration, ValueError) as error:
        raise unreadable(name, error) from None
    if found.seconds > LONGEST_SECONDS:
        raise ProviderError("invalid_request", f"The {name} is longer than {LONGEST_SECONDS // 60} minutes. Cut it shorter.")
    if max(found.width, found.height) > LARGEST_SIDE:
        raise ProviderError("invalid_request", f"The {name} is larger than {LARGEST_SIDE} pixels a side.")
    return found


def unreadable(name: str, error: object = "") -> ProviderError:
    return ProviderError("invalid_request", f"The {name} cannot be read as a clip.", detail=str(error))


def decoded(path: Path, *, references_only: bool = False) -> Iterator[tuple[float, av.VideoFrame]]:
    """(seconds from the start, frame) in order, passing over damaged parts. `references_only` skips the frames on which
    no other depends, about half of them, for a faster look.
    """
    with av.open(str(path), options=OPENED) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        if references_only:
            stream.codec_context.skip_frame = "NONREF"
        start = (container.start_time or 0) / av.time_base
        for packet in container.demux(stream):
            try:
                frames = packet.decode()
            except av.FFmpegError:
                continue
            for frame in frames:
                if isinstance(frame, av.VideoFrame) and frame.time is not None:
                    yield max(0.0, frame.time - start), frame


def small(frame: av.VideoFrame, side: int, pixels: str = "rgb24") -> Picture:
    """The frame with `side` pixels along its longer side, every small pixel the mean of those that it stands for."""
    scale = side / max(frame.width, frame.height)
    width, height = max(2, round(frame.width * scale)), max(2, round(frame.height * scale))
    return cast(Picture, frame.reformat(width, height, pixels, interpolation="AREA").to_ndarray())


def progress(report: Report, seconds: float) -> Callable[[float], None]:
    """Tells `report` how far into the clip the work is."""
    return lambda at: report(min(99, round(100 * at / seconds)) if seconds > 0 else 50)
