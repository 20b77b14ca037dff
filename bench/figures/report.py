"""What a measurement says, and how it is printed."""

import importlib.metadata
import os
import platform
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

VERSIONS = ("Django", "djangorestframework", "celery", "redis", "psycopg", "granian", "aiohttp", "procrastinate", "dramatiq")
HEADINGS = ("", "what", "figure", "floor beside it", "ratio", "target", "")


@dataclass(frozen=True, slots=True)
class Row:
    """One line. `met` is None where there is no target: the line then only says how things are."""

    number: int
    what: str
    figure: str
    floor: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        verdict = "" if self.met is None else "met" if self.met else "MISSED"
        return (str(self.number), self.what, self.figure, self.floor, self.ratio, self.target, verdict)


def load() -> str:
    return " ".join(f"{value:.2f}" for value in os.getloadavg())


def machine(database_url: str) -> list[str]:
    """Hardware and versions, a line each."""
    cpu = next((line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "")
    memory = next((int(line.split()[1]) >> 20 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    with psycopg.connect(database_url) as connection:
        found = connection.execute("SHOW server_version").fetchone()
    versions = [f"{name} {version}" for name in VERSIONS if (version := _version(name))]
    system = f"{platform.system()} {platform.release()}"
    return [
        f"{os.cpu_count()} × {cpu or platform.processor() or platform.machine()}, {memory} GB, {system}",
        f"Python {platform.python_version()}, PostgreSQL {found[0] if found else '?'} (as it comes), Valkey, "
        + ", ".join(versions),
    ]


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def plain(rows: Iterable[Row]) -> str:
    """For a terminal."""
    lines = []
    for row in rows:
        number, what, figure, floor, ratio, target, verdict = row.cells
        said = [figure, floor and f"floor: {floor}", ratio and f"ratio {ratio}", target and f"target {target}", verdict]
        lines.append(f"{number}  {what}\n       " + " · ".join(part for part in said if part))
    return "\n".join(lines)


def markdown(rows: Sequence[Row], about: Sequence[str], notes: Sequence[str], command: str) -> str:
    table = ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
    table += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row.cells) + " |" for row in rows]
    missed = sum(row.met is False for row in rows)
    return "\n\n".join(
        [
            "# Benchmarks",
            (
                f"Written by `{command}` on {time.strftime('%Y-%m-%d')}; the same command repeats it. "
                "Floors run beside the figures, in turns, in the same minutes. Rates and times are medians of the rounds."
            ),
            "\n".join(f"* {line}" for line in about),
            f"{sum(row.met is True for row in rows)} targets met, {missed} missed.",
            "\n".join(table),
            "## What lies behind the numbers",
            "\n".join(f"* {note}" for note in notes),
            "",
        ]
    )


def middle(values: Iterable[float]) -> float:
    return median(list(values))
