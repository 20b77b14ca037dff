"""Owners of `var` folders as real processes, as `make run` starts them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg
import redis

from wevion import embedded

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "PORT")


def command(name: str, var: Path, **variables: str) -> subprocess.Popen[str]:
    """`python -m wevion.stack NAME`, with none of the caller's servers in its environment."""
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.Popen(
        [sys.executable, "-m", "wevion.stack", name],
        cwd=ROOT,
        env={**inherited, "VAR_DIR": str(var), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        preexec_fn=hears_hangups,
    )


def hears_hangups() -> None:
    """Whoever runs the tests under nohup would pass that wish on."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def started(var: Path, **variables: str) -> subprocess.Popen[str]:
    """An owner whose servers answer."""
    process = command("servers", var, **variables)
    assert process.stdout is not None
    printed = []
    for line in process.stdout:
        printed.append(line)
        if line.startswith("REDIS_URL="):
            return process
    raise AssertionError("".join(printed) + process.communicate()[1])


@contextmanager
def servers(var: Path, **variables: str) -> Iterator[subprocess.Popen[str]]:
    process = started(var, **variables)
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen[str], number: int = signal.SIGTERM) -> int:
    """Sends the signal and returns the exit code."""
    if process.poll() is None:
        process.send_signal(number)
    process.communicate(timeout=60)
    return process.returncode


def refused(name: str, var: Path, **variables: str) -> str:
    """What a command that cannot start says: one line and no more, with exit code 1."""
    process = command(name, var, **variables)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said.count("\n") == 1, said
    return said


def server_processes(var: Path) -> list[psutil.Process]:
    """Whatever runs on this folder's sockets or data."""
    marks = (str(embedded.addresses.socket_folder(var)), str(var.resolve()))
    found = []
    for process in psutil.process_iter(["name", "cmdline", "cwd"]):
        words = " ".join(process.info["cmdline"] or []) + " " + str(process.info["cwd"])
        if process.info["name"] in ("postgres", "valkey-server", "redis-server") and any(mark in words for mark in marks):
            found.append(process)
    return found


def until_gone(var: Path) -> None:
    """Waits for the servers to end by themselves."""
    limit = time.monotonic() + 30
    while server_processes(var):
        assert time.monotonic() < limit, server_processes(var)
        time.sleep(0.05)


def query(var: Path, sql: str) -> list[tuple[object, ...]]:
    with psycopg.connect(embedded.database_url(var), autocommit=True) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall() if cursor.description else []


def cache(var: Path) -> "redis.Redis":
    return redis.Redis.from_url(embedded.redis_url(var))
