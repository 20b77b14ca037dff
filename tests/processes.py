"""The product's real processes, over a test's database, Redis and files."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
ALL = ("web", "io", "media", "poller")
CELERY = ["-m", "celery", "-A", "wevion", "worker", "--loglevel", "INFO", "--without-gossip", "--without-mingle"]
WEB = {"DATABASE_POOL": "1"}  # what the web process has and no other


def wait_until(condition: Callable[[], Any], seconds: float = 60, what: str = "") -> Any:
    """The condition's first true value; fails the test when there is none in time."""
    limit = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < limit, f"waited {seconds} s in vain for {what or condition}"
        time.sleep(0.05)
    return found


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def url_of(database: Mapping[str, Any]) -> str:
    """Django's settings of a database as a URL."""
    user, password = quote(database["USER"] or "", safe=""), quote(database["PASSWORD"] or "", safe="")
    login = f"{user}:{password}" if password else user
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{login}@{quote(str(database['HOST']), safe='')}{port}/{database['NAME']}"


class Stack:
    """`url` of the web server; `processes` by name: web, io, media, poller. `environment` may be added to before start."""

    def __init__(self, database: Mapping[str, Any], redis_url: str, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self.named = 0
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            "DATABASE_URL": url_of(database),
            "REDIS_URL": redis_url,
            "MEDIA_ROOT": str(folder / "media"),
            "SITE_URL": self.url,
            "DEVELOPMENT": "true",
            "API_RATE": "10000/min",
            "PYTHONUNBUFFERED": "1",
        }

    def start(self, *names: str) -> None:
        """These processes, and returns when they are at work."""
        for name in names:
            self.spawn(name, self.command(name))
        for name in names:
            if name == "web":
                wait_until(self.answers, START_SECONDS, "the web server")
            elif name != "poller":
                wait_until(partial(self.said, name, "ready."), START_SECONDS, f"the {name} worker")

    def command(self, name: str) -> list[str]:
        """The arguments of Python that run this process as production does. Each call names a worker anew."""
        self.named += 1
        node = ["-n", f"{name}{self.port}-{self.named}@%h"]
        match name:
            case "io":
                return [*CELERY, "-Q", "io", "-P", "threads", "-c", "4", *node]
            case "media":
                return [*CELERY, "-Q", "media", "-P", "prefork", "-c", "2", *node]
            case "poller":
                return ["manage.py", "run_poller"]
        web = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--no-ws"]
        return [*web, "--workers", "1", "--blocking-threads", "4", "wevion.wsgi:application"]

    def spawn(self, name: str, arguments: list[str], **environment: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **self.environment, **(WEB if name == "web" else {}), **environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def said(self, name: str, words: str) -> bool:
        return words in self.log(name)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def kill(self, name: str) -> None:
        """SIGKILL to the process and all its children at once."""
        process = psutil.Process(self.processes[name].pid)
        for victim in (process, *process.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                victim.kill()
        self.processes[name].wait()

    def restart(self, name: str) -> None:
        self.spawn(name, self.command(name))

    def stop(self) -> None:
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
