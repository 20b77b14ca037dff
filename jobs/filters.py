"""What can be asked of a list of jobs: once, for the panel and the API."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Lookup, QuerySet, TextField
from django.db.models.functions import Now
from django.http import QueryDict
from django_filters.fields import IsoDateTimeField

from jobs import clock
from jobs.models import ACTIVE, Job, Status
from jobs.studio import studio
from wevion.accounts.models import User

FormClass = type[forms.Form]
STATUSES = [("active", "Active"), *Status.choices]

FAMILIES: Final = {
    "active": ACTIVE,
    "completed": (Status.COMPLETED, Status.PARTIAL),
    "failed": (Status.FAILED, Status.CANCELLED),
}
"""What the panel means by a status that stands for several."""

HIDDEN: Final = "hidden"
"""Not a status, but chosen beside them."""

WHEN: Final = [("today", "Today"), ("7", "Last 7 days"), ("30", "Last 30 days"), ("month", "This month")]

SEARCH_DAYS: Final = 90
"""How far back a search in prompts looks unless dates are given: it reads every row of the person's in that time."""
DATES: Final = ("created_after", "created_before", "completed_after", "completed_before", "when", "since", "until")


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


class DayField(forms.DateField):
    def clean(self, value: Any) -> date | None:
        found: date | None = super().clean(value)
        if found and not 2000 <= found.year < 3000:
            raise ValidationError("Enter a date between the years 2000 and 2999.")
        return found


class DayFilter(filters.DateFilter):
    field_class = DayField


class Holds(Lookup):
    """Whether a text holds some words, in any case. ILIKE, since Django's `icontains` turns every row to upper case first."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, params = self.process_lhs(compiler, connection)
        return f"{text} ILIKE %s", (*params, f"%{connection.ops.prep_for_like_query(self.rhs)}%")


TextField.register_lookup(Holds, "holds")


class JobFilter(filters.FilterSet):
    """`qs` of jobs; `errors` names a filter with a bad value. Unknown parameters are not its business."""

    type = filters.ChoiceFilter(choices=lambda: list(studio().types().items()), empty_label="All types")
    status = filters.ChoiceFilter(choices=STATUSES, method="by_status", empty_label="All statuses")
    provider = filters.ChoiceFilter(choices=lambda: list(studio().providers().items()), empty_label="All providers")
    created_after = MomentFilter("created_at", "gte")
    created_before = MomentFilter("created_at", "lt")
    completed_after = MomentFilter("completed_at", "gte")
    completed_before = MomentFilter("completed_at", "lt")
    q = filters.CharFilter(method="by_words", max_length=200, label="Search in prompts")
    folder = filters.UUIDFilter("drive_folder_id")

    class Meta:
        model = Job
        fields: list[str] = []

    def get_form_class(self) -> FormClass:
        return _form_class(self.__class__)  # type: ignore[arg-type]  # it reads the instances' __hash__

    def by_status(self, jobs: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        return jobs.filter(status__in=ACTIVE) if value == "active" else jobs.filter(status=value)

    def by_words(self, jobs: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        found = jobs.filter(prompt__holds=value)
        return found.filter(created_at__gte=Now() - timedelta(days=SEARCH_DAYS)) if self.looks_back else found

    @property
    def looks_back(self) -> int:
        """The days that a search is confined to; 0 when it is not, or there is none. Ask after `is_valid()`."""
        given = self.form.cleaned_data
        return SEARCH_DAYS if given.get("q") and not any(given.get(name) for name in DATES) else 0

    @property
    def errors(self) -> dict[str, list[str]]:
        """Field → messages; empty when every filter is sound."""
        found: Any = self.form.errors.get_json_data()
        return {name: [error["message"] for error in listed] for name, listed in found.items()}


class PanelFilter(JobFilter):
    """As people ask: by families of statuses, and by whole days of their own time zone, the last one included.

    Of the person's jobs that are in the list; with the status HIDDEN of those that were taken out of it.
    """

    status = filters.ChoiceFilter(choices=[*STATUSES, (HIDDEN, "Hidden")], method="by_status", empty_label="All statuses")
    when = filters.ChoiceFilter(choices=WHEN, method="by_when", empty_label="Any time")
    since = DayFilter(method="by_day")
    until = DayFilter(method="by_day")

    def __init__(self, data: QueryDict, user: User, zone: ZoneInfo) -> None:
        data = data.copy()
        jobs = Job.objects.hidden_of(user) if data.get("status") == HIDDEN else Job.objects.of(user)
        if data.get("since") or data.get("until"):
            data.pop("when", None)  # days that are named say more than a quick choice
        super().__init__(data, jobs)
        self.zone = zone

    def by_status(self, jobs: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        return jobs if value == HIDDEN else jobs.filter(status__in=FAMILIES.get(value, (value,)))

    def by_when(self, jobs: QuerySet[Job], name: str, value: str) -> QuerySet[Job]:
        today = clock.now().astimezone(self.zone).date()
        match value:
            case "today":
                first = today
            case "month":
                first = today.replace(day=1)
            case _:
                first = today - timedelta(days=int(value) - 1)
        return jobs.filter(created_at__gte=self._midnight(first))

    def by_day(self, jobs: QuerySet[Job], name: str, value: date) -> QuerySet[Job]:
        if name == "since":
            return jobs.filter(created_at__gte=self._midnight(value))
        return jobs.filter(created_at__lt=self._midnight(value + timedelta(days=1)))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone).astimezone(UTC)


@cache
def _form_class(kind: type[JobFilter]) -> FormClass:
    """django-filter makes a form's class anew for each request; its fields are the same for everybody."""
    return type(f"{kind.__name__}Form", (forms.Form,), {name: each.field for name, each in kind.base_filters.items()})
