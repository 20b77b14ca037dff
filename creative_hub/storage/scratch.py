"""Temporary folders for the media work, and the sweeping of those that a killed worker left behind."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "wevion-work-"
KEPT_SECONDS = 2 * 3600  # longer than any job may take


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder, gone with all in it when the block is left."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as path:
        yield Path(path)


def sweep() -> int:
    """Deletes the folders that no living worker can still use. Returns how many. Call it when a worker starts."""
    old = [path for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*") if _age(path) > KEPT_SECONDS]
    for path in old:
        shutil.rmtree(path, ignore_errors=True)
    return len(old)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0
