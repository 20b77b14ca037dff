"""How money, times and durations are written on a page."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobs.models import Job, Status, ledger
from jobs.studio import studio
from jobs.waiting import waiting

register = template.Library()
register.simple_tag(waiting)


@register.filter
def dollars(cents: int | None) -> str:
    """Integer cents as `$0.15`, with a minus sign in front when negative; empty for None."""
    return "" if cents is None else ledger.dollars(cents)


@register.filter
def seconds(value: float | timedelta | None) -> str:
    """A duration in the largest fitting words: `8 s`, `2 min 5 s`, `1 h 3 min`; empty for None."""
    if value is None:
        return ""
    total = round(value.total_seconds() if isinstance(value, timedelta) else value)
    if total < 60:
        return f"{max(total, 1)} s"
    minutes, rest = divmod(total, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


@register.simple_tag
def ago(at: datetime | None) -> SafeString | str:
    """A relative time that a static script keeps true, with the exact time on hover."""
    return _time(at, "data-ago", _ago(at)) if at else ""


@register.simple_tag
def moment(at: datetime | None) -> SafeString | str:
    """An exact time, in UTC."""
    return _time(at, "data-exact", _exact(at)) if at else ""


def _time(at: datetime, kind: str, text: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}" {}>{}</time>', at.isoformat(), _exact(at), kind, text)


def _exact(at: datetime) -> str:
    return f"{at.day} {at:%b %Y, %H:%M:%S} UTC"


def _ago(at: datetime) -> str:
    """The words of times.js, which goes on counting from here."""
    passed = (timezone.now() - at).total_seconds()
    if passed < 45:
        return "just now"
    if passed < 3600:
        return f"{max(1, round(passed / 60))} min ago"
    if passed < 86400:
        return f"{round(passed / 3600)} h ago"
    return f"{at.day} {at:%b %Y}"


def _left(likely: datetime, late: datetime) -> str:
    """The words of times.js, which goes on counting from here."""
    now = timezone.now()
    remaining = (likely - now).total_seconds()
    if remaining > 90:
        return f"about {round(remaining / 60)} min left"
    if remaining > 0:
        return f"about {max(5, round(remaining / 5) * 5)} s left"
    return "any moment now" if now < late else "taking longer than usual"


@register.simple_tag
def eta(job: Job) -> SafeString | str:
    """The time a running job probably still takes, counted down by a static script."""
    if job.started_at is None:
        return ""
    half, most = studio().typical_seconds(job.type, job.provider)
    likely, late = job.started_at + timedelta(seconds=half), job.started_at + timedelta(seconds=most)
    return format_html(
        '<time datetime="{}" data-left data-late="{}">{}</time>', likely.isoformat(), late.isoformat(), _left(likely, late)
    )


@register.filter
def files(job: Job) -> list[Any]:
    """The job's files in the library, in the order of its items. Reads what was prefetched only."""
    return [item.asset for item in job.items.all() if hasattr(item, "asset")]


@register.filter
def missing(job: Job) -> int:
    """How many of the job's items failed."""
    return sum(item.status == Status.FAILED for item in job.items.all())


@register.filter
def row(job: Job) -> str:
    """The partial that draws the job in its status."""
    return f"jobs/_row_{job.status}.html"


@register.filter
def words(name: str) -> str:
    """A field's name as a label: `aspect_ratio` → `Aspect ratio`."""
    return name.removesuffix("_id").removeprefix("num_").replace("_", " ").capitalize()
