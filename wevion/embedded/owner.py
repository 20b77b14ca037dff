"""The one owner of a `var` folder: holds its lock, runs its servers, and takes them along when it ends."""

import fcntl
import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from wevion.embedded import postgres, valkey
from wevion.embedded.addresses import socket_folder
from wevion.embedded.errors import CannotStart
from wevion.embedded.process import tail
from wevion.embedded.server import Server

START_SECONDS = 60  # a large database recovering after a crash


@contextmanager
def owning(var: Path) -> Iterator[Path]:
    """Holds the folder, made if missing, for one process on this machine. Yields its real path.

    Raises CannotStart when another process has it or this user may not write there.
    """
    var = var.resolve()
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        var.chmod(stat.S_IMODE(var.stat().st_mode) | 0o011)  # as root, another account passes through
        lock = (var / "lock").open("a+")
    except OSError as error:
        raise CannotStart(f"{var} cannot be written: {error.strerror}.") from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStart(f"Already running here (process {lock.read().strip() or 'unknown'}): {var} is in use.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield var


@contextmanager
def running(
    var: Path, *, database: bool = True, redis: bool = True, pause: Callable[[float], None] = time.sleep
) -> Iterator[list[Server]]:
    """The wanted servers, answering, with the database `app`. `var` is held by `owning`.

    `pause` is called between looks, and may raise to give up. Raises CannotStart.
    """
    servers: list[Server] = []
    try:
        if database or redis:
            make_socket_folder(var)
        if database:
            servers.append(postgres.postgres(var))
        if redis:
            servers.append(valkey.valkey(var))
        for server in servers:
            server.start()
        for server in servers:
            await_answer(server, pause)
        yield servers
    finally:
        for server in servers:
            server.stop()
        if servers:
            shutil.rmtree(socket_folder(var), ignore_errors=True)


def make_socket_folder(var: Path) -> None:
    """In a folder that everybody writes to: what is there must be a folder, and ours."""
    folder = socket_folder(var)
    folder.mkdir(exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise CannotStart(f"{folder} belongs to another user; remove it.")
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def await_answer(server: Server, pause: Callable[[float], None]) -> None:
    limit = time.monotonic() + START_SECONDS
    while not server.answers():
        if not server.alive or time.monotonic() > limit:
            said = (tail(server.log, 1) or ["it said nothing"])[0]
            raise CannotStart(f"{server.name} did not start: {said.strip()} (log: {server.log})")
        pause(0.05)
