"""The pictures of an ad, frame by frame: presenter, product and card, without captions and sound."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from PIL import Image, ImageDraw, ImageFilter, ImageOps

from creative_hub.providers.local import captions, lipsync, motion
from creative_hub.providers.local.ad.shots import Shot, plan
from creative_hub.providers.local.avatar import FRAMINGS
from creative_hub.providers.local.drawing import Size, gradient, mix
from creative_hub.providers.local.ffmpeg import encode_frames
from creative_hub.providers.local.fonts import drawable
from creative_hub.providers.local.layers import balanced, button, fitted, text_picture
from creative_hub.providers.local.looks import Look
from creative_hub.providers.local.puppet import Framing, Puppet
from creative_hub.providers.local.speech import Speech

FPS: Final = 25
ZOOM: Final = 0.1
"""How much closer a picture comes while it is shown."""
FADE_SECONDS: Final = 0.3
BUBBLE: Final = 0.3
"""The presenter's round window over pictures, as a share of the short side."""


@dataclass(frozen=True, slots=True)
class Wording:
    title: str
    price: str
    call_to_action: str


def render(
    speech: Speech,
    wav: Path,
    seconds: float,
    look: Look,
    aspect_ratio: str,
    photos: Sequence[Image.Image],
    words: Wording,
    out: Path,
    report: Callable[[int], None],
) -> None:
    """Write a silent MP4 of `seconds`. `photos` are RGB or RGBA, of any size; without any, the presenter is always seen."""
    framing = FRAMINGS[aspect_ratio]
    total = round(seconds * FPS)
    levels = (lipsync.loudness(wav, FPS) + [0.0] * total)[:total]
    frames = Frames(speech, levels, look, framing, photos, words).all(plan(speech.sentences, seconds, len(photos)))
    encode_frames(frames, framing.size, FPS, out, total_frames=total, report=report)


