"""Whether the money adds up: accounts, ledger, jobs and members' months against each other, each in one statement.

A single statement sees a single moment, so the checks hold while jobs run. The first column of a row names the team.
"""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection, transaction

ROWS_SHOWN = 5

# What must be true → the rows for which it is not.
CHECKS: Final = {
    "the balance is the sum of the ledger": """
        SELECT team_id, a.posted_cents, e.total
          FROM jobs_creditaccount a
          FULL JOIN (SELECT team_id, sum(amount_cents) AS total FROM jobs_ledgerentry GROUP BY team_id) e USING (team_id)
         WHERE coalesce(a.posted_cents, 0) <> coalesce(e.total, 0)""",
    "what is held is the price of the active jobs": """
        SELECT team_id, a.held_cents, j.total
          FROM jobs_creditaccount a
          FULL JOIN (SELECT team_id, sum(estimated_cost_cents) AS total FROM jobs_job
                      WHERE status IN ('pending', 'processing') GROUP BY team_id) j USING (team_id)
         WHERE coalesce(a.held_cents, 0) <> coalesce(j.total, 0)""",
    "every job that cost something has its charge, and no other job has one": """
        SELECT coalesce(j.team_id, e.team_id), coalesce(j.id, e.job_id), j.cost_cents, e.amount_cents
          FROM (SELECT id, team_id, cost_cents, completed_at FROM jobs_job WHERE cost_cents > 0) j
          FULL JOIN (SELECT job_id, team_id, amount_cents, at FROM jobs_ledgerentry WHERE kind = 'charge') e
            ON e.job_id = j.id AND e.team_id = j.team_id AND e.at = j.completed_at
         WHERE j.cost_cents IS DISTINCT FROM -e.amount_cents""",
    "no job is given back more than it was charged": """
        SELECT r.team_id, r.job_id, r.amount_cents, c.amount_cents
          FROM jobs_ledgerentry r
          LEFT JOIN jobs_ledgerentry c ON c.job_id = r.job_id AND c.team_id = r.team_id AND c.kind = 'charge'
         WHERE r.kind = 'refund' AND r.amount_cents > coalesce(-c.amount_cents, 0)""",
    "each entry's balance is the sum up to it": """
        SELECT team_id, id, balance_cents, total
          FROM (SELECT team_id, id, balance_cents, sum(amount_cents) OVER (PARTITION BY team_id ORDER BY id) AS total
                  FROM jobs_ledgerentry) e
         WHERE balance_cents <> total""",
    "a month's jobs cost what the month's charges took": """
        SELECT team_id, month, j.total, e.total
          FROM (SELECT team_id, date_trunc('month', completed_at AT TIME ZONE 'UTC')::date AS month, sum(cost_cents) AS total
                  FROM jobs_job WHERE cost_cents > 0 GROUP BY 1, 2) j
          FULL JOIN (SELECT team_id, date_trunc('month', at AT TIME ZONE 'UTC')::date AS month, -sum(amount_cents) AS total
                       FROM jobs_ledgerentry WHERE kind = 'charge' GROUP BY 1, 2) e USING (team_id, month)
         WHERE coalesce(j.total, 0) <> coalesce(e.total, 0)""",
    # Someone who left the team and came back has a new membership, which never held the older jobs: not compared.
    "a member's month has held and been charged what the member's jobs say": """
        SELECT m.team_id, m.user_id, month, y.held_cents, h.total, y.charged_cents, c.total
          FROM jobs_membermonth y
          FULL JOIN (SELECT m.id AS membership_id, date_trunc('month', j.created_at AT TIME ZONE 'UTC')::date AS month,
                            sum(estimated_cost_cents) AS total
                       FROM jobs_job j JOIN accounts_membership m USING (user_id, team_id)
                      WHERE status IN ('pending', 'processing') GROUP BY 1, 2) h USING (membership_id, month)
          FULL JOIN (SELECT m.id AS membership_id, date_trunc('month', j.completed_at AT TIME ZONE 'UTC')::date AS month,
                            sum(cost_cents) AS total
                       FROM jobs_job j JOIN accounts_membership m USING (user_id, team_id)
                      WHERE cost_cents > 0 GROUP BY 1, 2) c USING (membership_id, month)
          JOIN accounts_membership m ON m.id = membership_id
         WHERE (coalesce(y.held_cents, 0), coalesce(y.charged_cents, 0)) <> (coalesce(h.total, 0), coalesce(c.total, 0))
           AND NOT EXISTS (SELECT FROM jobs_job j
                            WHERE j.user_id = m.user_id AND j.team_id = m.team_id AND j.created_at < m.created_at)""",
}


def findings() -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Each check with the first rows that break it; none when it holds."""
    for name, query in CHECKS.items():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '10min'")  # it reads whole tables
            cursor.execute(query)
            yield name, cursor.fetchmany(ROWS_SHOWN)
