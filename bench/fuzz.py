"""python -m bench.fuzz [--minutes 10]: Schemathesis against the running API for longer than `make test` has time for."""

import argparse
import os
import sys
from contextlib import ExitStack
from pathlib import Path

from wevion.embedded import CannotStart
from wevion.embedded.owner import owning
from wevion.stack import environment, run, stopping, suite
from wevion.stack.terminal import ROOT, say

PYTEST = ["-m", "pytest", "-q", "tests/api/test_programs.py", "-k", "schemathesis"]


def main() -> int:
    """Exit code 0 when it found nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description="Everything the API's description allows, and not.")
    parser.add_argument("--minutes", type=float, default=10)
    seconds = int(parser.parse_args().minutes * 60)
    stopping.listen()
    environment.load(ROOT / ".env")
    var = Path(environment.given("VAR_DIR") or ROOT / "var") / "fuzz"
    os.environ["VAR_DIR"] = str(var)
    try:
        with ExitStack() as stack:
            run.serve(stack.enter_context(owning(var)), stack)
            return suite.step("schemathesis", PYTEST, {"DEVELOPMENT": "true", "FUZZ_SECONDS": str(seconds)}, last=True)
    except stopping.Stopped:
        say("Stopped.")
        return 130
    except (CannotStart, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
