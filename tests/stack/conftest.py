import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from wevion.embedded.addresses import socket_folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may pass through; pytest's own are closed to the account PostgreSQL gets from root."""
    folder = Path(tempfile.mkdtemp(prefix="wevion-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(socket_folder(folder / "var"), ignore_errors=True)  # an owner that was killed left it
    shutil.rmtree(folder)
