"""A private world: servers, database, files and processes below one folder, which is removed afterwards."""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import django

from bench.chaos import disk, processes
from bench.chaos.processes import Process
from wevion.embedded.owner import owning
from wevion.embedded.server import Server
from wevion.stack import run

# Of the caller's environment nothing may reach the processes of a run that would make them touch other servers or vendors.
FOREIGN = ("DATABASE_URL", "REDIS_URL", "STORAGES", "DATABASE_POOL", "DEBUG", "SECRET_KEY", "LUMA_API_KEY", "ELEVENLABS_API_KEY")


@dataclass(frozen=True, slots=True)
class World:
    var: Path
    url: str
    simulator_url: str
    servers: list[Server]
    simulator: Process
    product: list[Process]


@contextmanager
def world(var: Path, seed: int, profile: str) -> Iterator[World]:
    """Servers that answer, a migrated database, and processes that are not started yet. All end with the block.

    What was below `var` is deleted at the beginning. Raises CannotStart.
    """
    ports = free_ports(2)
    with ExitStack() as stack:
        var = stack.enter_context(owning(var))
        clear(var)
        (var / "tmp").mkdir()
        set_environment(var, ports[1])
        servers = run.serve(var, stack)
        disk.restart_deaf(servers[1])
        run.manage("migrate", ["migrate", "--noinput", "--verbosity", "0"], var)
        django.setup()
        simulator = processes.simulator(ports[1], seed, profile, var / "log")
        product = processes.product(ports[0], var / "log")
        stack.callback(processes.stop, [simulator, *product])
        url, simulator_url = (f"http://127.0.0.1:{port}" for port in ports)
        yield World(var, url, simulator_url, servers, simulator, product)


def set_environment(var: Path, simulator_port: int) -> None:
    for name in FOREIGN:
        os.environ.pop(name, None)
    os.environ |= {
        "VAR_DIR": str(var),
        "MEDIA_ROOT": str(var / "media"),
        "TMPDIR": str(var / "tmp"),
        "DJANGO_SETTINGS_MODULE": "bench.chaos.settings",
        "SITE_URL": "https://chaos.example.com",  # where vendors may call back; the simulator knows the way
        "DEVELOPMENT": "true",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
        "API_RATE": "1000000/min",
        "TEAM_SLOTS": "16",
        "BFL_API_KEY": "simulator",
        "HEYGEN_API_KEY": "simulator",
        "BFL_BASE_URL": f"http://127.0.0.1:{simulator_port}",
        "HEYGEN_BASE_URL": f"http://127.0.0.1:{simulator_port}",
        "HTTP_ALLOW_PRIVATE": f"127.0.0.1:{simulator_port}",
    }


def free_ports(number: int) -> list[int]:
    """Held all at once while they are chosen, so that they differ."""
    with ExitStack() as stack:
        listeners = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [int(listener.getsockname()[1]) for listener in listeners]


def clear(var: Path) -> None:
    """Deletes what is below the folder but its lock and the folder of the logs."""
    for path in var.iterdir():
        if path.name == "lock":
            continue
        outside = path.resolve()  # as root, the database may lie elsewhere, behind a link
        if outside.is_dir():
            shutil.rmtree(outside)
        if path.is_symlink() or path.is_file():
            path.unlink(missing_ok=True)
    (var / "log").mkdir(exist_ok=True)


def remove(var: Path) -> None:
    """The folder and all below it, once nobody owns it."""
    clear(var)
    shutil.rmtree(var)
