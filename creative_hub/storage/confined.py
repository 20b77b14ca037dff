"""Opening a clip or sound in a process of its own.

Decoders are native code, and the files come from anywhere: a hostile one may crash, hang or fill the memory of whoever
opens it. So that is a child, with limits on memory, time and output, and without our environment: it knows no secret.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WALL_SECONDS = 60
CHILD = [sys.executable, "-m", "creative_hub.storage.clips"]
INHERITED = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR")


class Unreadable(Exception):
    """The file cannot be opened, or only at a cost that we do not pay."""


def run(act: str, *arguments: str | Path) -> dict[str, Any]:
    """What the act of creative_hub.storage.clips answers. Raises Unreadable when it fails, is killed or takes too long."""
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    command = [*CHILD, act, *map(str, arguments)]
    try:
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=WALL_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable(f"not read within {WALL_SECONDS} seconds") from None
    if ended.returncode < 0:
        raise Unreadable(f"reading it ended with signal {-ended.returncode}")
    if ended.returncode:
        raise Unreadable(_last_line(ended.stderr))
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[-1][:200] if lines else "reading it failed"
