"""A place in a list of jobs, newest first: what a page continues from, however many jobs are added above it meanwhile."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from django.db.models import Q

from jobs.models import Job
from jobs.models.job import Jobs

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXT = re.compile(r"([0-9]{1,16})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Place:
    """A job's key. Its text goes into addresses; it says nothing that its reader may not know."""

    at: datetime
    pk: UUID

    @classmethod
    def of(cls, job: Job) -> Self:
        return cls(job.created_at, job.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """None for a text that is no place."""
        found = _TEXT.fullmatch(text)
        return cls(_EPOCH + timedelta(microseconds=int(found[1])), UUID(found[2])) if found else None

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}.{self.pk.hex}"

    # The first condition of each is implied by the second, and is the one for which the index is entered.

    def older(self, jobs: Jobs) -> Jobs:
        return jobs.filter(created_at__lte=self.at).filter(Q(created_at__lt=self.at) | Q(id__lt=self.pk))

    def newer(self, jobs: Jobs) -> Jobs:
        return jobs.filter(created_at__gte=self.at).filter(Q(created_at__gt=self.at) | Q(id__gt=self.pk))

    def down_to(self, jobs: Jobs) -> Jobs:
        """The job itself, and what is newer."""
        return jobs.filter(created_at__gte=self.at).filter(Q(created_at__gt=self.at) | Q(id__gte=self.pk))
