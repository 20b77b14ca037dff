"""Where the figures are measured: servers, databases and processes of their own, started as `make run` starts them."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql

from wevion import embedded
from wevion.embedded.owner import owning, running
from wevion.embedded.postgres import CREATE
from wevion.embedded.process import signal_group, spawn
from wevion.embedded.server import Server
from wevion.stack import children, reachable, run
from wevion.stack.terminal import ROOT

START_SECONDS = 90
# A limit in seconds keeps the throttle's list of moments as short as it is under the real limit of 100 a minute.
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "bench.figures.settings",
    "DEVELOPMENT": "true",
    "DEBUG": "false",
    "WEB_THREADS": run.WEB_THREADS,
    "API_RATE": "100000/s",
    "TEAM_SLOTS": "100000",
    "LOCAL_RENDERERS_FREE": "",
    "LOG_LEVEL": "WARNING",
    "PYTHONUNBUFFERED": "1",
}


@contextmanager
def arena(var: Path) -> Iterator[list[Server]]:
    """PostgreSQL and Redis below `var`, whatever URLs the caller has; the environment of all that follows. Raises CannotStart."""
    with owning(var) as real, running(real) as servers:
        addresses = {"VAR_DIR": str(real), "DATABASE_URL": embedded.database_url(real), "REDIS_URL": embedded.redis_url(real)}
        os.environ.update(ENVIRONMENT | addresses)
        yield servers


def database(var: Path, name: str) -> str:
    """The URL of a migrated database for this purpose, made if it is missing. One of other migrations is dropped."""
    wanted = f"{name}_{_migrations()}"
    url = embedded.database_url(var, wanted)
    with psycopg.connect(embedded.database_url(var, "postgres"), autocommit=True) as connection:
        found = [row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE datname ^@ %s", [f"{name}_"])]
        for old in found:
            if old != wanted:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(old)))
        if wanted not in found:
            connection.execute(CREATE.replace("DATABASE app", f"DATABASE {wanted}").encode())
    migrate = [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)
    return url


def _migrations() -> str:
    """Changes with any of them: until a first release they are rewritten in place, which no database notices."""
    files = sorted(ROOT.glob("*/migrations/*.py")) + sorted(ROOT.glob("wevion/*/migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """The condition's first true value. Raises TimeoutError."""
    limit = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > limit:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(0.02)
    return found


class Site:
    """Some of the product's processes over one database: of web, io, media and poller those that are named."""

    def __init__(self, var: Path, name: str, database_url: str, wanted: tuple[str, ...], extra: Mapping[str, str] | None = None):
        self.port = free_port()
        folder = var / "sites" / name
        (folder / "log").mkdir(parents=True, exist_ok=True)
        environment = {"DATABASE_URL": database_url, "MEDIA_ROOT": str(folder / "media"), "PORT": str(self.port)}
        self.children = {child.name: child for child in run.processes(folder, self.port) if child.name in wanted}
        for child in self.children.values():
            child.environment |= environment | dict(extra or {})

    def __enter__(self) -> "Site":
        for child in self.children.values():
            child.start()
        if "web" in self.children:
            wait_until(self.answers, START_SECONDS, "the web server")
        return self

    def __exit__(self, *exc_info: object) -> None:
        children.stop(list(self.children.values()))

    def answers(self) -> bool:
        return reachable.answers(f"http://127.0.0.1:{self.port}/readyz")

    def process(self, name: str) -> psutil.Process:
        child = self.children[name].process
        assert child is not None
        return psutil.Process(child.pid)


@contextmanager
def vendors(side: int = 1024) -> Iterator[tuple[str, dict[str, str], psutil.Process]]:
    """The instant vendors: their address, the environment in which the product uses them, and their process."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    process = spawn([sys.executable, "-m", "bench.figures.vendor", str(port), str(side)], stdout=subprocess.DEVNULL, cwd=ROOT)
    try:
        wait_until(lambda: reachable.answers(f"{base}/seen"), START_SECONDS, "the instant vendors")
        names = ("BFL", "LUMA", "HEYGEN", "ELEVENLABS")
        configured = {f"{name}_BASE_URL": base for name in names} | {f"{name}_API_KEY": "bench" for name in names}
        yield base, configured | {"HTTP_ALLOW_PRIVATE": f"127.0.0.1:{port}"}, psutil.Process(process.pid)
    finally:
        signal_group(process, 9)  # type: ignore[arg-type]
        process.wait()


def everything(site: Site, vendors_process: psutil.Process | None = None) -> dict[str, psutil.Process]:
    """All that uses the machine in a measurement, by name."""
    me = psutil.Process()
    named = {"postgres": "PostgreSQL", "valkey-server": "Redis", "redis-server": "Redis"}
    found = {named[child.name()]: child for child in me.children() if child.name() in named}
    found |= {name: site.process(name) for name in site.children}
    return found | ({"instant vendors": vendors_process} if vendors_process else {})


def cpu_seconds(processes: Mapping[str, psutil.Process]) -> dict[str, float]:
    """What each has used so far, with its children."""
    found = {}
    for name, process in processes.items():
        used = 0.0
        for each in (process, *process.children(recursive=True)):
            try:
                times = each.cpu_times()
                used += times.user + times.system
            except psutil.NoSuchProcess:
                continue
        found[name] = used
    return found
