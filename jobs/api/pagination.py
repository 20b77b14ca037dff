"""Lists by key: page after page without counting or skipping rows, however many there are, and whatever is added meanwhile."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

from jobs.models import Job, WebhookDelivery

PAGE_SIZE = 10
MAX_PAGE_SIZE = 100
OLDER, NEWER = "older", "newer"


Row = TypeVar("Row", Job, WebhookDelivery)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, newest first, and the URLs of the pages beside them; None where there are none."""

    rows: list[Row]
    next: str | None
    previous: str | None


def page_of(rows: QuerySet[Row], request: Request) -> Page[Row]:
    """The page that `cursor` and `limit` ask for. Raises ValidationError naming the one that makes no sense."""
    limit, cursor = _limit(request), request.query_params.get("cursor")
    way, at, pk = _read(cursor) if cursor else (OLDER, None, None)
    if at:
        rows = rows.filter(_beyond(way, at, pk))
    order = ("-created_at", "-id") if way == OLDER else ("created_at", "id")
    found = list(rows.order_by(*order)[: limit + 1])
    more, shown = len(found) > limit, found[:limit]
    if way == NEWER:
        shown.reverse()
    older = more if way == OLDER else True
    newer = more if way == NEWER else bool(cursor)
    return Page(
        shown,
        next=_url(request, OLDER, shown[-1]) if shown and older else None,
        previous=_url(request, NEWER, shown[0]) if shown and newer else None,
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


def _url(request: Request, way: str, row: Job | WebhookDelivery) -> str:
    cursor = urlsafe_b64encode(f"{way} {row.created_at.isoformat()} {row.pk}".encode()).decode()
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
