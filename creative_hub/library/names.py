"""File names: what people see, never where bytes lie."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Final

MAX_NAME: Final = 150
MOST: Final = 24  # 2 to the power of this: more files of one name than a folder will hold

Taken = Callable[[list[str]], set[str]]
"""Which of these names are in use."""


def clean(name: str, otherwise: str = "Untitled") -> str:
    """On one line, without folders and control characters, and at most MAX_NAME long; the suffix is kept."""
    last = " ".join(re.split(r"[/\\]", name)[-1].split())
    shown = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return cut(shown.strip(". ") or otherwise)


def cut(name: str, ending: str = "") -> str:
    """The name with `ending` before its suffix, shortened to MAX_NAME."""
    stem, suffix = _split(name)
    return stem[: MAX_NAME - len(ending) - len(suffix)].rstrip() + ending + suffix


def assign(names: Iterable[str], taken: Taken) -> list[str]:
    """The names, those in use with the first free number: `a (2).png`."""
    wanted = list(names)
    used = taken(wanted)
    given: list[str] = []
    for name in wanted:
        given.append(_numbered(name, taken, given) if name in used or name in given else name)
    return given


def _numbered(name: str, taken: Taken, given: list[str]) -> str:
    """Doubles the number until one is free, and halves the gap: a thousand files of one name cost a few queries."""

    stem, suffix = _split(name)
    name = re.sub(r" \(\d+\)$", "", stem) + suffix  # one that has a number goes on counting

    def free(numbers: list[int]) -> list[int]:
        tried = {number: cut(name, f" ({number})") for number in numbers}
        used = taken(list(tried.values())) | set(given)
        return [number for number, text in tried.items() if text not in used]

    high = min(free([2**power for power in range(1, MOST)]))
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if free([middle]) else (middle, high)
    return cut(name, f" ({high})")


def _split(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem and len(suffix) <= 8 else (name, "")
