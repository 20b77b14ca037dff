"""The run's own look at the database, past the product's code."""

import os
import time
from typing import Any, Final

import psycopg

ACTIVE: Final = "SELECT count(*) FROM jobs_job WHERE status IN ('pending', 'processing')"
AWAY_SECONDS: Final = 60

# The clocks of what the simulator lets hang, cut short: the product's own are a quarter of an hour.
HURRY: Final = """
UPDATE jobs_itemrun r SET stale_after_seconds = 20, deadline_seconds = 30, deadline_at = now() + interval '30 seconds'
  FROM jobs_item i JOIN jobs_job j ON j.id = i.job_id
 WHERE i.id = r.item_id AND r.deadline_seconds > 30
   AND CASE j.type WHEN 'image' THEN j.prompt || ' #' || ((j.settings->>'seed')::int + i.position) ELSE j.prompt END = ANY(%s)
"""

# What is under way: lane, how many, of those in somebody's hands, and the longest rest of a lease.
UNDER_WAY: Final = """
SELECT coalesce(lane, 'none'), count(*), count(lease_until), ceil(extract(epoch FROM max(lease_until) - now()))::int
  FROM jobs_itemrun GROUP BY lane ORDER BY lane
"""


def rows(query: str, *parameters: Any) -> list[tuple[Any, ...]]:
    """Waits up to a minute for a database that is being restarted."""
    limit = time.monotonic() + AWAY_SECONDS
    while True:
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
                cursor = connection.execute(query.encode(), parameters)
                return cursor.fetchall() if cursor.description else []
        except psycopg.OperationalError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.2)


def active() -> int:
    return int(rows(ACTIVE)[0][0])


def under_way() -> str:
    """One line for the terminal."""
    told = (f"{count} {lane} ({held} held, {rest or 0} s)" for lane, count, held, rest in rows(UNDER_WAY))
    return ", ".join(told) or "nothing"


def hurry(works: list[str]) -> None:
    rows(HURRY, works)
