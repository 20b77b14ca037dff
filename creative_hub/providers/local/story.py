"""A page of a picture story: the scene drawn from its words, its characters in front, and the words below."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from creative_hub.providers.local import characters
from creative_hub.providers.local.drawing import Size, grain, shadow_of, vignette
from creative_hub.providers.local.fonts import drawable, font, is_rtl, visual, wrap
from creative_hub.providers.local.lettering import mark
from creative_hub.providers.local.policy import refuse_unsafe
from creative_hub.providers.local.prompt import dice, read
from creative_hub.providers.local.scenes import scene_for
from creative_hub.providers.local.sizes import picture_size
from creative_hub.providers.local.staging import look
from creative_hub.providers.ports import Brief

PAPER: Final = (252, 248, 238)
INK: Final = (44, 38, 40)
STRIP: Final = 0.2
"""The share of the height that the words take."""


def render(brief: Brief, out: Path, report: Callable[[int], None]) -> None:
    """Write a PNG of `brief.settings["scene"]` with the characters of `brief.settings["cast"]`.

    The same text, cast, size and seed give the same bytes. Raises ProviderError: content_rejected, or invalid_request for
    a size that cannot be.
    """
    refuse_unsafe(brief.text)
    size = picture_size(brief.settings)
    report(5)
    picture = _place(brief, size)
    report(55)
    _stand(picture, brief.settings["cast"])
    report(80)
    _caption(picture, brief.settings["scene"])
    if lettering := mark((size[0], round(size[1] * (1 - STRIP)))):
        picture.paste(lettering, (0, 0), lettering)
    picture.save(out, "PNG", compress_level=6)
    report(99)


def _place(brief: Brief, size: Size) -> Image.Image:
    """The surroundings. They may not hold the characters' own things twice, so only the scene's words count."""
    prompt, rng = read(brief.settings["scene"]), dice(brief.settings["scene"], brief.settings, 0)
    scene, palette = scene_for(prompt, size, rng)
    return grain(vignette(look(scene.parts, size, fine=True), 0.34 if palette.dark else 0.24), rng)


def _stand(picture: Image.Image, cast: list[dict[str, str]]) -> None:
    """The cast side by side, in front of the place and behind the words; the first is a little larger."""
    width, height = picture.size
    shown = cast[:4]
    for number, each in reversed(list(enumerate(shown))):
        tall = height * (0.62 if len(shown) == 1 else 0.54 if number == 0 else 0.48)
        box = characters.BOX
        scale = min(tall / (box[3] - box[1]), width / (0.58 * len(shown) + 0.5) / (box[2] - box[0]))
        figure = characters.figure(each["name"], each["appearance"], scale)
        middle = width * (number + 1) / (len(shown) + 1) if len(shown) > 1 else width * 0.36
        left, top = round(middle - figure.width / 2), round(height * (1 - STRIP * 0.6)) - figure.height
        shadow = shadow_of(figure, min(picture.size) / 50, 0.4)
        picture.paste(shadow, (left + (figure.width - shadow.width) // 2, top + (figure.height - shadow.height) // 2 + 4), shadow)
        picture.paste(figure, (left, top), figure)


def _caption(picture: Image.Image, words: str) -> None:
    """The scene's words on paper along the foot."""
    width, height = picture.size
    top = round(height * (1 - STRIP))
    draw = ImageDraw.Draw(picture)
    draw.rectangle([0, top, width, height], fill=PAPER)
    draw.rectangle([0, top, width, top + max(2, height // 260)], fill=INK)
    text = drawable(words)
    if not text:
        return
    room, margin = height - top, width * 0.05
    for share in (0.24, 0.2, 0.165):
        face = font(room * share, False, text)
        lines = wrap(text, face, width - 2 * margin, int(0.86 / (share * 1.3)))
        if not lines[-1].endswith("…"):
            break
    y = top + (room - len(lines) * face.size * 1.3) / 2 + face.size * 0.08
    for line in lines:
        shown = visual(line)
        x = width - margin - face.getlength(shown) if is_rtl(text) else margin
        draw.text((x, y), shown, font=face, fill=INK)
        y += face.size * 1.3
