"""How money, times and durations are written on a page."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobs.archive import files_of
from jobs.durations import usual_seconds
from jobs.models import Item, Job, JobFeed, Status, ledger
from jobs.studio import studio
from jobs.views.pulse import pulse_of
from jobs.waiting import waiting
from jobs.zone import UTC, zone_of
from wevion.accounts.models import User
from wevion.undo import offered

register = template.Library()
register.simple_tag(waiting)
register.filter("files", files_of)
register.filter("undo", offered)


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


@register.filter
def roughly(value: float) -> str:
    """Seconds that nobody knows exactly: `15 s`, `2 min`, `3 h`."""
    if value > 5400:
        return f"{round(value / 3600)} h"
    return f"{round(value / 60)} min" if value > 90 else f"{max(5, round(value / 5) * 5)} s"


@register.simple_tag(takes_context=True)
def ago(context: Context, at: datetime | None) -> SafeString | str:
    """A relative time that a static script keeps true, with the exact time on hover."""
    return _time(at, "data-ago", _exact(context, at), _ago(_local(context, at))) if at else ""


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None) -> SafeString | str:
    """An exact time, in the person's time zone, which is named."""
    return _time(at, "data-exact", exact := _exact(context, at), exact) if at else ""


def _time(at: datetime, kind: str, title: str, text: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}" {}>{}</time>', at.isoformat(), title, kind, text)


def _local(context: Context, at: datetime) -> datetime:
    request = context.get("request")
    return at.astimezone(zone_of(request) if request else UTC)


def _exact(context: Context, at: datetime) -> str:
    local = _local(context, at)
    return f"{local.day} {local:%b %Y, %H:%M:%S %Z}"


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
    if remaining > 0:
        return f"about {roughly(remaining)} left"
    return "any moment now" if now < late else "taking longer than usual"


@register.simple_tag
def eta(job: Job) -> SafeString | str:
    """The time a running job probably still takes, counted down by a static script."""
    if job.started_at is None:
        return ""
    half, most = usual_seconds(job.type, job.provider)
    likely, late = job.started_at + timedelta(seconds=half), job.started_at + timedelta(seconds=most)
    return format_html(
        '<time datetime="{}" data-left data-late="{}">{}</time>', likely.isoformat(), late.isoformat(), _left(likely, late)
    )


@register.filter
def deleted(job: Job) -> list[Any]:
    """The job's files that are in the trash, or were deleted for good. Reads what was prefetched only."""
    found = [item.asset for item in job.items.all() if hasattr(item, "asset")]
    return [asset for asset in found if asset.deleted_at is not None]


@register.filter
def taken_down(job: Job) -> list[Any]:
    """The job's files that an admin took down; `taken_down_for` says why. Reads what was prefetched only."""
    return [item.asset for item in job.items.all() if hasattr(item, "asset") and item.asset.taken_down_at]


@register.filter
def lost(job: Job) -> list[Item]:
    """The job's items that were not made, in order. Reads what was prefetched only."""
    return [item for item in job.items.all() if item.status in (Status.FAILED, Status.CANCELLED)]


@register.filter
def cancellable(job: Job) -> bool:
    """Whether the person may stop it: it is active, and of a type that allows it."""
    return job.is_active and studio().rules(job.type).cancellable


@register.filter
def row(job: Job) -> str:
    """The partial that draws the job in its status."""
    return f"jobs/_row_{job.status}.html"


@register.filter
def kind(job_type: str) -> str:
    """The badge of a job's type: `image` → `IMAGE`, `style_transfer` → `STYLE`."""
    return studio().types().get(job_type, job_type).upper()


@register.filter
def usually(job: Job) -> int:
    """How long half of such jobs take at most."""
    return usual_seconds(job.type, job.provider)[0]


@register.filter
def words(name: str) -> str:
    """A field's name as a label: `aspect_ratio` → `Aspect ratio`."""
    return name.removesuffix("_id").removeprefix("num_").replace("_", " ").capitalize()


@register.inclusion_tag("jobs/_pulse.html", takes_context=True)
def jobs_pulse(context: Context) -> dict[str, Any]:
    """Keeps an eye on the person's jobs, on whichever page; nothing for a visitor. Two queries. Polls bring the prompts too."""
    user = getattr(context.get("request"), "user", None)
    if not isinstance(user, User):
        return {}
    version = JobFeed.version_of(user)
    return {"pulse": pulse_of(user, prompts=False), "version": version, "notify": user.notify_in_browser}
