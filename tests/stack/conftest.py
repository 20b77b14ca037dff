import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may pass through; pytest's own are closed to the account PostgreSQL gets from root."""
    folder = Path(tempfile.mkdtemp(prefix="wevion-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
