"""Starting processes that cannot outlive their parent, and ending whole groups of them."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None  # loaded here: loading after a fork may deadlock

Output = IO[bytes] | int | None


def spawn(
    command: Sequence[str | Path],
    *,
    stdout: Output,
    stderr: Output = subprocess.STDOUT,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: pwd.struct_passwd | None = None,
    farewell: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """A process leading its own session, so that Ctrl-C does not reach it; on Linux it gets `farewell` when we die.

    Call from the main thread: the kernel ties the farewell to the thread that forked.
    """
    parent = os.getpid()
    return subprocess.Popen(
        [os.fspath(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        env=env,
        cwd=cwd,
        start_new_session=True,
        # The account is changed before the hook runs, which matters: changing it later would clear the farewell.
        preexec_fn=lambda: die_with(parent, farewell),
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def run_as(
    account: pwd.struct_passwd | None, command: Sequence[str | Path], env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs it to its end, in a session of its own, with none of our groups when it is another account."""
    return subprocess.run(
        [os.fspath(word) for word in command],
        capture_output=True,
        text=True,
        env=env,
        cwd="/",
        start_new_session=True,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )


def die_with(parent: int, farewell: signal.Signals) -> None:
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(farewell))
    if os.getppid() != parent:  # it died before the call above
        os.kill(os.getpid(), signal.SIGKILL)


def signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Also reaches what a dead leader left in its group: a killed web server's worker would keep the port."""
    with suppress(ProcessLookupError, PermissionError):  # macOS says PermissionError of a group of zombies
        os.killpg(process.pid, number)


def await_end(processes: Sequence[subprocess.Popen[bytes]], seconds: float) -> bool:
    """True when all have ended within that time."""
    limit = time.monotonic() + seconds
    while any(process.poll() is None for process in processes):
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


def tail(log: Path, lines: int) -> list[str]:
    """The last lines of a log that say something."""
    with suppress(OSError):
        return [line for line in log.read_text(errors="replace").splitlines() if line.strip()][-lines:]
    return []
