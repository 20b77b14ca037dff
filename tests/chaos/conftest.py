import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.simulated import Simulator
from tests.processes import ROOT, free_port, wait_until


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every account may pass through, as PostgreSQL's must."""
    folder = Path(tempfile.mkdtemp(prefix="wevion-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def _process() -> Iterator[Simulator]:
    port = free_port()
    command = [sys.executable, "-m", "bench.simulator", "--port", str(port), "--seed", "1", "--profile", "none"]
    process = subprocess.Popen(command, cwd=ROOT)
    simulator = Simulator(f"127.0.0.1:{port}")
    try:
        wait_until(simulator.answers, what="the simulator")
        yield simulator
    finally:
        simulator.door.close()
        process.terminate()
        process.wait()


@pytest.fixture
def simulator(_process: Simulator) -> Simulator:
    """A real simulator process that does nothing wrong, and whose renders take no time, until it is told otherwise."""
    _process.control(profile="instant")
    return _process
