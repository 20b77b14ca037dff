"""A style as one picture: frames of the clip, its palette, and what was measured.

It is what a job gives of which only the style was wanted.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from creative_hub.providers.local import fonts
from creative_hub.providers.local.style.frames import decoded, facts

SIZE = (1200, 900)
PAPER, INK, QUIET = (250, 249, 247), (24, 24, 27), (113, 113, 122)
EDGE = 60


def draw(style: Mapping[str, Any], clip: Path, out: Path) -> None:
    """Writes a PNG. `style` is as summary.of_clip gives it."""
    card = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(card)
    _frames(card, clip)
    _palette(pen, style["palette"])
    pen.text((EDGE, 610), "Style DNA", INK, fonts.font(44, bold=True))
    said = ", ".join(style["words"])
    pen.text((EDGE, 672), said[:1].upper() + said[1:], QUIET, fonts.font(26))
    for number, (name, value) in enumerate(_facts(style)):
        left, top = EDGE + (number % 4) * 275, 740 + number // 4 * 72
        pen.text((left, top), name, QUIET, fonts.font(19))
        pen.text((left, top + 24), value, INK, fonts.font(27, bold=True))
    card.save(out, "PNG", optimize=True)


def _frames(card: Image.Image, clip: Path) -> None:
    """Three moments of the clip, side by side."""
    found = facts(clip, "clip")
    width = (SIZE[0] - 2 * EDGE - 2 * 20) // 3
    wanted = [found.seconds * share for share in (0.15, 0.5, 0.85)]
    shown = list[Image.Image]()
    for at, frame in decoded(clip, references_only=True):
        if len(shown) < 3 and at >= wanted[len(shown)]:
            shown.append(frame.to_image())  # type: ignore[no-untyped-call]
        if len(shown) == 3:
            break
    for number in range(3):
        if shown:
            picture = ImageOps.fit(shown[min(number, len(shown) - 1)], (width, 330))
            card.paste(picture, (EDGE + number * (width + 20), EDGE))


def _palette(pen: ImageDraw.ImageDraw, palette: list[Mapping[str, Any]]) -> None:
    """A bar whose parts are as wide as the colours are frequent, and none too narrow to be seen."""
    room = SIZE[0] - 2 * EDGE
    shares = [max(0.09, swatch["share"]) for swatch in palette]
    left = float(EDGE)
    for swatch, share in zip(palette, shares, strict=True):
        wide = room * share / sum(shares)
        pen.rectangle((left, 420, left + wide, 530), swatch["hex"])
        pen.text((left, 540), swatch["hex"], QUIET, fonts.font(19))
        left += wide


def _facts(style: Mapping[str, Any]) -> list[tuple[str, str]]:
    sound = style["sound"] or {}
    loudness, tempo = sound.get("loudness_lufs"), sound.get("tempo_bpm")
    return [
        ("Contrast", f"{style['contrast']:.2f}"),
        ("Saturation", f"{style['saturation']:.3f}"),
        ("Temperature", f"{style['temperature']:+.3f}"),
        ("Grain", f"{style['grain']:.1f} of 255"),
        ("Cuts a minute", f"{style['pace']['cuts_per_minute']:g}"),
        ("Motion", style["motion"]["kind"]),
        ("Loudness", f"{loudness:g} LUFS" if loudness is not None else "none"),
        ("Tempo", f"{tempo} a minute" if tempo else "none"),
    ]
