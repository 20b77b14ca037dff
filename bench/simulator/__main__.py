"""python -m bench.simulator --port 9001 --seed 1 [--profile calm]"""

import argparse
import sys

from aiohttp import web

from bench.simulator.app import application
from bench.simulator.profiles import PROFILES


def ready(*_: object) -> None:
    sys.stdout.write("Ready\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.simulator", description="BFL and HeyGen on loopback.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", choices=sorted(PROFILES), default="none")
    wanted = parser.parse_args()
    web.run_app(
        application(wanted.seed, PROFILES[wanted.profile]),
        host="127.0.0.1",
        port=wanted.port,
        access_log=None,
        backlog=4096,
        shutdown_timeout=0.2,
        handler_cancellation=True,  # or a client that gave up on a hanging answer would leave its handler behind for ever
        print=ready,
    )


if __name__ == "__main__":
    main()
