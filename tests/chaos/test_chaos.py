"""A small run of `make chaos`, with the product's processes as they ship. Its seed is printed; `make chaos` has the large one."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.processes import ROOT, wait_until

SMALL = ["--jobs", "40", "--kills", "6", "--seconds", "20", "--profile", "calm"]


@contextmanager
def chaos(place: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Started with a `var` of its own; the caller's servers are nothing to it. Ended with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.chaos", *arguments],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(place / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate()


def test_nothing_is_lost_doubled_or_adrift_while_processes_and_servers_are_killed(place: Path) -> None:
    with chaos(place, *SMALL, "--seed", "20") as process:
        told, _ = process.communicate()
    assert process.returncode == 0, told
    assert "All held" in told
    assert not (place / "var" / "chaos").exists()


def test_a_run_that_is_interrupted_leaves_nothing_behind(place: Path) -> None:
    with chaos(place, *SMALL, "--seed", "21") as process:
        wait_until((place / "var" / "chaos" / "log" / "media-2.log").exists, what="the processes")
        tree = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        told, _ = process.communicate()
    assert "Stopped." in told
    assert [child for child in tree if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
    assert not (place / "var" / "chaos").exists()
