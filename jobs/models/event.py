"""What happened to a job, line by line: the timeline of the preview and the backoffice. Append-only (a trigger holds it)."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, models

from jobs.models.feed import RAISE
from jobs.models.status import Status

if TYPE_CHECKING:
    from jobs.models.job import Job


LINE = """
INSERT INTO jobs_jobevent (job_id, seq, from_status, to_status, at, note, detail)
SELECT %s, coalesce(max(seq), 0) + 1, %s, %s, %s, %s, %s FROM jobs_jobevent WHERE job_id = %s
"""
TELL = f"WITH line AS ({LINE}) {RAISE}"


class JobEvent(models.Model):
    """`note` is a sentence for people; `detail` is what a program or provider said, for the backoffice alone."""

    job = models.ForeignKey("jobs.Job", on_delete=models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    from_status = models.CharField(max_length=12, choices=Status.choices, blank=True)
    to_status = models.CharField(max_length=12, choices=Status.choices)
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    detail = models.CharField(max_length=500, blank=True, default="", db_default="")

    class Meta:
        ordering = ["job", "seq"]
        constraints = [models.UniqueConstraint("job", "seq", name="event_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq}. {self.note or self.to_status}"

    @property
    def is_transition(self) -> bool:
        return self.from_status != self.to_status

    @classmethod
    def append(cls, job: "Job", before: str, after: str, at: datetime, note: str = "", detail: str = "") -> None:
        """Adds the next line. The job's row must be locked, or new: that is what keeps `seq` without gaps or ties."""
        with connection.cursor() as cursor:
            cursor.execute(LINE, [job.pk, before, after, at, note[:500], detail[:500], job.pk])

    @classmethod
    def tell(cls, job: "Job", before: str, after: str, at: datetime, note: str = "", detail: str = "") -> None:
        """As `append`, and raises the person's feed. Call it last: the feed's row is hot, and locked until the commit."""
        with connection.cursor() as cursor:
            cursor.execute(TELL, [job.pk, before, after, at, note[:500], detail[:500], job.pk, job.user_id])


def first_sentence(message: str) -> str:
    """What happened, without what to do about it and without its full stop: the beginning of a line of the timeline."""
    return message[:300].partition(". ")[0].rstrip(".")


def said_of(order: str) -> str:
    """The end of a line: under which reference a person finds at the provider what we gave up on."""
    return f". The provider's reference: {order}" if order else ""
