"""python -m wevion.stack run | test [pytest's arguments] | lint | servers"""

import os
import sys
from contextlib import ExitStack
from pathlib import Path

from wevion.embedded import CannotStart
from wevion.embedded.owner import owning
from wevion.stack import environment, run, stopping, suite
from wevion.stack.terminal import ROOT, say


def main(arguments: list[str]) -> int:
    stopping.listen()
    command, rest = (arguments or [""])[0], arguments[1:]
    try:
        environment.load(ROOT / ".env")
        var = Path(environment.given("VAR_DIR") or ROOT / "var")
        match command:
            case "run":
                run.run(var)
            case "servers":
                servers(var)
            case "test":
                return suite.test(var / "test", rest)
            case "lint":
                return suite.lint()
            case _:
                say(str(__doc__))
                return 2
    except stopping.Stopped:
        say("Stopped.")
        return 0 if command in ("run", "servers") else 130
    except (CannotStart, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def servers(var: Path) -> None:
    """PostgreSQL and Redis alone, for a Django started by other means."""
    with ExitStack() as stack:
        var = stack.enter_context(owning(var))
        running = run.serve(var, stack)
        say(f"DATABASE_URL={os.environ['DATABASE_URL']}\nREDIS_URL={os.environ['REDIS_URL']}")
        while True:
            run.revive(running)
            stopping.pause(0.2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
