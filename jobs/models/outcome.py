"""Jobs of which a provider may have made, and billed, what was not delivered: raised for a person, and what the person found.

An item of theirs ended `outcome_unknown`, or we gave up on it while the provider had the order.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from jobs.models.job import Job


class UnknownOutcome(models.Model):
    """Opened when the job fails. Settling it records what the vendor says; it never reopens the job and charges nobody."""

    class Verdict(models.TextChoices):
        NOT_MADE = "not_made", "The vendor knows nothing of it"
        MADE = "made", "The vendor made it"

    job = models.OneToOneField("jobs.Job", on_delete=models.PROTECT, primary_key=True, related_name="unknown_outcome")
    raised_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict.choices, blank=True)
    vendor_cost_cents = models.PositiveIntegerField(null=True, blank=True, help_text="What the vendor charged us, in cents.")
    note = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name_plural = "unknown outcomes"

    def __str__(self) -> str:
        return f"{self.job_id}: {self.get_verdict_display() or 'open'}"

    @classmethod
    def raise_for(cls, job: "Job", at: datetime) -> None:
        """In the transaction that ends the job, if one of its items ended so. Safe to call twice."""
        cls.objects.get_or_create(job=job, defaults={"raised_at": at})
