"""What a prompt asks for, as far as words tell: keywords, a title, a seed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from creative_hub.providers.local.fonts import drawable

_READ = 4000
_FILLERS = """
    a an the and or of on in at by to for with from into over under near this that these those is are be it its as very my our
    your make create generate show photo picture image video clip shot render ad advert of high quality style 4k 8k hd ultra
    realistic please some one two featuring
"""
_QUOTED = re.compile(r"[\"“”«„]([^\"“”«»„]{1,60})[\"“”»]|(?<!\w)[‘']([^'‘’]{2,60})[’'](?!\w)")


@dataclass(frozen=True)
class Prompt:
    """`words` are lower case, plurals also in the singular. `headline` is what the prompt puts in quotes, or empty;
    `title` is that or its first key words. Both can be drawn with the fonts we have."""

    text: str
    words: tuple[str, ...]
    headline: str
    title: str

    def mentions(self, listed: str) -> bool:
        """Whether one of the space-separated words occurs. Words beyond ASCII may be part of a longer one: not every script
        puts spaces between words, and many languages bend their ends."""
        return any(word in self.words or (not word.isascii() and word in self.text) for word in listed.split())


def read(text: str) -> Prompt:
    """Never fails, whatever the text."""
    lowered = text[:_READ].lower()
    plain = re.findall(r"\w+", lowered)
    words = [form for word in plain for form in _forms(word)]
    quoted = _QUOTED.search(text[:_READ])
    headline = drawable((quoted.group(1) or quoted.group(2)).strip()) if quoted else ""
    return Prompt(lowered, tuple(words), headline, headline or _key_words(text[:_READ]))


def _forms(word: str) -> list[str]:
    return [word, word[:-1]] if word.endswith("s") and len(word) > 3 else [word]


def _key_words(text: str) -> str:
    first = re.split(r"[.!?;:,\n、。،]", text.strip() + " ")[0]
    fillers = frozenset(_FILLERS.split())
    kept = [word for word in first.split() if re.sub(r"\W", "", word.lower()) not in fillers]
    title = drawable(" ".join(kept[:4]))[:42].strip()
    return title[:1].upper() + title[1:]


def dice(text: str, settings: Mapping[str, Any], position: int) -> Random:
    """The source of chance for one variant: the same text, seed and position always give the same one."""
    seed = settings.get("seed")
    return Random(f"{seed if seed is not None else ''}\n{position}\n{text}".encode("utf-8", "replace"))  # noqa: S311 - pictures
