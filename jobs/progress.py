"""Progress that people see: monotonic, throttled, fenced."""

import time

from django.db import connection, transaction

from jobs import runs
from jobs.pipeline import Stage
from jobs.runs import Claim

MIN_SECONDS = 1.0

# The other items' percents are read as they were; this one's from what the first part returns.
SHOW = """
WITH shown AS (
    UPDATE jobs_item SET stage = %(stage)s, progress_percent = greatest(progress_percent, %(percent)s)
     WHERE id = %(item_id)s RETURNING id, job_id, progress_percent
), moved AS (
    UPDATE jobs_job j SET current_stage = %(stage)s, progress_percent = greatest(j.progress_percent, least(99, (
               SELECT avg(percent)::int FROM (
                   SELECT i.progress_percent AS percent FROM jobs_item i WHERE i.job_id = shown.job_id AND i.id <> shown.id
                   UNION ALL SELECT shown.progress_percent) AS every)))
      FROM shown WHERE j.id = shown.job_id AND j.status = 'processing' RETURNING j.user_id
)
INSERT INTO jobs_jobfeed (user_id, version) SELECT user_id, 1 FROM moved
    ON CONFLICT (user_id) DO UPDATE SET version = jobs_jobfeed.version + 1
"""


def report(claim: Claim, stage: Stage, percent: int) -> None:
    """A renderer's word that it is `percent` through its stage. At most one write a second; raises LeaseLost.

    Renderers may call it as often as they like.
    """
    now = time.monotonic()
    if now - _last.get(claim.item.pk, 0.0) < MIN_SECONDS:
        return
    _last.clear()  # one item at a time in a process: this is a clock, not a cache
    _last[claim.item.pk] = now
    with transaction.atomic():
        runs.extend(claim, stage.lease_seconds, moved=True)
        show(claim, stage, percent)


_last: dict[int, float] = {}


def show(claim: Claim, stage: Stage, stage_percent: int) -> None:
    """Writes the item's stage and percent, the mean of all items on the job, and raises the person's feed: one statement.

    Call it in a transaction that holds the fence. Progress never falls, and stays below 100 until the job completes.
    """
    claim.item.stage = stage.name
    percent = stage.item_percent(stage_percent)
    with connection.cursor() as cursor:
        cursor.execute(SHOW, {"item_id": claim.item.pk, "stage": stage.name, "percent": percent})
