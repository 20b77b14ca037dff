"""Typefaces for every script a prompt or headline may come in, vendored beside this module (fonts/LICENSE.txt)."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont, features

_FOLDER = Path(__file__).parent / "fonts"
_LATIN, _RTL, _CJK = "Inter", "NotoSansArabicHebrew", "NotoSansCJK"
_FILES = {
    (_LATIN, False): "Inter-Regular.ttf",
    (_LATIN, True): "Inter-Bold.ttf",
    (_RTL, False): "NotoSansArabicHebrew-Regular.ttf",
    (_RTL, True): "NotoSansArabicHebrew-Bold.ttf",
    (_CJK, False): "NotoSansCJK-Bold.otf",  # one weight only: it is the large one
    (_CJK, True): "NotoSansCJK-Bold.otf",
}
_RTL_SCRIPT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_WIDE = r"\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_CJK_SCRIPT = re.compile(f"[{_WIDE}]")
_ABSENT = chr(0x10FFFF)


def font(size: float, bold: bool = False, text: str = "") -> ImageFont.FreeTypeFont:
    """The typeface at `size` pixels that suits the script of `text`. What it cannot draw is removed by `drawable`."""
    return _load(_FILES[_family(text), bold], max(1, round(size)))


def is_rtl(text: str) -> bool:
    """Whether the text starts in a right-to-left script, so that its lines belong on the right."""
    first = next((c for c in text if unicodedata.bidirectional(c) in ("L", "R", "AL")), "")
    return bool(first) and unicodedata.bidirectional(first) != "L"


def drawable(text: str) -> str:
    """`text` in one line of what `font(…, text=text)` can draw: without emoji, controls and unknown letters. May be empty."""
    flat = " ".join(unicodedata.normalize("NFC", text.replace("\0", " ")).split())
    name = _FILES[_family(flat), True]
    return " ".join("".join(c for c in flat if _has_glyph(name, c)).split())


def visual(line: str) -> str:
    """The line in the order to draw it in: itself, unless Pillow here cannot lay out right-to-left text (no fribidi)."""
    if features.check("raqm") or not is_rtl(line):
        return line
    runs = re.findall(r"[\x21-\x7e]+(?:[\x20-\x7e]*[\x21-\x7e])?|[^\x21-\x7e]+", line)
    return "".join(run if run[0] in map(chr, range(33, 127)) else run[::-1] for run in reversed(runs))


def wrap(text: str, face: ImageFont.FreeTypeFont, width: float, max_lines: int) -> list[str]:
    """Break drawable text into at most `max_lines` lines no wider than `width`; the last ends in … when text is left over."""
    words = re.findall(rf"[{_WIDE}]|[^\s{_WIDE}]+|\s+", text)
    lines, line = [], ""
    for position, word in enumerate(words):
        if line and face.getlength(line + word) > width and not word.isspace():
            lines.append(line.strip())
            line = ""
            if len(lines) == max_lines:
                lines[-1] = _shorten(lines[-1] + " " + "".join(words[position:])[:200], face, width)
                return lines
        line += word
    return [_shorten(entry, face, width) for entry in [*lines, line.strip()] if entry]


def _shorten(line: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    if face.getlength(line) <= width:
        return line
    while line and face.getlength(line.rstrip() + "…") > width:
        line = line[:-1]
    return line.rstrip(" ,.;:–-") + "…"


def _family(text: str) -> str:
    counts = Counter({_LATIN: 0, _RTL: len(_RTL_SCRIPT.findall(text)), _CJK: len(_CJK_SCRIPT.findall(text))})
    return counts.most_common(1)[0][0]  # both others can draw Latin, so one letter of theirs decides


@lru_cache(maxsize=64)
def _load(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(_FOLDER / name), size)


@lru_cache(maxsize=4096)
def _has_glyph(name: str, character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return character == "\u200c" and name != _FILES[_LATIN, True]  # it keeps Persian letters apart
    face = _load(name, 24)
    shape, absent = face.getmask(character), face.getmask(_ABSENT)
    return shape.size != absent.size or bytes(shape) != bytes(absent)
