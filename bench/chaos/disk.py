"""A disk without room, for one server alone, by its limit on the size of files: no volume need be mounted. Linux only.

A write beyond the limit fails (EFBIG, where a full disk says ENOSPC), which both servers take in the same way.
"""

import sys
from contextlib import suppress
from typing import Final

import psutil

from wevion.embedded.process import run_as
from wevion.embedded.server import Server

ROOM: Final = 65_536  # bytes of a file that can still be written; the position in a write-ahead log lies far beyond
# Of the two servers only PostgreSQL ignores the signal that comes with the refusal; the other would die of it.
DEAF: Final = "import os, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])"


def restart_deaf(server: Server) -> None:
    """Starts it anew so that a refused write is an error to it, and not its death."""
    server.stop()
    server.command = [sys.executable, "-c", DEAF, *server.command]
    server.start()


def fill(server: Server) -> None:
    _limit(server, str(ROOM))


def free(server: Server) -> None:
    _limit(server, "unlimited")


def _limit(server: Server, size: str) -> None:
    """Of the server and of its children; those that it forks later inherit it. One that has ended meanwhile is no error."""
    assert server.process is not None
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(server.process.pid)
        for each in (process, *process.children(recursive=True)):
            # As its own account: changing another's limits takes a privilege that root in a container may not have.
            run_as(server.account, ["prlimit", f"--pid={each.pid}", f"--fsize={size}:"])
