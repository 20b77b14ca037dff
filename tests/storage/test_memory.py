"""A large file passes through a worker piece by piece: its size does not matter to the memory."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT
from tests.storage.conftest import NAME, made

MEGABYTES = 100
GROWTH_MB = 50


@pytest.mark.parametrize("place", ["disk", "bucket"])
def test_memory_does_not_grow_with_the_file(place: str, s3_server: str, tmp_path: Path) -> None:
    """By hand, and larger: `python -m tests.storage.memory 2000`."""
    where = {"MEDIA_ROOT": str(tmp_path / "media")}
    if place == "bucket":
        where = {"S3_BUCKET": NAME, "S3_REGION": "eu-west-1", "S3_ENDPOINT_URL": s3_server}
        where |= {"S3_ACCESS_KEY_ID": "test-key", "S3_SECRET_ACCESS_KEY": "test-secret"}
    with made(s3_server):
        command = [sys.executable, "-m", "tests.storage.memory", str(MEGABYTES)]
        ended = subprocess.run(command, cwd=ROOT, env={**os.environ, **where}, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout)
    assert found["after"] - found["before"] < GROWTH_MB, found
