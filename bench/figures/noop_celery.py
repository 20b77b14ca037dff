"""The no-op job in bare Celery, with the settings that the product uses."""

import os

from celery import Celery

from bench.figures import noop
from wevion.settings import broker

app = Celery("noop", broker=broker(os.environ["REDIS_URL"].replace("db=0", "db=7")))
app.conf.update(task_ignore_result=True, worker_prefetch_multiplier=1, worker_disable_prefetch=True, task_default_queue="noop")


@app.task(name="noop")
def work(run: str, total: int) -> None:
    noop.ran(run, total)
