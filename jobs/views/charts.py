"""The geometry of the dashboard's plots: numbers in, rectangles out. Pure; the templates draw.

A plot is HEIGHT units high, drawn one to one, and as wide as its place: its columns are stretched, so text stands beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 150
TOP: Final = 8  # room for half of the uppermost label
STEP: Final = 10
GAP: Final = 2


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A day: what stands up from the base line and what hangs down from it, and what pointing at it says."""

    x: int
    title: str
    up: Bar | None
    down: Bar | None


@dataclass(frozen=True, slots=True)
class Line:
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Plot:
    width: int
    height: int
    step: int
    columns: list[Column]
    lines: list[Line]


def plot(titles: Sequence[str], ups: Sequence[int], downs: Sequence[int], label: Callable[[int], str]) -> Plot:
    """Columns up from a base line, and down from it, on one scale: which is which is told by place, and not by colour."""
    top, bottom = round_up(max(ups, default=0)), max(downs, default=0)
    base = TOP + (HEIGHT - 2 * TOP) * top / (top + bottom)
    unit = (base - TOP) / top
    columns = [
        Column(index * STEP, title, _bar(index, base - up * unit, up * unit), _bar(index, base, down * unit))
        for index, (title, up, down) in enumerate(zip(titles, ups, downs, strict=True))
    ]
    lines = [Line(TOP, label(top)), Line((TOP + base) / 2, label(top // 2)), Line(base, label(0))]
    if bottom * unit >= 2 * TOP:
        lines.append(Line(HEIGHT - TOP, label(bottom)))
    return Plot(len(columns) * STEP, HEIGHT, STEP, columns, [Line(round(line.y, 1), line.label) for line in lines])


def _bar(index: int, y: float, height: float) -> Bar | None:
    """At least a unit and a half high: something is never drawn as nothing."""
    if height <= 0:
        return None
    return Bar(index * STEP + GAP / 2, round(y, 2), STEP - GAP, round(max(height, 1.5), 2))


def round_up(value: int) -> int:
    """The next even number of one digit and noughts, at least 2: half of it is whole, and both read well on a scale."""
    scale = 1
    while value > 10 * scale:
        scale *= 10
    return next(step * scale for step in (2, 4, 6, 8, 10) if step * scale >= value)


def share(part: float, whole: float) -> float:
    """In percent, for the width of a bar; at least 1 for what is not nothing."""
    return max(round(100 * part / whole, 2), 1) if part > 0 and whole > 0 else 0
