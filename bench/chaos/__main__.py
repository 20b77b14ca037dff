"""python -m bench.chaos [--jobs 1000] [--kills 50] [--seed N] [--seconds S] [--profile storm]

Exit code 0 when no job was lost, no work ordered twice, no cent adrift, and every other invariant held.
"""

import argparse
import asyncio
import random
import secrets
import sys
import time
from pathlib import Path

from bench.chaos import plan, storm, verdict
from bench.chaos.breaking import Breaker
from bench.chaos.clients import Clients
from bench.chaos.world import World, remove, world
from bench.simulator.profiles import PROFILES
from wevion.embedded import CannotStart, redis_url
from wevion.stack import environment, stopping
from wevion.stack.terminal import ROOT, say, shown

SECONDS_PER_KILL = 3.6
LEAST_SECONDS = 20.0


def main() -> int:
    stopping.listen()
    wanted = arguments()
    var = Path(environment.given("VAR_DIR") or ROOT / "var") / "chaos"
    say(f"{wanted.jobs} jobs, {wanted.kills} kills in {wanted.seconds:.0f} s, profile {wanted.profile}, seed {wanted.seed}")
    began = time.monotonic()
    try:
        with world(var, wanted.seed, wanted.profile) as made:
            held = tried(made, wanted)
    except stopping.Stopped:
        say("Stopped.")
        held = True
    except (CannotStart, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if held:
        remove(var)
    say(f"\n{'All held' if held else 'NOT all held'} in {time.monotonic() - began:.0f} s. Seed {wanted.seed}.")
    if not held:
        say(f"Logs, files and database are kept in {shown(var)} until the next run.")
    return 0 if held else 1


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description="Break everything; then prove that nothing broke.")
    parser.add_argument("--jobs", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--seconds", type=float, help="how long faults last; default: 3.6 for each kill")
    parser.add_argument("--patience", type=float, default=300, help="seconds to wait for the last job after the faults")
    parser.add_argument("--profile", choices=sorted(PROFILES), default="storm", help="how the vendors behave")
    wanted = parser.parse_args()
    wanted.seconds = wanted.seconds or max(LEAST_SECONDS, SECONDS_PER_KILL * wanted.kills)
    return wanted


def tried(made: World, wanted: argparse.Namespace) -> bool:
    """The whole run, told on the terminal. True when every invariant held."""
    from bench.chaos import people  # needs Django, which the world has set up

    dice = random.Random(wanted.seed)
    solvent, others = people.seed()
    clients = Clients(made.url, solvent + others, random.Random(dice.random()))
    breaker = Breaker(random.Random(dice.random()), made.product, made.servers, redis_url(made.var))
    submits = plan.submits(dice, wanted.jobs, solvent, others, wanted.seconds)
    events = plan.events(dice, wanted.kills, wanted.seconds)
    outcome = asyncio.run(storm.run(made, clients, breaker, submits, events, wanted.patience))
    return verdict.judged(made, clients, breaker, outcome)


if __name__ == "__main__":
    sys.exit(main())
