"""python -m bench.soak [--minutes 30] [--per-minute 60] [--seed N]

Runs the product's processes under a steady load with the few faults of an ordinary day, and samples them. Exit code 0
when memory, open files, connections and dead rows stayed flat, and every invariant of `make chaos` held.
"""

import argparse
import asyncio
import random
import secrets
import sys
import threading
from pathlib import Path

from bench.chaos import plan, storm, verdict
from bench.chaos.breaking import Breaker
from bench.chaos.clients import Clients
from bench.chaos.world import World, remove, world
from bench.soak.samples import Sampler, grown, told
from wevion.embedded import CannotStart, redis_url
from wevion.stack import environment, stopping
from wevion.stack.terminal import ROOT, say, shown


def main() -> int:
    stopping.listen()
    wanted = arguments()
    var = Path(environment.given("VAR_DIR") or ROOT / "var") / "soak"
    say(f"{wanted.minutes:g} minutes at {wanted.per_minute:g} jobs a minute, seed {wanted.seed}")
    try:
        with world(var, wanted.seed, "calm") as made:
            held = tried(made, wanted)
    except stopping.Stopped:
        say("Stopped.")
        held = True
    except (CannotStart, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if held:
        remove(var)
    else:
        say(f"Logs, files and database are kept in {shown(var)} until the next run.")
    return 0 if held else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description="Run for long; then prove that nothing grew.")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--per-minute", type=float, default=60)
    parser.add_argument("--every", type=float, default=10, help="seconds between two samples")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--patience", type=float, default=300, help="seconds to wait for the last job")
    return parser.parse_args()


def tried(made: World, wanted: argparse.Namespace) -> bool:
    """The whole run, told on the terminal. True when nothing grew and every invariant held."""
    from bench.chaos import people  # needs Django, which the world has set up

    dice = random.Random(wanted.seed)
    seconds = wanted.minutes * 60
    solvent, others = people.seed()
    clients = Clients(made.url, solvent + others, random.Random(dice.random()))
    breaker = Breaker(random.Random(dice.random()), made.product, made.servers, redis_url(made.var))
    submits = plan.submits(dice, round(wanted.minutes * wanted.per_minute), solvent, others, seconds)
    sampler = Sampler(made, wanted.every)
    sampling = threading.Thread(target=sampler.run, daemon=True)
    sampling.start()
    try:
        outcome = asyncio.run(storm.run(made, clients, breaker, submits, [], wanted.patience))
    finally:
        sampler.stop.set()
        sampling.join()
    held = verdict.judged(made, clients, breaker, outcome)
    told(sampler.samples)
    for line in (found := grown(sampler.samples)):
        say(f"GREW: {line}")
    return held and not found


if __name__ == "__main__":
    sys.exit(main())
