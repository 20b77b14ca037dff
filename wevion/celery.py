"""The Celery application: two lanes, `io` (threads) and `media` (prefork)."""

import os
import threading
import time
from typing import Any

from celery import Celery, signals
from django.db import close_old_connections, connection

from wevion import silence

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wevion.settings")

app = Celery("wevion")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Celery closes the database connection around every task, which costs four fifths of its throughput. It keeps the
# connection instead, and the hook below drops one that has died or grown old: neither works without the other.
app.conf.CELERY_DB_REUSE_MAX = 1_000_000
app.autodiscover_tasks()


IDLE_SECONDS = 5.0
_last = threading.local()


@signals.task_prerun.connect
def drop_stale_connections(**_: Any) -> None:
    """Checks the connection after a pause or an error. Between tasks in quick succession the check would be a query each."""
    if connection.errors_occurred or time.monotonic() - getattr(_last, "at", 0.0) > IDLE_SECONDS:
        close_old_connections()


@signals.task_postrun.connect
def note_use(**_: Any) -> None:
    _last.at = time.monotonic()


@signals.worker_process_init.connect
def watch_for_silence(**_: Any) -> None:
    """In the children of a prefork pool, which do one task at a time."""
    silence.watch()


@signals.task_prerun.connect
def begin_listening(**_: Any) -> None:
    silence.heard()


@signals.task_postrun.connect
def end_listening(**_: Any) -> None:
    silence.over()
