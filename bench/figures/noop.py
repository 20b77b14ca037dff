"""Jobs that do nothing, for job systems beside ours. Each worker counts what it ran, and says so when a run is complete."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import redis

from wevion.embedded.process import signal_group, spawn
from wevion.stack.terminal import ROOT

THREADS = 16
DONE_SECONDS = 600
_counters: dict[str, Iterator[int]] = {}


def client() -> redis.Redis:
    """A database of Redis that the product does not use."""
    return redis.Redis.from_url(os.environ["REDIS_URL"].replace("db=0", "db=7"), socket_timeout=DONE_SECONDS + 10)


_client: list[redis.Redis] = []


def ran(run: str, total: int) -> None:
    """One job of the run was carried out; in one worker process only. The last one tells."""
    counter = _counters.setdefault(run, itertools.count(1))
    if next(counter) == total:
        if not _client:
            _client.append(client())
        _client[0].rpush(f"done:{run}", 1)


@dataclass
class Worker:
    """`submit(run, total)` queues one job."""

    submit: Callable[[str, int], object]
    runs: int = 0

    def seconds(self, total: int) -> float:
        """From the first submit, one after the other, to the end of the last job."""
        self.runs += 1
        run, began = f"{os.getpid()}:{id(self)}:{self.runs}", time.perf_counter()
        for _ in range(total):
            self.submit(run, total)
        if client().blpop([f"done:{run}"], timeout=DONE_SECONDS) is None:
            raise TimeoutError(f"{total} no-op jobs did not end")
        return time.perf_counter() - began

    def round_trip(self) -> float:
        return self.seconds(1)


@contextmanager
def worker(var: Path, name: str, arguments: list[str], submit: Callable[[str, int], object]) -> Iterator[Worker]:
    """A process of another system, warmed up by a few jobs."""
    (var / "log").mkdir(exist_ok=True)
    with (var / "log" / f"{name}.log").open("wb") as log:
        process = spawn([sys.executable, *arguments], stdout=log, cwd=ROOT)
    try:
        found = Worker(submit)
        found.seconds(10)
        yield found
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        signal_group(process, 9)  # type: ignore[arg-type]
        process.wait()


@contextmanager
def celery_worker(var: Path) -> Iterator[Worker]:
    from bench.figures.noop_celery import work

    arguments = ["-m", "celery", "-A", "bench.figures.noop_celery", "worker", "-P", "threads", "-c", str(THREADS)]
    arguments += ["--without-gossip", "--without-mingle", "--loglevel", "WARNING", "-n", "noop@%h"]
    with worker(var, "noop_celery", arguments, work.delay) as found:
        yield found
