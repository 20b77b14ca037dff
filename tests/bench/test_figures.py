"""`make bench`, with numbers so small that they prove nothing but that lines are measured and printed.

The rows that need every process (6 to 9) take minutes even so: `make bench ARGS=--quick` has them.
"""

import os
import re
import subprocess
import sys

from tests.processes import ROOT

OURS = ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "PORT", "DJANGO_SETTINGS_MODULE")


def test_a_quick_run_measures_the_rows_of_the_web_and_writes_no_document() -> None:
    document = ROOT / "docs" / "benchmarks.md"
    before = document.read_bytes() if document.exists() else b""
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    done = subprocess.run(
        [sys.executable, "-m", "bench.figures", "--quick", "--rows", "1,2,3,4,5"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    printed = re.findall(r"^(\d)  \S.*\n       \S", done.stdout, re.MULTILINE)
    assert {int(number) for number in printed} == set(range(1, 6)), done.stdout
    assert "load averages" in done.stdout
    assert (document.read_bytes() if document.exists() else b"") == before
