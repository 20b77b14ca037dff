"""Row 9: no-op jobs in Celery, Dramatiq and Procrastinate, and in our engine, on the same PostgreSQL and Redis."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import psycopg

from bench.figures import arena, noop
from bench.figures.people import person, start_afresh, use
from bench.figures.plan import Plan, Result
from bench.figures.report import Row, middle
from bench.figures.studio import NOOP
from jobs import submission
from jobs.models import Job
from jobs.submission import Order
from wevion import embedded
from wevion.embedded.postgres import CREATE

ROUNDS = 3
END_SECONDS = 600
MISSING = "not measured: pip install -r requirements-bench.txt"
NAMES = {
    "celery": "Celery, threads",
    "dramatiq": "Dramatiq, threads",
    "procrastinate": "Procrastinate, asyncio",
    "engine": "Our engine, one stage that does nothing",
}


def measure(plan: Plan) -> Result:
    rates: dict[str, list[float]] = {name: [] for name in NAMES if name == "engine" or find_spec(name)}
    for _ in range(min(ROUNDS, plan.rounds)):
        for name, found in rates.items():
            found.append(RUNS[name](plan))
    floor = middle(rates["celery"])
    rows = []
    for name, what in NAMES.items():
        if name in rates:
            rate = middle(rates[name])
            figure, ratio = f"{rate:.0f} jobs/s", f"{rate / floor:.2f} × Celery"
        else:
            figure, ratio = MISSING, ""
        rows.append(Row(9, f"{plan.noop_jobs:,} no-op jobs: {what}", figure, "", ratio))
    return Result(rows, NOTES)


NOTES = [
    (
        f"Each of the others: one worker process, {noop.THREADS} threads (Procrastinate: {noop.THREADS} coroutines), one client"
        " that submits one job after the other; from the first submit to the end of the last. Celery and Dramatiq keep nothing"
        " but a message, which a killed worker (Celery, as set here) or a flushed Redis loses; Procrastinate keeps a row."
    ),
    (
        "Our engine, in the same way: the `io` worker and the poller. One of its jobs does what those do not: it holds credit and"
        " charges it, waits its turn between teams, takes a lease that fences late workers, and writes item, timeline and feed,"
        " in seven transactions or so. It is not a task queue, and costs more than one."
    ),
]


def celery(plan: Plan) -> float:
    with noop.celery_worker(plan.var) as worker:
        return plan.noop_jobs / worker.seconds(plan.noop_jobs)


def dramatiq(plan: Plan) -> float:
    work = import_module("bench.figures.noop_dramatiq").work
    arguments = ["-m", "dramatiq", "bench.figures.noop_dramatiq", "--processes", "1", "--threads", str(noop.THREADS)]
    with noop.worker(plan.var, "noop_dramatiq", arguments, work.send) as worker:
        return plan.noop_jobs / worker.seconds(plan.noop_jobs)


def procrastinate(plan: Plan) -> float:
    with _procrastinate_database(plan.var), ExitStack() as stack:
        module = import_module("bench.figures.noop_procrastinate")
        stack.enter_context(module.app.open())
        module.app.schema_manager.apply_schema()
        arguments = ["-m", "procrastinate", "--app", "bench.figures.noop_procrastinate.app", "worker"]
        arguments += ["--concurrency", str(noop.THREADS), "--queues", "noop"]
        submit = module.work.configure(queue="noop")

        def defer(run: str, total: int) -> object:
            return submit.defer(run=run, total=total)

        with noop.worker(plan.var, "noop_procrastinate", arguments, defer) as worker:
            return plan.noop_jobs / worker.seconds(plan.noop_jobs)


@contextmanager
def _procrastinate_database(var: Path) -> Iterator[None]:
    with psycopg.connect(embedded.database_url(var, "postgres"), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS others WITH (FORCE)")
        connection.execute(CREATE.replace("DATABASE app", "DATABASE others").encode())
    os.environ["OTHERS_URL"] = embedded.database_url(var, "others")
    yield


def engine(plan: Plan) -> float:
    url = arena.database(plan.var, "app")
    use(url)
    start_afresh()
    member = person(1).member
    order = Order("image", NOOP, "nothing", {}, [1], stale_after_seconds=900, deadline_seconds=1800)
    with arena.Site(plan.var, "engine", url, ("io", "poller")):
        for _ in range(10):
            submission.submit(member, order)
        _await_ends(10)
        began = time.perf_counter()
        for _ in range(plan.noop_jobs):
            submission.submit(member, order)
        _await_ends(10 + plan.noop_jobs)
        return plan.noop_jobs / (time.perf_counter() - began)


def _await_ends(number: int) -> None:
    def ended() -> bool:
        time.sleep(0.1)
        return Job.objects.filter(status="completed").count() >= number

    arena.wait_until(ended, END_SECONDS, f"the end of {number} jobs")


RUNS: dict[str, Callable[[Plan], float]] = {
    "celery": celery,
    "dramatiq": dramatiq,
    "procrastinate": procrastinate,
    "engine": engine,
}
