"""One server process: its start after whatever happened before, and its end."""

import pwd
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from wevion.embedded.process import await_end, signal_group, spawn

PROGRAMS = {"postgres", "valkey-server", "redis-server"}
ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}  # nothing of ours: PGPORT and its kin would be obeyed
STOP_SECONDS = 20


@dataclass
class Server:
    """Use it only while holding the lock of its `var` folder: `start` ends any server that still has its data open."""

    name: str
    command: list[str]
    data: Path  # resolved; the server's working folder, by which a leftover one is recognised
    log: Path
    farewell: signal.Signals  # the signal that makes it stop in order, at once
    leftovers: list[Path]  # files of a killed server that its successor would trip over
    answers: Callable[[], bool]  # whether it serves, asked within a few seconds
    account: pwd.struct_passwd | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        end_orphans(self.data, self.farewell)
        for path in self.leftovers:
            path.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = spawn(
                self.command, stdout=log, env=ENVIRONMENT, cwd=Path("/"), account=self.account, farewell=self.farewell
            )

    def stop(self) -> None:
        """In order; after 20 s by force. Safe to call twice."""
        if self.process is None:
            return
        if self.alive:
            self.process.send_signal(self.farewell)
        if not await_end([self.process], STOP_SECONDS):
            signal_group(self.process, signal.SIGKILL)
            self.process.wait()


def end_orphans(data: Path, farewell: signal.Signals) -> None:
    """Ends servers that work in this folder, and nothing else: a pid read from a file may belong to a stranger by now."""
    orphans = [
        process
        for process in psutil.process_iter(["name", "cwd"])
        if process.info["cwd"] == str(data) and process.info["name"] in PROGRAMS
    ]
    for process in orphans:
        _send(process, farewell)
    for process in _still_running(orphans, 10):
        _send(process, signal.SIGKILL)
    _still_running(orphans, 10)


def _still_running(processes: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Those that are left after that time. A zombie is not: in a container it may stay one for ever."""
    limit = time.monotonic() + seconds
    while True:
        left = [process for process in processes if _runs(process)]
        if not left or time.monotonic() > limit:
            return left
        time.sleep(0.05)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
