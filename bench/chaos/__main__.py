"""python -m bench.chaos [--jobs 1000] [--kills 50] [--seed N] [--seconds S] [--profile storm]

Exit code 0 when no job was lost, no work ordered twice, no cent adrift, and every other invariant held.
"""

import argparse
import asyncio
import random
import secrets
import subprocess
import sys
import time
from pathlib import Path

from bench.chaos import database, evidence, invariants, plan, report, storm
from bench.chaos.breaking import Breaker
from bench.chaos.clients import Clients
from bench.chaos.world import World, remove, world
from bench.simulator.profiles import PROFILES
from wevion.embedded import CannotStart, redis_url
from wevion.stack import environment, stopping
from wevion.stack.run import MANAGE
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
    return judged(made, clients, breaker, outcome)


def judged(made: World, clients: Clients, breaker: Breaker, outcome: storm.Outcome) -> bool:
    seen, witness = clients.seen, outcome.witness
    pieces = evidence.pieces()
    groups = invariants.broken()
    groups["lost"] |= evidence.lost(pieces, witness, seen, made.var / "media")
    groups["doubled"] |= evidence.doubled(pieces, witness)
    groups["crooked"] |= evidence.crooked(pieces, witness, seen)
    books = subprocess.run([*MANAGE, "reconcile_credits"], cwd=ROOT, capture_output=True, text=True, check=False)
    if books.returncode:
        groups["adrift"]["reconcile_credits"] = [(line, 0) for line in (books.stdout + books.stderr).splitlines()]
    report.counted("What was broken", breaker.done)
    report.counted("What the vendors did", witness["counts"])
    report.counted("How submits were answered", seen.statuses)
    report.table("Jobs", {" ".join(row[:2]): row[2] for row in database.rows(JOBS)})
    report.counted("Work that vendors took and nobody got, by failure", evidence.wasted(pieces, witness))
    report.counted("Tracebacks in the logs", report.tracebacks(made.var / "log"))
    report.table("Times", times(outcome, seen.slowest_submit_seconds))
    report.violations(groups)
    verdict = {group: sum(map(len, found.values())) for group, found in groups.items()}
    verdict["adrift"] = sum(abs(int(row[-1])) or 1 for rows in groups["adrift"].values() for row in rows)
    report.table(
        "Verdict",
        {
            "lost": verdict["lost"],
            "doubled": verdict["doubled"],
            "cents adrift": verdict["adrift"],
            "other violations": verdict["crooked"],
            "progress samples": seen.samples,
            "ended by themselves": ", ".join(breaker.died) or "no process",
            "temporary files that killed workers left": sum(1 for _ in (made.var / "tmp").iterdir()),
        },
    )
    return outcome.ended and not any(verdict.values())


JOBS = """
SELECT status, error_code, count(*) FROM jobs_job GROUP BY 1, 2
UNION ALL SELECT 'all', '', count(*) FROM jobs_job ORDER BY 1, 2
"""


def times(outcome: storm.Outcome, slowest_submit: float) -> dict[str, str]:
    p50, p99, longest = database.rows(
        "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY t), percentile_cont(0.99) WITHIN GROUP (ORDER BY t), max(t)"
        " FROM (SELECT extract(epoch FROM completed_at - created_at)::float8 AS t FROM jobs_job) d"
    )[0]
    return {
        "faults": f"{outcome.storm_seconds:.0f} s",
        "recovery of the slowest job after them": f"{outcome.recovery_seconds:.0f} s{'' if outcome.ended else ' (given up)'}",
        "a job from submit to end, p50, p99, longest": " ".join(f"{value or 0:.0f} s" for value in (p50, p99, longest)),
        "slowest submit": f"{slowest_submit:.1f} s",
    }


if __name__ == "__main__":
    sys.exit(main())
