"""`make run`, all of it, as one process tree."""

import signal
import subprocess
from pathlib import Path

import psutil

from tests.stack.harness import command, end, until_gone
from tests.stack.test_run import closed_port


def test_everything_starts_survives_a_killed_worker_and_stops_without_a_trace(place: Path) -> None:
    port = closed_port()
    process = command("run", place / "var", PORT=port)
    printed = lines_until(process, f"Ready: http://127.0.0.1:{port}")
    assert any(line.startswith("Login: alice@example.com / ") for line in printed)
    assert any(line.startswith("API key: wv_live_") for line in printed)
    tree = psutil.Process(process.pid).children(recursive=True)
    next(child for child in tree if "run_poller" in child.cmdline()).kill()
    lines_until(process, "poller ended (signal SIGKILL)")
    tree += psutil.Process(process.pid).children(recursive=True)
    assert end(process) == 0
    assert [child for child in tree if child.is_running()] == []


def test_nothing_outlives_a_supervisor_that_is_killed(place: Path) -> None:
    process = command("run", place / "var", PORT=closed_port())
    lines_until(process, "Ready: ")
    tree = psutil.Process(process.pid).children(recursive=True)
    end(process, signal.SIGKILL)
    until_gone(place / "var")
    _, left = psutil.wait_procs(tree, timeout=30)
    assert [child for child in left if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


def lines_until(process: "subprocess.Popen[str]", start: str) -> list[str]:
    """What it prints up to the line that starts so."""
    assert process.stdout is not None
    printed: list[str] = []
    for line in process.stdout:
        printed.append(line)
        if line.startswith(start):
            return printed
    raise AssertionError("".join(printed) + process.communicate()[1])
