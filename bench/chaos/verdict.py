"""What a run left behind, held against every invariant, and told on the terminal."""

import subprocess

from bench.chaos import database, evidence, invariants, report, storm
from bench.chaos.breaking import Breaker
from bench.chaos.clients import Clients
from bench.chaos.world import World
from wevion.stack.run import MANAGE
from wevion.stack.terminal import ROOT


def judged(made: World, clients: Clients, breaker: Breaker, outcome: storm.Outcome) -> bool:
    """True when no job was lost, no work ordered twice, no cent adrift, and every other invariant held."""
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
