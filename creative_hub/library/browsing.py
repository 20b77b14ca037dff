"""What lies in a folder, in the person's order, a page at a time and by key."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from creative_hub.models import Asset

PAGE: Final = 48


@dataclass(frozen=True, slots=True)
class Sort:
    label: str
    field: str
    descending: bool


SORTS: Final = {
    "newest": Sort("Newest first", "created_at", True),
    "oldest": Sort("Oldest first", "created_at", False),
    "name": Sort("Name", "name", False),
    "largest": Sort("Largest first", "bytes", True),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Files, and the key after which the next ones begin; empty at the end."""

    assets: list[Asset]
    after: str


def page(assets: QuerySet[Asset], sort: str, after: str = "", size: int = 0) -> Page:
    """`size` files, or as many as a page has. A key that makes no sense begins at the start."""
    order, size = SORTS[sort], size or PAGE
    key = _read(after, order) if after else None
    found = list(_ordered(_beyond(assets, order, key) if key else assets, order)[: size + 1])
    return Page(found[:size], _write(found[size - 1], order) if len(found) > size else "")


def neighbours(assets: QuerySet[Asset], sort: str, asset: Asset) -> tuple[Asset | None, Asset | None]:
    """The files before and after this one."""
    order = SORTS[sort]
    back = Sort(order.label, order.field, not order.descending)
    key = getattr(asset, order.field), asset.pk
    before, after = (_ordered(_beyond(assets, way, key), way).first() for way in (back, order))
    return before, after


def _ordered(assets: QuerySet[Asset], order: Sort) -> QuerySet[Asset]:
    sign = "-" if order.descending else ""
    return assets.order_by(f"{sign}{order.field}", f"{sign}id")


def _beyond(assets: QuerySet[Asset], order: Sort, key: tuple[Any, UUID]) -> QuerySet[Asset]:
    # The first condition is implied by the second, and is the one for which the index is entered.
    way, (value, pk) = ("lt" if order.descending else "gt"), key
    ahead = Q(**{f"{order.field}__{way}": value}) | Q(**{f"{order.field}": value, f"id__{way}": pk})
    return assets.filter(Q(**{f"{order.field}__{way}e": value}) & ahead)


def _write(asset: Asset, order: Sort) -> str:
    value = getattr(asset, order.field)
    text = value.isoformat() if isinstance(value, datetime) else value
    return urlsafe_b64encode(json.dumps([text, str(asset.pk)]).encode()).decode()


def _read(after: str, order: Sort) -> tuple[Any, UUID] | None:
    try:
        text, pk = json.loads(urlsafe_b64decode(after.encode()))
        match order.field:
            case "created_at":
                at = datetime.fromisoformat(text)
                return (at, UUID(pk)) if at.tzinfo and 1 < at.year < 9999 else None
            case "bytes":
                return min(abs(int(text)), 2**62), UUID(pk)
        return str(text).replace("\x00", "").encode(errors="ignore").decode(), UUID(pk)
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError, binascii.Error):
        return None
