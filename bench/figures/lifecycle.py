"""Row 7: jobs a second, from HTTP submits to files in the library, with everything on this machine; and what limits it."""

import time
from collections.abc import Mapping

import psutil

from bench.figures import arena, load
from bench.figures.people import person, start_afresh, use
from bench.figures.plan import Plan, Result
from bench.figures.report import Row, middle
from bench.figures.submits import PEOPLE, orders
from jobs.models import Job

TARGET = 100
ROUNDS = 3
END_SECONDS = 900
SIZES = {1024: "pictures of 1 megapixel", 64: "pictures of 64 × 64: the engine without the pixels"}


def measure(plan: Plan) -> Result:
    url = arena.database(plan.var, "app")
    use(url)
    found: dict[int, list[tuple[float, dict[str, float]]]] = {side: [] for side in SIZES}
    for turn in range(min(ROUNDS, plan.rounds)):
        for side in SIZES:
            found[side].append(_run(plan, url, side, turn))
    rows, notes = [], []
    for side, what in SIZES.items():
        rate = middle(rate for rate, _ in found[side])
        rows.append(
            Row(7, f"Full lifecycle over HTTP, {what}", f"{rate:.1f} jobs/s", "", "", f"≥ {TARGET} jobs/s", rate >= TARGET)
        )
        used = {name: middle(cpu[name] for _, cpu in found[side]) for name in found[side][0][1]}
        notes.append(_limits(what, rate, used))
    return Result(rows, notes)


def _run(plan: Plan, url: str, side: int, turn: int) -> tuple[float, dict[str, float]]:
    """Jobs a second, and CPU milliseconds of a job by process."""
    start_afresh()
    people = [person(number, keys=2) for number in range(1, PEOPLE + 1)]
    with (
        arena.vendors(side) as (_, configured, vendors),
        arena.Site(plan.var, "lifecycle", url, ("web", "io", "media", "poller"), configured) as site,
    ):
        load.all_of(site.port, orders(site.port, people, f"warm-{turn}", 8), 202)
        _await_ends(8)
        processes = arena.everything(site, vendors) | {"clients": psutil.Process()}
        before, began = _cpu(processes), time.time()
        heard = load.all_of(site.port, orders(site.port, people, f"job-{turn}", plan.lifecycle_jobs), 202)
        assert not heard.wrong, heard.wrong[:5]
        _await_ends(8 + plan.lifecycle_jobs)
        after = _cpu(processes)
        last = Job.objects.order_by("-completed_at").values_list("completed_at", flat=True)[0]
        assert last is not None
        assert not Job.objects.exclude(status="completed").exists()
    used = {name: (after[name] - before[name]) * 1000 / plan.lifecycle_jobs for name in before}
    return plan.lifecycle_jobs / (last.timestamp() - began), used


def _cpu(processes: Mapping[str, psutil.Process]) -> dict[str, float]:
    """As arena.cpu_seconds; this process's children are listed by themselves, and not as its own."""
    me = psutil.Process().cpu_times()
    return arena.cpu_seconds({name: each for name, each in processes.items() if name != "clients"}) | {
        "clients": me.user + me.system
    }


def _await_ends(number: int) -> None:
    def ended() -> bool:
        time.sleep(0.2)
        return Job.objects.filter(completed_at__isnull=False).count() >= number

    arena.wait_until(ended, END_SECONDS, f"the end of {number} jobs")


def _limits(what: str, rate: float, used: Mapping[str, float]) -> str:
    cores = psutil.cpu_count() or 1
    parts = ", ".join(f"{name} {spent:.1f}" for name, spent in sorted(used.items(), key=lambda pair: -pair[1]))
    busy = sum(used.values()) * rate / 1000
    return (
        f"Lifecycle, {what}: CPU milliseconds of one job: {parts}; {sum(used.values()):.1f} in all, which is {busy:.1f} of"
        f" {cores} cores at {rate:.0f} jobs/s. "
        + ("The processors are the limit." if busy > 0.8 * cores else _waiting(busy, cores))
    )


def _waiting(busy: float, cores: int) -> str:
    return f"{100 * (1 - busy / cores):.0f} % of them was idle or somebody else's: commits, waits and other work are the limit."
