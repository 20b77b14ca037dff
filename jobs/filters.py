"""What can be asked of a list of jobs: once, for the panel and the API."""

from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters.fields import IsoDateTimeField

from jobs.models import ACTIVE, Job, Status
from jobs.studio import studio

STATUSES = [("active", "Active"), *Status.choices]


class MomentField(IsoDateTimeField):
    """An ISO 8601 time as UTC. One that falls out of the calendar on the way there is an error, not a broken query."""

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        try:
            return found and found.astimezone(UTC)
        except OverflowError:
            raise ValidationError("Enter a time between the years 1 and 9999.") from None


class MomentFilter(filters.IsoDateTimeFilter):
    field_class = MomentField


class JobFilter(filters.FilterSet):
    """`qs` of jobs; `errors` names a filter with a bad value. Unknown parameters are not its business."""

    type = filters.ChoiceFilter(choices=lambda: list(studio().types().items()), empty_label="All types")
    status = filters.ChoiceFilter(choices=STATUSES, method="by_status", empty_label="All statuses")
    provider = filters.ChoiceFilter(choices=lambda: list(studio().providers().items()), empty_label="All providers")
    created_after = MomentFilter("created_at", "gte")
    created_before = MomentFilter("created_at", "lt")
    completed_after = MomentFilter("completed_at", "gte")
    completed_before = MomentFilter("completed_at", "lt")
    q = filters.CharFilter("prompt", "icontains", max_length=200, label="Search in prompts")
    folder = filters.UUIDFilter("drive_folder_id")

    class Meta:
        model = Job
        fields: list[str] = []

    def by_status(self, jobs: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        return jobs.filter(status__in=ACTIVE) if value == "active" else jobs.filter(status=value)

    @property
    def errors(self) -> dict[str, list[str]]:
        """Field → messages; empty when every filter is sound."""
        found: Any = self.form.errors.get_json_data()
        return {name: [error["message"] for error in listed] for name, listed in found.items()}
