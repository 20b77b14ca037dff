"""Where the servers of a `var` folder listen: Unix sockets only, never TCP."""

import hashlib
import os
from pathlib import Path

# Not tempfile.gettempdir(): two terminals may differ in TMPDIR, and a socket's path must stay below 104 bytes.
SOCKETS = Path("/tmp")  # noqa: S108 -- the folder inside has an owner, who is checked


def digest(var: Path) -> str:
    """A short name for this folder, different for every checkout."""
    return hashlib.sha256(os.fsencode(var.resolve())).hexdigest()[:10]


def socket_folder(var: Path) -> Path:
    return SOCKETS / f"wevion-{os.geteuid()}-{digest(var)}"


def postgres_folder(var: Path) -> Path:
    """Apart from Redis's socket, because as root another account owns it."""
    return socket_folder(var) / "pg"


def redis_socket(var: Path) -> Path:
    return socket_folder(var) / "redis.sock"


def database_url(var: Path, name: str = "app") -> str:
    """The port is part of it, or a PGPORT in somebody's environment would pick another socket."""
    return f"postgresql://postgres@/{name}?host={postgres_folder(var)}&port=5432"


def redis_url(var: Path) -> str:
    return f"unix://{redis_socket(var)}?db=0"
