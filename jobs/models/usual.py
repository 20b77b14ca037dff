"""How long jobs usually take: measured from the latest of each type and provider. A small table, written once a minute."""

from collections.abc import Iterable
from typing import Any, Final

from django.db import connection, models
from django.db.models import F, Q

FEWEST_JOBS: Final = 20  # of fewer, half and nine in ten say little
LATEST_JOBS: Final = 200

# Each type and provider is one short walk down the index `job_usual`. In order, so that two at once do not lock crosswise.
MEASURE = """
INSERT INTO jobs_usualtime (type, provider, half_seconds, most_seconds, jobs, at)
SELECT t.type, p.provider, greatest(1, ceil(percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds))),
       greatest(1, ceil(percentile_cont(0.9) WITHIN GROUP (ORDER BY seconds))), count(*), now()
  FROM unnest(%(types)s::text[]) AS t (type) CROSS JOIN unnest(%(providers)s::text[]) AS p (provider)
 CROSS JOIN LATERAL (
    SELECT extract(epoch FROM j.completed_at - j.started_at)::float8 AS seconds FROM jobs_job j
     WHERE j.type = t.type AND j.provider = p.provider AND j.status = 'completed'
     ORDER BY j.completed_at DESC LIMIT %(latest)s) latest
 GROUP BY t.type, p.provider HAVING count(*) >= %(fewest)s
 ORDER BY t.type, p.provider
    ON CONFLICT (type, provider) DO UPDATE
   SET half_seconds = excluded.half_seconds, most_seconds = excluded.most_seconds, jobs = excluded.jobs, at = excluded.at
"""


class UsualTime(models.Model):
    """From start to end: how many seconds half of the `jobs` latest completed ones took at most, and nine in ten."""

    type = models.CharField(max_length=20)
    provider = models.CharField(max_length=40)
    half_seconds = models.PositiveIntegerField()
    most_seconds = models.PositiveIntegerField()
    jobs = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint("type", "provider", name="usual_once"),
            models.CheckConstraint(condition=Q(most_seconds__gte=F("half_seconds")), name="usual_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.type}, {self.provider}: {self.half_seconds}–{self.most_seconds} s"

    @classmethod
    def measure(cls, types: Iterable[str], providers: Iterable[str]) -> None:
        """Writes the figures of every type and provider with enough completed jobs; what was written before else stays."""
        chosen: dict[str, Any] = {
            "types": list(types),
            "providers": list(providers),
            "latest": LATEST_JOBS,
            "fewest": FEWEST_JOBS,
        }
        with connection.cursor() as cursor:
            cursor.execute(MEASURE, chosen)
