"""How much is measured: in earnest, or just enough to see that every line is printed."""

from dataclasses import dataclass
from pathlib import Path

from bench.figures.report import Row


@dataclass(frozen=True, slots=True)
class Plan:
    var: Path
    rounds: int = 3
    read_seconds: float = 2.0
    small_jobs: int = 10_000
    large_jobs: int = 10_000_000
    submit_per_second: float = 50.0
    submits: int = 900
    idle_jobs: int = 25
    lifecycle_jobs: int = 100
    in_flight: int = 10_000
    settle_seconds: float = 10.0
    watch_seconds: float = 60.0
    noop_jobs: int = 500


def quick(var: Path) -> Plan:
    return Plan(
        var,
        rounds=1,
        read_seconds=0.2,
        small_jobs=1_000,
        large_jobs=3_000,
        submit_per_second=10,
        submits=10,
        idle_jobs=1,
        lifecycle_jobs=4,
        in_flight=60,
        settle_seconds=3,
        watch_seconds=8,
        noop_jobs=40,
    )


@dataclass(frozen=True, slots=True)
class Result:
    """What a group of rows found, and what there is to say about it."""

    rows: list[Row]
    notes: list[str]
