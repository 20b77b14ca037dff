"""Lists by key: page after page without counting or skipping rows, however many there are, and whatever is added meanwhile."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from jobs.models import Job

PAGE_SIZE = 10
MAX_PAGE_SIZE = 100
OLDER, NEWER = "older", "newer"


@dataclass(frozen=True, slots=True)
class Page:
    """Jobs, newest first, and the URLs of the pages beside them; None where there are none."""

    jobs: list[Job]
    next: str | None
    previous: str | None


def page_of(jobs: QuerySet[Job], request: Request) -> Page:
    """The page that `cursor` and `limit` ask for. Raises ValidationError naming the one that makes no sense."""
    limit, cursor = _limit(request), request.query_params.get("cursor")
    way, at, pk = _read(cursor) if cursor else (OLDER, None, None)
    if at:
        jobs = jobs.filter(_beyond(way, at, pk))
    order = ("-created_at", "-id") if way == OLDER else ("created_at", "id")
    found = list(jobs.order_by(*order)[: limit + 1])
    more, rows = len(found) > limit, found[:limit]
    if way == NEWER:
        rows.reverse()
    older = more if way == OLDER else True
    newer = more if way == NEWER else bool(cursor)
    return Page(
        rows,
        next=_url(request, OLDER, rows[-1]) if rows and older else None,
        previous=_url(request, NEWER, rows[0]) if rows and newer else None,
    )


def _beyond(way: str, at: datetime, pk: UUID | None) -> Q:
    # The first condition is implied by the second, and is the one for which the index is entered.
    if way == OLDER:
        return Q(created_at__lte=at) & (Q(created_at__lt=at) | Q(id__lt=pk))
    return Q(created_at__gte=at) & (Q(created_at__gt=at) | Q(id__gt=pk))


def _limit(request: Request) -> int:
    wanted = request.query_params.get("limit") or str(PAGE_SIZE)
    limit = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 0
    if not 1 <= limit <= MAX_PAGE_SIZE:
        raise ValidationError({"limit": [f"A whole number from 1 to {MAX_PAGE_SIZE}."]})
    return limit


def _url(request: Request, way: str, job: Job) -> str:
    cursor = urlsafe_b64encode(f"{way} {job.created_at.isoformat()} {job.pk}".encode()).decode()
    return replace_query_param(request.build_absolute_uri(), "cursor", cursor)


def _read(cursor: str) -> tuple[str, datetime, UUID]:
    try:
        way, at, pk = urlsafe_b64decode(cursor.encode()).decode().split(" ")
        found = way, datetime.fromisoformat(at), UUID(pk)
        if way in (OLDER, NEWER) and found[1].utcoffset() is not None and 1 < found[1].year < 9999:
            return found
    except (ValueError, binascii.Error):
        pass
    raise ValidationError({"cursor": ["Not a cursor of ours: follow the `next` and `previous` of an answer."]})
