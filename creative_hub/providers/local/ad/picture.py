"""The pictures of an ad, frame by frame: presenter, product and card, without captions and sound."""

import base64
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final, Protocol

from PIL import Image, ImageDraw

from creative_hub.providers.local import lipsync, motion
from creative_hub.providers.local.ad.shots import Shot
from creative_hub.providers.local.drawing import Size
from creative_hub.providers.local.ffmpeg import encode_frames
from creative_hub.providers.local.looks import Look
from creative_hub.providers.local.puppet import Framing, Puppet
from creative_hub.providers.local.speech import Speech

FPS: Final = 25
FADE_SECONDS: Final = 0.3
BUBBLE: Final = 0.3
"""The presenter's round window over pictures, as a share of the short side."""


class View(Protocol):
    def frame(self, along: float) -> Image.Image:
        """A new picture of the frame's size, `along` (0..1) the shot. Asked once for each frame."""


class Presenter(Protocol):
    def frame(self, number: int) -> Image.Image:
        """A new picture of the frame's size, at the ad's frame of this number."""

    def face(self, number: int) -> Image.Image:
        """A square one, as large as the window over pictures."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What the shots show. `mark` is drawn into the corner of views and card, for what is only a preview."""

    size: Size
    presenter: Presenter | None
    views: Sequence[View]
    card: Image.Image
    mark: Image.Image | None = None


class Drawn:
    """The presenter of the local renderer, who moves the mouth to the loudness of a voice and its phonemes."""

    def __init__(self, speech: Speech, levels: Sequence[float], look: Look, framing: Framing) -> None:
        self._mouths = lipsync.track(levels, speech.phonemes, FPS)
        self._poses = motion.poses(levels, speech.sentences, FPS, Random(speech.duration_seconds))  # noqa: S311 - no secret
        self._whole = Puppet(look, framing)
        side = bubble_side(framing.size)
        self._face = Puppet(look, Framing((side, side), (side / 2, side * 0.48), side / 430))

    def frame(self, number: int) -> Image.Image:
        return self._whole.frame(self._poses[number], self._mouths[number])

    def face(self, number: int) -> Image.Image:
        return self._face.frame(self._poses[number], self._mouths[number])


def bubble_side(size: Size) -> int:
    return round(min(size) * BUBBLE) // 2 * 2


def levels_of(wav: Path, seconds: float) -> list[float]:
    """The loudness of the voice at each frame of an ad of `seconds`."""
    total = round(seconds * FPS)
    return (lipsync.loudness(wav, FPS) + [0.0] * total)[:total]


def as_address(picture: Image.Image) -> str:
    """As a data: address, for whoever starts from it."""
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"


def render(cut: Cut, shots: Sequence[Shot], seconds: float, out: Path, report: Callable[[int], None]) -> None:
    """Write a silent MP4 of `seconds`."""
    total = round(seconds * FPS)
    encode_frames(_frames(cut, shots, total), cut.size, FPS, out, total_frames=total, report=report)


def _frames(cut: Cut, shots: Sequence[Shot], total: int) -> Iterator[bytes]:
    """Raw RGB. A shot fades in over the end of the one before."""
    window = _window(bubble_side(cut.size))
    before: Image.Image | None = None
    number = 0
    for shot in shots:
        picture: Image.Image | None = None
        while number < total and number / FPS < shot.end_seconds:
            picture = _frame(cut, shot, number, window)
            since = number / FPS - shot.start_seconds
            if before is not None and since < FADE_SECONDS:
                picture = Image.blend(before, picture, since / FADE_SECONDS)
            yield picture.tobytes()
            number += 1
        before = picture or before
    while before is not None and number < total:
        yield before.tobytes()
        number += 1


def _frame(cut: Cut, shot: Shot, number: int, window: Image.Image) -> Image.Image:
    if shot.kind == "presenter" and cut.presenter:
        return cut.presenter.frame(number)
    if shot.kind == "card":
        picture = cut.card.copy()
    else:
        along = (number / FPS - shot.start_seconds) / max(0.04, shot.end_seconds - shot.start_seconds)
        picture = cut.views[shot.picture].frame(along)
        if cut.presenter:
            room = round(min(cut.size) * 0.045)
            picture.paste(cut.presenter.face(number), (room, room), window)
    if cut.mark:
        picture.paste(cut.mark, (cut.size[0] - cut.mark.width - cut.mark.height // 2, cut.mark.height // 2), cut.mark)
    return picture


def _window(side: int) -> Image.Image:
    mask = Image.new("L", (side * 3, side * 3))
    ImageDraw.Draw(mask).ellipse([6, 6, side * 3 - 6, side * 3 - 6], fill=255)
    return mask.reduce(3)
