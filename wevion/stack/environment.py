"""The variables everything here runs with: the caller's, then those of `.env`."""

import os
import re
from pathlib import Path

from wevion.embedded import CannotStart

LINE = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)")


def load(file: Path) -> None:
    """Adds the lines KEY=VALUE of a file, if there is one, to our environment; what is set already stays.

    A line without a value sets nothing, so that `.env.example` can list them all. A value may stand in quotes. There are no
    expansions, and no comments behind a value. Raises CannotStart on another line.
    """
    if not file.exists():
        return
    for number, line in enumerate(file.read_text().splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        match = LINE.fullmatch(text)
        if match is None:
            raise CannotStart(f"{file.name}, line {number}: expected KEY=VALUE.")
        name, value = match.groups()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        if value:
            os.environ.setdefault(name, value)


def port() -> int:
    text = os.environ.get("PORT", "").strip() or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CannotStart(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def given(name: str) -> str:
    """The variable's value; an empty one counts as not set, as `.env.example` has them."""
    return os.environ.get(name, "").strip()
