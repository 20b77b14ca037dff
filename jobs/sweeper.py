"""What no worker will notice: items past their clocks, jobs that wait too long, work whose message was lost.

Every part is safe to run twice, at the same time, and to be killed in.
"""

import logging

from django.db import connection, transaction

from jobs import clock, doorbell, durations, failpoints, notices, runs
from jobs.models import Item, ItemRun, Job, Status
from jobs.settlement import end_item
from jobs.studio import studio
from jobs.webhooks import outbox

log = logging.getLogger(__name__)

DELAYED_AFTER_SECONDS = 300
OVERDUE_SECONDS = 2
RING_AT_MOST = 100
BATCH = 200

PAST_A_CLOCK = """
SELECT item_id, deadline_at < now() FROM jobs_itemrun
 WHERE deadline_at < now() OR last_progress_at + make_interval(secs => stale_after_seconds) < now()
 LIMIT %s
"""

WAITING_LONG = """
SELECT id FROM jobs_job
 WHERE status = 'pending' AND created_at < now() - make_interval(secs => %s) AND delayed_at IS NULL LIMIT %s
"""


def sweep() -> None:
    """One pass over everything. Call it every few seconds."""
    fail_timed_out()
    mark_delayed()
    ring_for_overdue()
    notices.ring_for_due()
    outbox.ring_for_due()
    outbox.prune()
    durations.measure_if_due()
    studio().sweep()


def fail_timed_out() -> int:
    """Fails the items that made no progress for too long, or ran past their deadline. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(PAST_A_CLOCK, [BATCH])
        late = cursor.fetchall()
    return sum(_time_out(item_id, past_deadline) for item_id, past_deadline in late)


@transaction.atomic
def _time_out(item_id: int, past_deadline: bool) -> bool:
    """Deleting the run fences the worker that may still be at it: whatever it brings later is dropped, uncharged."""
    run = ItemRun.objects.select_for_update(skip_locked=True).filter(pk=item_id).first()
    if run is None:
        return False
    failpoints.reach("during_sweep")
    run.delete()
    minutes = (run.deadline_seconds if past_deadline else run.stale_after_seconds) // 60
    item = Item.objects.select_related("job").get(pk=item_id)
    if run.intent_at and not run.provider_ref:
        end_item(item, "outcome_unknown", "", "No worker came back to tell what became of the order")
        return True
    what = f"did not finish within {minutes} minutes" if past_deadline else f"showed no progress for {minutes} minutes"
    who = "The provider"
    if item.status == Status.PENDING:
        who, what = "It", f"found no free slot within {minutes} minutes"
    end_item(item, "provider_timeout", f"{who} {what}.", order=run.provider_ref)
    return True


def mark_delayed() -> None:
    """Says of jobs that have been pending for five minutes that they are delayed. They do not expire."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING_LONG, [DELAYED_AFTER_SECONDS, BATCH])
        waiting = [row[0] for row in cursor.fetchall()]
    for pk in waiting:
        with transaction.atomic():
            Job.objects.locked(pk).mark_delayed(clock.now())


def ring_for_overdue() -> None:
    """Rings again for work that is due and that nobody holds."""
    for lane, count in runs.overdue(OVERDUE_SECONDS):
        if lane != "poll":
            doorbell.ring("jobs.advance", lane, min(count, RING_AT_MOST), expires_seconds=60)
