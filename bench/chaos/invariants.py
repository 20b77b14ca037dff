"""What must be true when all has ended, as queries: each gives the rows for which it is not, the last column in cents
where the group is `adrift`."""

from typing import Any, Final

from bench.chaos import database

LOST: Final = {
    "jobs that never ended": "SELECT id, status, current_stage FROM jobs_job WHERE status IN ('pending', 'processing')",
    "items that never ended": "SELECT id, job_id, stage FROM jobs_item WHERE status IN ('pending', 'processing')",
    "runs that were left behind": "SELECT item_id, lane, attempt FROM jobs_itemrun",
    "delivered items without their file in the library": """
        SELECT i.id, i.job_id FROM jobs_item i LEFT JOIN creative_hub_asset a ON a.item_id = i.id
         WHERE i.status = 'completed' AND a.id IS NULL""",
}

DOUBLED: Final = {
    "jobs with one key": """
        SELECT user_id, idempotency_key, count(*) FROM jobs_job WHERE idempotency_key IS NOT NULL
         GROUP BY 1, 2 HAVING count(*) > 1""",
    "files of one item": """
        SELECT item_id, count(*) FROM creative_hub_asset WHERE item_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1""",
    "charges of one job": "SELECT job_id, count(*) FROM jobs_ledgerentry WHERE kind = 'charge' GROUP BY 1 HAVING count(*) > 1",
}

ADRIFT: Final = {
    "balance and ledger": """
        SELECT team_id, a.posted_cents - coalesce(sum(e.amount_cents), 0) FROM jobs_creditaccount a
          LEFT JOIN jobs_ledgerentry e USING (team_id) GROUP BY team_id, a.posted_cents
        HAVING a.posted_cents <> coalesce(sum(e.amount_cents), 0)""",
    "held for nothing": "SELECT team_id, held_cents FROM jobs_creditaccount WHERE held_cents <> 0",
    "held in a month for nothing": "SELECT membership_id, held_cents FROM jobs_membermonth WHERE held_cents <> 0",
    "cost and charge": """
        SELECT j.id, j.status, j.cost_cents + coalesce(e.amount_cents, 0) FROM jobs_job j
          LEFT JOIN jobs_ledgerentry e ON e.job_id = j.id AND e.kind = 'charge'
         WHERE j.cost_cents + coalesce(e.amount_cents, 0) <> 0""",
    "cost and delivered items": """
        SELECT j.id, j.status, j.cost_cents - coalesce(sum(i.cost_cents) FILTER (WHERE i.status = 'completed'), 0)
          FROM jobs_job j JOIN jobs_item i ON i.job_id = j.id GROUP BY j.id
        HAVING j.cost_cents <> coalesce(sum(i.cost_cents) FILTER (WHERE i.status = 'completed'), 0)""",
    "cost of what did not complete": """
        SELECT id, status, cost_cents FROM jobs_job WHERE status <> 'completed' AND cost_cents <> 0""",
    "running balance": """
        SELECT id, balance_cents - total FROM (
            SELECT id, balance_cents, sum(amount_cents) OVER (PARTITION BY team_id ORDER BY id) AS total FROM jobs_ledgerentry) e
         WHERE balance_cents <> total""",
}

CROOKED: Final = {
    "jobs without exactly one end": """
        SELECT j.id, j.status, count(e.id) FROM jobs_job j
          LEFT JOIN jobs_jobevent e
            ON e.job_id = j.id AND e.from_status <> e.to_status AND e.to_status IN ('completed', 'failed')
         GROUP BY j.id HAVING count(e.id) <> 1 OR max(e.to_status) <> j.status""",
    "transitions that are none": """
        SELECT job_id, seq, from_status, to_status FROM jobs_jobevent WHERE from_status <> to_status
           AND (from_status, to_status) NOT IN (('', 'pending'), ('pending', 'processing'), ('pending', 'failed'),
                                                ('processing', 'completed'), ('processing', 'failed'))""",
    "timelines with a gap": """
        SELECT job_id, seq, from_status, before FROM (
            SELECT job_id, seq, from_status, lag(to_status, 1, '') OVER line AS before, row_number() OVER line AS place
              FROM jobs_jobevent WINDOW line AS (PARTITION BY job_id ORDER BY seq)) e
         WHERE from_status <> before OR seq <> place""",
    "failures without words": "SELECT id FROM jobs_job WHERE status = 'failed' AND (error_code = '' OR error_message = '')",
    "sessions that hold a lock": """
        SELECT a.pid, a.state, l.locktype FROM pg_locks l JOIN pg_stat_activity a USING (pid)
         WHERE l.locktype = 'advisory' AND starts_with(a.state, 'idle') AND a.state_change < now() - interval '5 seconds'""",
}

GROUPS: Final = {"lost": LOST, "doubled": DOUBLED, "adrift": ADRIFT, "crooked": CROOKED}
Violations = dict[str, list[tuple[Any, ...]]]


def broken() -> dict[str, Violations]:
    """For each group the invariants that do not hold, with their rows."""
    return {
        group: {name: found for name, query in queries.items() if (found := database.rows(query))}
        for group, queries in GROUPS.items()
    }
