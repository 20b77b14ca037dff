"""Mail that a job has ended, for people who asked for it: an outbox, one row for each mail."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from jobs.models.status import Status

if TYPE_CHECKING:
    from jobs.models.job import Job

MOST_ATTEMPTS: Final = 5

WISHES: Final[dict[str, list[str]]] = {
    Status.COMPLETED: ["always"],
    Status.PARTIAL: ["always", "failed"],
    Status.FAILED: ["always", "failed"],
}
"""The values of `User.mail_when_done` that want to hear of each end. Who cancels a job knows of it already."""


class JobNotices(models.QuerySet["JobNotice"]):
    def due(self) -> "JobNotices":
        return self.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS, wake_at__lte=Now())

    @transaction.atomic
    def claim(self, rest_seconds: tuple[int, ...]) -> "JobNotice | None":
        """The one that waits longest, counted as tried and put off by the rest of that attempt; None when none is due.

        Nobody else gets it before that rest is over, which must outlast the sending.
        """
        found = self.due().select_for_update(skip_locked=True).order_by("wake_at").first()
        if found is not None:
            rest = timedelta(seconds=rest_seconds[found.attempts])
            self.filter(pk=found.pk).update(attempts=F("attempts") + 1, wake_at=Now() + rest)
        return found


class JobNotice(models.Model):
    job = models.OneToOneField("jobs.Job", on_delete=models.CASCADE, primary_key=True, related_name="notice")
    at = models.DateTimeField()
    wake_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    objects = JobNotices.as_manager()

    class Meta:
        indexes = [models.Index(fields=["wake_at"], condition=Q(sent_at=None, attempts__lt=MOST_ATTEMPTS), name="notice_due")]

    def __str__(self) -> str:
        return f"{self.job_id}: {'sent' if self.sent_at else f'tried {self.attempts} times'}"

    @classmethod
    def write_for(cls, job: "Job") -> bool:
        """If the person wants mail for such an end; says whether. One statement, in the transaction that ends the job."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO jobs_jobnotice (job_id, at, wake_at, attempts)"
                " SELECT %s, %s, %s, 0 FROM accounts_user WHERE id = %s AND mail_when_done = ANY(%s)",
                [job.pk, job.completed_at, job.completed_at, job.user_id, WISHES.get(job.status, [])],
            )
            return bool(cursor.rowcount)

    def sent(self) -> None:
        JobNotice.objects.filter(pk=self.pk).update(sent_at=Now())
