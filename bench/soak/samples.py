"""What is looked at while it runs, and what counts as growth."""

import os
import threading
import time
from pathlib import Path
from statistics import median
from typing import Final

import psycopg
import redis

from bench.chaos.processes import Process
from bench.chaos.world import World
from wevion.stack.terminal import say

Sample = dict[str, float]

LEAST: Final = 8  # samples, for a verdict
# What may differ between the second quarter of the run and the last: a factor, and besides it so much.
ROOM: Final = {"MB": (1.15, 12.0), "files": (1.0, 8.0), "connections": (1.0, 4.0), "dead rows": (1.5, 3000.0)}

DATABASE: Final = """
SELECT (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),
       (SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables
         WHERE relname IN ('jobs_itemrun', 'jobs_jobfeed', 'jobs_creditaccount')),
       (SELECT count(*) FROM jobs_itemrun)
"""


class Sampler:
    """Samples every `seconds` until `stop` is set; a sample that cannot be taken is left out."""

    def __init__(self, world: World, seconds: float) -> None:
        self.world, self.seconds = world, seconds
        self.stop = threading.Event()
        self.samples: list[Sample] = []

    def run(self) -> None:
        began = time.monotonic()
        while not self.stop.wait(self.seconds):
            try:
                self.samples.append({"at": time.monotonic() - began} | self._sample())
            except (OSError, psycopg.Error, redis.RedisError):
                continue

    def _sample(self) -> Sample:
        sample: Sample = {}
        for process in self.world.product:
            megabytes, files = usage(process)
            sample[f"{process.name}: MB"] = megabytes
            sample[f"{process.name}: files"] = files
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            row = connection.execute(DATABASE).fetchone()
        assert row is not None
        sample |= {"database: connections": float(row[0]), "hot tables: dead rows": float(row[1]), "under way": float(row[2])}
        with redis.Redis.from_url(os.environ["REDIS_URL"]) as broker:
            sample["broker: MB"] = broker.info("memory")["used_memory"] / 2**20
        return sample


def usage(process: Process) -> tuple[float, float]:
    """Resident megabytes and open files of the process and all its descendants. Linux."""
    assert process.process is not None
    family = descendants(process.process.pid)
    return sum(map(resident, family)) / 2**20, sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in family)


def descendants(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(each for child in children for each in descendants(int(child)))]


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def quarters(samples: list[Sample], name: str) -> tuple[float, float]:
    """The medians of the second quarter, when everything is warm, and of the last."""
    values = [sample[name] for sample in samples if name in sample]
    quarter = max(1, len(values) // 4)
    return median(values[quarter : 2 * quarter] or values), median(values[-quarter:])


def grown(samples: list[Sample]) -> list[str]:
    """What grew, in words; a run that is too short to tell says so."""
    if len(samples) < LEAST:
        return [f"nothing can be said from {len(samples)} samples; run it for longer"]
    found = []
    for name in samples[0]:
        factor, besides = ROOM.get(name.partition(": ")[2], (0.0, 0.0))
        early, late = quarters(samples, name)
        if factor and late > early * factor + besides:
            found.append(f"{name}: {early:.0f} → {late:.0f}")
    return found


def told(samples: list[Sample]) -> None:
    if not samples:
        return
    say(f"\nSamples: {len(samples)}; medians of the second quarter → the last")
    width = max(map(len, samples[0]))
    for name in samples[0]:
        early, late = quarters(samples, name)
        say(f"  {name:<{width}}  {early:.0f} → {late:.0f}")
