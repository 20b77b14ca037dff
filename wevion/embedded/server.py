"""One server process: its start after whatever happened before, and its end."""

import pwd
import signal
import subprocess
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
    _, left = psutil.wait_procs(orphans, timeout=10)
    for process in left:
        _send(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=10)


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return
