"""python -m bench.figures [--rows 1,2,…] [--quick] [--jobs N] · python -m bench.figures fill [--jobs N]

Measures the figures of the design on this machine, with servers of its own below var/bench. A whole run writes
docs/benchmarks.md; a part of it, or a quick one, only prints. `fill` makes the large table, which later runs then find.
"""

import argparse
import os
import sys
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from bench.figures import arena
from bench.figures.plan import Plan, quick
from bench.figures.report import Row, load, machine, markdown, plain
from wevion.embedded import CannotStart
from wevion.stack.terminal import ROOT, say

GROUPS = {"reads": {1, 2, 3, 4}, "submits": {5}, "idle": {6}, "lifecycle": {7}, "in_flight": {8}, "others": {9}}
ALL = set().union(*GROUPS.values())
BUSY = 1.0  # processes that wanted a core before we began
DOCUMENT = ROOT / "docs" / "benchmarks.md"


def main(arguments: list[str]) -> int:
    asked = parsed(arguments)
    var = ROOT / "var" / ("bench-quick" if asked.quick else "bench")
    plan = quick(var) if asked.quick else Plan(var)
    if asked.jobs:
        plan = replace(plan, large_jobs=asked.jobs)
    try:
        with arena.arena(var):
            if asked.command == "fill":
                fill(plan)
            else:
                whole = asked.rows == ALL and not asked.quick
                bench(plan, asked.rows, "make bench" if whole else "", asked.document if whole else None)
    except CannotStart as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=__doc__)
    parser.add_argument("command", nargs="?", choices=["fill"])
    parser.add_argument("--rows", type=lambda text: {int(number) for number in text.split(",")}, default=ALL)
    parser.add_argument("--quick", action="store_true", help="tiny numbers: they prove that it runs, and nothing else")
    parser.add_argument("--jobs", type=int, help="rows of the large table")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="what a whole run writes")
    return parser.parse_args(arguments)


def bench(plan: Plan, wanted: set[int], command: str, document: Path | None) -> None:
    import django

    django.setup()
    about = [*machine(arena.database(plan.var, "app")), f"Load averages when it began: {load()}"]
    if os.getloadavg()[0] > BUSY:
        about.append("Other work was running: ratios to the floors still say something, times and rates do not.")
    for line in about:
        say(line)
    rows: list[Row] = []
    notes: list[str] = []
    for name, numbers in GROUPS.items():
        if not numbers & wanted:
            continue
        before, began = load(), time.monotonic()
        result = import_module(f"bench.figures.{name}").measure(plan)
        took = time.monotonic() - began
        said = f"Rows {sorted(numbers)}: measured in {took:.0f} s; load averages {before} before, {load()} after."
        say("\n" + plain(result.rows))
        for note in (*result.notes, said):
            say(f"   {note}")
        rows += result.rows
        notes += [*result.notes, said]
    missed = [row for row in rows if row.met is False]
    say(f"\n{sum(row.met is True for row in rows)} targets met, {len(missed)} missed.")
    if document:
        document.write_text(markdown(rows, about, notes, command))
        say(f"Written: {document}")


def fill(plan: Plan) -> None:
    """The large table alone."""
    url = arena.database(plan.var, f"large_{plan.large_jobs}")
    import django

    django.setup()
    people, filling = import_module("bench.figures.people"), import_module("bench.figures.fill")
    people.use(url)
    _, filled = filling.fill(url, plan.large_jobs)
    say(f"{filled.jobs:,} jobs, {filled.gigabytes:.2f} GB, {filled.seconds:.0f} s ({'made' if filled.seconds else 'found'})")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
