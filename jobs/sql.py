"""The statements on runs. Each does in one round trip what must happen together, and carries the claim's token."""

from typing import Final

from jobs.models import Item, Job
from wevion.rows import columns

# A commit that waits for no disk. What a crash of the database takes back then is a lease or an admission, and both are
# taken anew; it breaks the connection too, so a worker whose claim was taken back writes nothing more under it.
IN_PASSING: Final = "set_config('synchronous_commit', 'off', true)"

# In autocommit: it picks due runs that nobody holds, passes over those being claimed, takes the lease, and reads the item
# and its job. A lease found expired means that its worker died or hangs: `crashes` counts it. The first claim starts both
# clocks. A run that changed hands since the statement began has another attempt, and is left alone: its item would be
# read as it was before.
CLAIM: Final = f"""
WITH due AS (
    SELECT item_id, attempt FROM jobs_itemrun
     WHERE lane = %(lane)s AND wake_at <= now() AND (lease_until IS NULL OR lease_until < now())
       AND provider <> ALL (%(without)s)
     ORDER BY wake_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE jobs_itemrun r
   SET attempt = r.attempt + 1, crashes = r.crashes + (r.lease_until IS NOT NULL)::int,
       lease_until = now() + make_interval(secs => %(lease_seconds)s),
       last_progress_at = coalesce(r.last_progress_at, now()),
       deadline_at = coalesce(r.deadline_at, now() + make_interval(secs => r.deadline_seconds))
  FROM due JOIN jobs_item i ON i.id = due.item_id JOIN jobs_job j ON j.id = i.job_id
 WHERE r.item_id = due.item_id AND r.attempt = due.attempt AND {IN_PASSING} = 'off'
RETURNING r.attempt, r.crashes, r.errors, r.provider_ref, r.intent_at IS NOT NULL, r.memo,
    extract(epoch FROM now() - r.wake_at)::float8, {columns(Item, "i")}, {columns(Job, "j")}
"""  # noqa: S608 -- put together from constants

LOCK: Final = f"""
SELECT now(), j.status, {IN_PASSING}
  FROM jobs_itemrun r JOIN jobs_item i ON i.id = r.item_id JOIN jobs_job j ON j.id = i.job_id
 WHERE r.item_id = %(item_id)s AND r.attempt = %(attempt)s FOR UPDATE OF r FOR NO KEY UPDATE OF j
"""  # noqa: S608

# An intent that another attempt has written is not written again, unless the call may be repeated. The reference of an
# earlier stage is none of this one's.
INTEND: Final = """
UPDATE jobs_itemrun
   SET intent_at = now(), provider_ref = '', lease_until = now() + make_interval(secs => %(lease_seconds)s)
 WHERE item_id = %(item_id)s AND attempt = %(attempt)s AND (intent_at IS NULL OR %(again)s)
RETURNING item_id
"""

KEEP_REFERENCE: Final = """
UPDATE jobs_itemrun SET provider_ref = %(ref)s WHERE item_id = %(item_id)s AND attempt = %(attempt)s RETURNING item_id
"""

EXTEND: Final = """
UPDATE jobs_itemrun
   SET lease_until = now() + make_interval(secs => %(lease_seconds)s),
       last_progress_at = CASE WHEN %(moved)s THEN now() ELSE last_progress_at END
 WHERE item_id = %(item_id)s AND attempt = %(attempt)s
RETURNING item_id
"""

# On to the next stage, or back to sleep. Without a lease the run is free for anyone when it wakes, and the claim that gave
# it up is void at once.
HAND_ON: Final = """
UPDATE jobs_itemrun
   SET lane = %(lane)s, wake_at = now() + make_interval(secs => %(seconds)s),
       lease_until = now() + make_interval(secs => %(lease_seconds)s),
       attempt = attempt + (%(lease_seconds)s::float8 IS NULL)::int,
       errors = %(errors)s, crashes = 0, memo = (memo - 'answer') || %(memo)s::jsonb,
       last_progress_at = CASE WHEN %(moved)s THEN now() ELSE last_progress_at END,
       intent_at = CASE WHEN %(keep_intent)s THEN intent_at END
 WHERE item_id = %(item_id)s AND attempt = %(attempt)s
RETURNING item_id, memo, provider_ref
"""

END: Final = "DELETE FROM jobs_itemrun WHERE item_id = %(item_id)s AND attempt = %(attempt)s RETURNING item_id"

# What people see of a run that was changed: the item's stage and percent, the mean of all items on the job, and a higher
# number in the person's feed. Progress never falls, and stays below 100 until the job completes. Each part waits for what
# the one before returns, which is the order of locks: run, item, job, feed. The other items' percents are read as they were.
_SHOWN = """
shown AS (
    UPDATE jobs_item i SET stage = %(stage)s, progress_percent = greatest(i.progress_percent, %(percent)s)
      FROM run WHERE i.id = run.item_id RETURNING i.id, i.job_id, i.progress_percent
), moved AS (
    UPDATE jobs_job j SET current_stage = %(stage)s, progress_percent = greatest(j.progress_percent, least(99, (
               SELECT avg(percent)::int FROM (
                   SELECT i.progress_percent AS percent FROM jobs_item i WHERE i.job_id = shown.job_id AND i.id <> shown.id
                   UNION ALL SELECT shown.progress_percent) AS every)))
      FROM shown WHERE j.id = shown.job_id AND j.status = 'processing' RETURNING j.user_id
), told AS (
    INSERT INTO jobs_jobfeed (user_id, version) SELECT user_id, 1 FROM moved
        ON CONFLICT (user_id) DO UPDATE SET version = jobs_jobfeed.version + 1
)
"""


def shown(statement: str) -> str:
    """The statement on a run, and then what people see of it, which takes `stage` and `percent`. It returns the same."""
    return f"WITH run AS ({statement}), {_SHOWN} SELECT * FROM run"  # noqa: S608
