"""What a job stores on its way, for its own later stages: gone when the job has ended."""

import re
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.core.files.storage import default_storage

from creative_hub.storage import store

UUID_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def keep(job_id: UUID, name: str, source: Path) -> str:
    """Stores the file, and returns where. OSError."""
    stored = f"work/{job_id}/{name}"
    store.save(source, stored)
    return stored


def names(under: str) -> list[str]:
    """The files that lie in the folder itself. OSError."""
    try:
        with store.bucket_errors():
            return [f"{under}/{name}" for name in default_storage.listdir(under)[1]]
    except FileNotFoundError:
        return []


def jobs() -> list[UUID]:
    """The jobs that something is stored for. OSError."""
    try:
        with store.bucket_errors():
            return [UUID(name) for name in default_storage.listdir("work")[0] if UUID_NAME.fullmatch(name)]
    except FileNotFoundError:
        return []


def forget(job_id: UUID) -> None:
    """Removes all of it. Safe to call twice. OSError."""
    remove(names(f"work/{job_id}"), f"work/{job_id}")


def remove(files: list[str], folder: str) -> None:
    """Removes the files, and the folder if nothing is left in it, where a storage has folders."""
    for name in files:
        store.delete(name)
    if files and not names(folder):
        with suppress(OSError):
            store.delete(folder)
