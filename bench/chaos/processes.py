"""The product's processes, as `make run` starts them but two of each: started, killed, stopped and continued by name."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from wevion.embedded.process import await_end, signal_group, spawn
from wevion.stack.terminal import ROOT

CELERY = [
    sys.executable,
    "-m",
    "celery",
    "-A",
    "wevion",
    "worker",
    "--loglevel",
    "WARNING",
    "--without-gossip",
    "--without-mingle",
]
STOP_SECONDS = 40


@dataclass
class Process:
    """`kind` is web, io, media, poller or simulator. `busy` says that something is being done to it just now."""

    name: str
    kind: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    busy: bool = False

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Call it from the main thread: the process dies with the thread that forked it."""
        with self.log.open("ab") as log:
            environment = {**os.environ, **self.environment}
            self.process = spawn(self.command, stdout=log, cwd=ROOT, env=environment, farewell=signal.SIGKILL)
        self.started_at = time.monotonic()

    def kill(self) -> None:
        """SIGKILL to it and its children at once."""
        if self.process is not None:
            signal_group(self.process, signal.SIGKILL)
            self.process.wait()

    def send(self, number: signal.Signals) -> None:
        """To all of it, as a frozen machine would; SIGTERM to its leader alone, as a supervisor would."""
        if self.process is None:
            return
        if number == signal.SIGTERM:
            self.process.terminate()
        else:
            signal_group(self.process, number)


def product(port: int, log: Path) -> list[Process]:
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    web += ["--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "10"]
    web += ["--respawn-failed-workers", "--respawn-interval", "0.5", "wevion.wsgi:application"]
    processes = [Process("web", "web", web, log / "web.log", {"DATABASE_POOL": "true", "WEB_THREADS": "4"})]
    for number in ("1", "2"):
        processes += [
            Process(f"io {number}", "io", celery("io", number, "threads", 6), log / f"io-{number}.log"),
            Process(
                f"media {number}",
                "media",
                celery("media", number, "prefork", 1),
                log / f"media-{number}.log",
                {"REMAP_SIGTERM": "SIGQUIT"},
            ),
            Process(f"poller {number}", "poller", [sys.executable, "manage.py", "run_poller"], log / f"poller-{number}.log"),
        ]
    return processes


def celery(lane: str, number: str, pool: str, concurrency: int) -> list[str]:
    return [*CELERY, "-Q", lane, "-P", pool, "-c", str(concurrency), "-n", f"{lane}-{number}@chaos"]


def simulator(port: int, seed: int, profile: str, log: Path) -> Process:
    command = [sys.executable, "-m", "bench.simulator", "--port", str(port), "--seed", str(seed), "--profile", profile]
    return Process("simulator", "simulator", command, log / "simulator.log")


def stop(processes: list[Process]) -> None:
    """All of them, in order and then by force; also those that are stopped."""
    for process in processes:
        process.send(signal.SIGCONT)
        process.send(signal.SIGTERM)
    running = [process.process for process in processes if process.process is not None]
    await_end(running, STOP_SECONDS)
    for each in running:
        signal_group(each, signal.SIGKILL)
    await_end(running, 5)