class Frames:
    def __init__(
        self,
        speech: Speech,
        levels: Sequence[float],
        look: Look,
        framing: Framing,
        photos: Sequence[Image.Image],
        words: Wording,
    ) -> None:
        self.size = framing.size
        self.mouths = lipsync.track(levels, speech.phonemes, FPS)
        self.poses = motion.poses(levels, speech.sentences, FPS, Random(speech.duration_seconds))  # noqa: S311 - no secret
        self.presenter = Puppet(look, framing)
        side = round(min(self.size) * BUBBLE) // 2 * 2
        self.bubble = Puppet(look, Framing((side, side), (side / 2, side * 0.48), side / 430))
        self.window = _window(side)
        self.grounds = [_ground(photo, self.size, look) for photo in photos]
        self.card = _card(photos, words, look, self.size)
        self.mark = captions.mark("Local preview", min(self.size) * 0.024)

    def all(self, shots: Sequence[Shot]) -> Iterator[bytes]:
        """Raw RGB. A shot fades in over the end of the one before."""
        before: Image.Image | None = None
        number = 0
        for shot in shots:
            picture: Image.Image | None = None
            while number < len(self.mouths) and number / FPS < shot.end_seconds:
                picture = self._frame(shot, number)
                since = number / FPS - shot.start_seconds
                if before is not None and since < FADE_SECONDS:
                    picture = Image.blend(before, picture, since / FADE_SECONDS)
                yield picture.tobytes()
                number += 1
            before = picture or before
        while before is not None and number < len(self.mouths):
            yield before.tobytes()
            number += 1

    def _frame(self, shot: Shot, number: int) -> Image.Image:
        if shot.kind == "presenter":
            return self.presenter.frame(self.poses[number], self.mouths[number])
        along = (number / FPS - shot.start_seconds) / max(0.04, shot.end_seconds - shot.start_seconds)
        if shot.kind == "card":
            picture = self.card.copy()
        else:
            picture = _closer(self.grounds[shot.picture], self.size, along, inwards=shot.picture % 2 == 0)
            face = self.bubble.frame(self.poses[number], self.mouths[number])
            room = round(min(self.size) * 0.045)
            picture.paste(face, (room, room), self.window)
        corner = (self.size[0] - self.mark.width - self.mark.height // 2, self.mark.height // 2)
        picture.paste(self.mark, corner, self.mark)
        return picture


def _window(side: int) -> Image.Image:
    mask = Image.new("L", (side * 3, side * 3))
    ImageDraw.Draw(mask).ellipse([6, 6, side * 3 - 6, side * 3 - 6], fill=255)
    return mask.reduce(3)


def _ground(photo: Image.Image, size: Size, look: Look) -> Image.Image:
    """The whole photo in the middle of its own blur, a little larger than the frame, so that it can be moved through."""
    large = (round(size[0] * (1 + ZOOM)), round(size[1] * (1 + ZOOM)))
    flat = Image.new("RGB", photo.size, (250, 249, 246))
    flat.paste(photo, mask=photo.getchannel("A") if photo.mode == "RGBA" else None)
    small = ImageOps.fit(flat, (max(8, large[0] // 8), max(8, large[1] // 8)))
    ground = small.filter(ImageFilter.GaussianBlur(6)).resize(large, Image.Resampling.BICUBIC)
    ground = Image.blend(ground, Image.new("RGB", large, look.backdrop[1]), 0.25)
    whole = ImageOps.contain(flat, (round(large[0] * 0.86), round(large[1] * 0.66)))
    corner = ((large[0] - whole.width) // 2, round((large[1] - whole.height) * 0.46))
    _shadow(ground, corner, whole.size)
    ground.paste(whole, corner, _rounded(whole.size, min(size) * 0.03))
    return ground


def _shadow(ground: Image.Image, corner: tuple[int, int], size: Size) -> None:
    mask = Image.new("L", ground.size)
    left, top = corner
    ImageDraw.Draw(mask).rectangle([left, top + 12, left + size[0], top + size[1] + 14], fill=120)
    ground.paste((20, 18, 26), mask=mask.filter(ImageFilter.GaussianBlur(min(ground.size) / 40)))


def _rounded(size: Size, radius: float) -> Image.Image:
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle([0, 0, size[0] - 1, size[1] - 1], radius, fill=255)
    return mask


def _closer(ground: Image.Image, size: Size, along: float, *, inwards: bool) -> Image.Image:
    """The part of the ground that is seen `along` (0..1) the shot, as large as the frame."""
    share = along if inwards else 1 - along
    width = ground.width - (ground.width - size[0]) * share
    height = ground.height - (ground.height - size[1]) * share
    left, top = (ground.width - width) / 2, (ground.height - height) / 2
    return ground.resize(size, Image.Resampling.BILINEAR, (left, top, left + width, top + height))


def _card(photos: Sequence[Image.Image], words: Wording, look: Look, size: Size) -> Image.Image:
    """The last picture: product, name, price and what to do."""
    width, height = size
    dark = mix(look.cloth, (12, 12, 24), 0.45)
    picture = gradient(size, [mix(look.cloth, (255, 255, 255), 0.12), dark]).convert("RGB")
    unit, tall = min(size), height > width
    middle = width * (0.5 if tall or not photos else 0.69)
    room = width * (0.84 if tall or not photos else 0.5)
    y = height * 0.2
    if photos:
        box = (round(width * 0.78), round(height * 0.4)) if tall else (round(width * 0.38), round(height * 0.72))
        flat = Image.new("RGB", photos[0].size, (250, 249, 246))
        flat.paste(photos[0], mask=photos[0].getchannel("A") if photos[0].mode == "RGBA" else None)
        whole = ImageOps.contain(flat, box)
        corner = (
            ((width - whole.width) // 2, round(height * 0.1)) if tall else (round(width * 0.05), (height - whole.height) // 2)
        )
        _shadow(picture, corner, whole.size)
        picture.paste(whole, corner, _rounded(whole.size, unit * 0.03))
        y = corner[1] + whole.height + height * 0.045 if tall else height * 0.24
    for text, largest, most in ((words.title, 0.085, 3), (words.price, 0.1, 1)):
        if shown := drawable(text):
            face, lines = fitted(shown, room, most, unit * largest, unit * 0.045)
            ink = text_picture(face, balanced(shown, face, room, most) if most > 1 else lines, (255, 255, 255), centred=True)
            picture.paste(ink, (round(middle - ink.width / 2), round(y)), ink)
            y += ink.height + unit * 0.01
    pill = button(drawable(words.call_to_action), room, unit * 0.055, (255, 255, 255), dark)
    picture.paste(pill, (round(middle - pill.width / 2), round(y + unit * 0.02)), pill)
    return picture
