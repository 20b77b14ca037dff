"""Cutting a text into the sentences that are spoken, paused between and captioned."""

import re
import unicodedata
from collections.abc import Iterator

_END = re.compile(r"(?<=[.!?…؟।])[\"'”’»)\]]*\s+|(?<=[。！？])")
_ABBREVIATION = re.compile(r"(?:^|[\s(])(?:mr|mrs|ms|dr|st|prof|sr|jr|vs|no|e\.g|i\.e|approx|\w)\.$", re.IGNORECASE)
_FIRST_PICTOGRAPH = 0x2190
"""Signs of So below are words to a speaker (°, ©, ™); those above are arrows, boxes and emoji."""


def speakable(text: str) -> str:
    """`text` without what has no sound: emoji, pictographs and control characters. Line breaks stay."""
    return "".join(" " if _is_silent(character) else character for character in text)


def _is_silent(character: str) -> bool:
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Co", "Cn"):
        return character != "\n"
    if 0xFE00 <= ord(character) <= 0xFE0F or 0x1F3FB <= ord(character) <= 0x1F3FF:  # variation and skin tone
        return True
    return category == "So" and ord(character) >= _FIRST_PICTOGRAPH


def has_words(text: str) -> bool:
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def split(text: str) -> list[tuple[str, bool]]:
    """The sentences of `text` that have words, in order, each with whether it ends its paragraph."""
    found: list[tuple[str, bool]] = []
    for line in text.splitlines():
        here = [sentence for sentence in _sentences(line) if has_words(sentence)]
        found += [(sentence, number == len(here)) for number, sentence in enumerate(here, 1)]
    return found


def _sentences(line: str) -> Iterator[str]:
    start = 0
    for match in _END.finditer(line):
        sentence = line[start : match.end()].strip()
        if not sentence or _ABBREVIATION.search(sentence):
            continue
        yield " ".join(sentence.split())
        start = match.end()
    if rest := line[start:].strip():
        yield " ".join(rest.split())
