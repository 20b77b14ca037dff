"""The table at the end."""

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from wevion.stack.terminal import say

SHOWN = 5
LAST_LINE = re.compile(
    r"^([A-Za-z_][\w.]*(?:Error|Exception|Lost|Timeout|Refused|Interrupt|Transition)\b[^\n]{0,110})", re.MULTILINE
)
NUMBERS = re.compile(r"0x[0-9a-f]+|\b[0-9a-f]{8}-[0-9a-f-]{27}\b|\d+")


def table(title: str, rows: Mapping[str, object]) -> None:
    say(f"\n{title}")
    width = max((len(name) for name in rows), default=0)
    for name, value in rows.items():
        say(f"  {name:<{width}}  {value}")


def counted(title: str, counts: Mapping[str, int]) -> None:
    table(title, {name: counts[name] for name in sorted(counts)} or {"none": 0})


def violations(groups: Mapping[str, Mapping[str, list[tuple[object, ...]]]]) -> None:
    for group, found in groups.items():
        for name, rows in found.items():
            say(f"\nVIOLATION ({group}): {name}: {len(rows)}")
            for row in rows[:SHOWN]:
                say("  " + "  ".join(map(str, row)))


def tracebacks(log: Path) -> Counter[str]:
    """The last lines of the tracebacks in the processes' logs, numbers made alike, and how often each."""
    found: Counter[str] = Counter()
    for file in sorted(log.glob("*.log")):
        if file.stem in ("postgres", "redis"):
            continue
        for line in LAST_LINE.findall(file.read_text(errors="replace").replace("\\n", "\n")):
            found[f"{file.stem.partition('-')[0]}: {NUMBERS.sub('n', line)}"] += 1
    return Counter(dict(found.most_common(12)))
