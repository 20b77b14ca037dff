"""The long-running processes: started, started again when they die, and ended together."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from wevion.embedded import CannotStart
from wevion.embedded.process import await_end, signal_group, spawn, tail
from wevion.stack.reachable import answers
from wevion.stack.terminal import ROOT, say, shown

QUICK_SECONDS = 10.0
QUICK_DEATHS = 5  # in a row: then it is no accident
STOP_SECONDS = 30.0


@dataclass
class Child:
    name: str
    command: list[str]
    log: Path
    environment: dict[str, str] = field(default_factory=dict)  # beside ours
    address: str = ""  # of a web server: where a GET answers 200 once it is up
    up: bool = field(default=False, init=False)  # this process has answered there
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    due_at: float = field(default=0.0, init=False)
    quick_deaths: int = field(default=0, init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            # Should we be killed: a web server must end its own worker, which would keep the port; a Celery worker whose
            # Redis goes at the same moment hangs in its orderly end, and its work is found again anyway.
            farewell = signal.SIGTERM if self.address else signal.SIGKILL
            environment = {**os.environ, **self.environment}
            self.process = spawn(self.command, stdout=log, cwd=ROOT, env=environment, farewell=farewell)
        self.started_at = time.monotonic()
        self.up = False

    def tend(self) -> None:
        """Starts it when it is due. Raises CannotStart when it keeps dying within seconds of its start."""
        if self.process is None:
            if time.monotonic() >= self.due_at:
                self.start()
        elif self.process.poll() is not None:
            self.bury(self.process)
        elif self.address and not self.up:
            self.up = answers(self.address)

    def bury(self, process: subprocess.Popen[bytes]) -> None:
        signal_group(process, signal.SIGKILL)
        self.process = None
        lived = time.monotonic() - self.started_at
        self.quick_deaths = self.quick_deaths + 1 if lived < QUICK_SECONDS else 0
        if self.quick_deaths >= QUICK_DEATHS:
            raise CannotStart(f"{self.name} ended {QUICK_DEATHS} times just after its start; why is in {shown(self.log)}")
        delay = 0.5 * 2 ** max(0, self.quick_deaths - 1)
        self.due_at = time.monotonic() + delay
        say(f"{self.name} ended ({reason(process.returncode)}); starting it again in {delay:g} s. Log: {shown(self.log)}")
        if self.quick_deaths < 2:
            for line in tail(self.log, 5):
                say(f"    {line}")


def reason(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def stop(children: Sequence[Child]) -> None:
    """All at once; whatever is left of them after 30 seconds is killed."""
    for child in children:
        if child.process and child.address and not child.up:
            # granian told to stop while its worker still loads waits out its whole timeout; nobody is being served yet.
            signal_group(child.process, signal.SIGKILL)
        elif child.process and child.process.poll() is None:
            child.process.terminate()
    processes = [child.process for child in children if child.process]
    await_end(processes, STOP_SECONDS)
    for process in processes:
        signal_group(process, signal.SIGKILL)
    await_end(processes, 5)
