"""A process that hangs in native code is ended from inside, and one that says that it works is not."""

import subprocess
import sys

from tests.processes import ROOT

HANGS = "import silence, time; {}; silence.heard(0.4); time.sleep(0.2); silence.heard(0.4); {}; time.sleep(20)"


def run(before: str, then: str = "pass") -> tuple[int, str]:
    """In the module's own folder: the whole of the program takes long to import."""
    command = [sys.executable, "-c", HANGS.format(before, then)]
    ended = subprocess.run(command, cwd=ROOT / "wevion", capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


def test_a_silent_process_ends_and_says_where_it_stood() -> None:
    status, said = run("silence.watch()")
    assert (status, "Timeout" in said, "line 1 in <module>" in said) == (1, True, True)


def test_a_task_that_has_ended_and_a_process_that_is_not_watched_may_be_silent() -> None:
    leave = "import sys; sys.exit(7)"
    assert run("silence.watch()", f"silence.over(); time.sleep(0.6); {leave}")[0] == 7
    assert run("pass", f"time.sleep(0.6); {leave}")[0] == 7
