"""The no-op job in Procrastinate, on a database of the same PostgreSQL."""

import os
from importlib import import_module

from bench.figures import noop

procrastinate = import_module("procrastinate")

app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=os.environ["OTHERS_URL"]))


async def run_noop(run: str, total: int) -> None:
    noop.ran(run, total)


work = app.task(run_noop, name="noop", queue="noop")
