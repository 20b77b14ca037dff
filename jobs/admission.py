"""Who may run next: a turn for each team in order, within the slots of the team and of the provider.

Admission is apart from claiming because window functions and row locks do not mix. One advisory lock makes the
counting safe; an item that is not admitted is pending, and its `wake_at` is null.
"""

from collections import Counter
from collections.abc import Mapping

from django.conf import settings
from django.db import connection, transaction

from jobs import doorbell, failpoints
from jobs.sql import IN_PASSING
from jobs.studio import studio

LOCK = 0x61646D6974  # "admit"

# No row, and no wait, when nothing is queued: whose turn came before has admitted it.
TURN = f"""
SELECT pg_advisory_xact_lock(%s), {IN_PASSING}
 WHERE EXISTS (SELECT FROM jobs_itemrun WHERE wake_at IS NULL AND queued_at IS NOT NULL)
"""  # noqa: S608 -- put together from constants

ADMIT = """
WITH busy AS (
    SELECT team_id, provider, count(*) AS n FROM jobs_itemrun WHERE wake_at IS NOT NULL GROUP BY team_id, provider
), team_busy AS (
    SELECT team_id, sum(n) AS n FROM busy GROUP BY team_id
), provider_busy AS (
    SELECT provider, sum(n) AS n FROM busy GROUP BY provider
), turns AS (
    SELECT r.item_id, r.team_id, r.provider, r.queued_at, coalesce(tb.n, 0) AS team_busy,
           coalesce(b.n, 0) + row_number() OVER (PARTITION BY r.team_id, r.provider ORDER BY r.queued_at, r.item_id) AS turn
      FROM jobs_itemrun r
      LEFT JOIN busy b USING (team_id, provider)
      LEFT JOIN team_busy tb USING (team_id)
     WHERE r.wake_at IS NULL AND r.queued_at IS NOT NULL AND coalesce(tb.n, 0) < %(team_slots)s
), open_slots AS (
    -- A provider whose breaker is open gets nobody; when its time is over, one, to see whether it works again.
    SELECT provider,
           CASE WHEN h.open_until > now() THEN 0 WHEN h.open_until IS NOT NULL THEN least(slots, 1) ELSE slots END AS slots
      FROM unnest(%(providers)s::text[], %(slots)s::int[]) AS s (provider, slots) LEFT JOIN jobs_providerhealth h USING (provider)
), placed AS (
    SELECT t.*, coalesce(pb.n, 0) + row_number() OVER (PARTITION BY t.provider ORDER BY turn, queued_at, item_id) AS place
      FROM turns t LEFT JOIN provider_busy pb USING (provider)
     WHERE turn <= %(team_slots)s
), seated AS (
    SELECT item_id, team_busy + row_number() OVER (PARTITION BY team_id ORDER BY turn, queued_at, item_id) AS seat
      FROM placed JOIN open_slots USING (provider)
     WHERE place <= slots
)
UPDATE jobs_itemrun SET wake_at = now()
 WHERE item_id IN (
    -- In the order in which a cancel locks them. What is being cancelled is passed over.
    SELECT item_id FROM jobs_itemrun WHERE item_id IN (SELECT item_id FROM seated WHERE seat <= %(team_slots)s)
     ORDER BY item_id FOR UPDATE SKIP LOCKED)
RETURNING lane
"""


def ask_on_commit() -> None:
    """Lets a worker admit when the transaction commits: not here, where a person waits. Never raises."""
    transaction.on_commit(_ask, robust=True)


def _ask() -> None:
    failpoints.reach("before_ring")
    doorbell.ring("jobs.admit", "io")
    failpoints.reach("after_ring")


def admit() -> int:
    """Admits what fits, and rings for it. Returns how many items were admitted. Safe to call from anywhere, at any time."""
    lanes = seat()
    ring_for(lanes)
    return lanes.total()


def ring_for(lanes: Mapping[str, int]) -> None:
    for lane, times in lanes.items():
        doorbell.ring("jobs.advance", lane, times)


def seat() -> Counter[str]:
    """Admits what fits, and leaves the ringing to the caller: how many items of each lane were admitted."""
    slots = studio().slots()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TURN, [LOCK])
        if not cursor.rowcount:
            return Counter()
        cursor.execute(
            ADMIT,
            {
                "team_slots": settings.TEAM_SLOTS,
                "providers": list(slots),
                "slots": list(slots.values()),
            },
        )
        return Counter(lane for (lane,) in cursor.fetchall())
