"""What the Jobs panel shows: the person's newest jobs that pass the filter, and their number and cost."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, Prefetch, Q, QuerySet, Sum
from django.http import QueryDict
from django.urls import reverse

from jobs.filters import JobFilter
from jobs.models import ACTIVE, Item, Job, JobFeed
from jobs.waiting import with_waits
from wevion.accounts.models import MAY_GENERATE, User

STEP = 10
MOST_SHOWN = 200
MOST_COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Total:
    """The number, cost and activity of the jobs that pass the filter. Not exact beyond MOST_COUNTED, unless asked for."""

    count: int
    cost_cents: int
    active: int
    exact: bool


def listing(user: User, params: QueryDict, version: int | None = None) -> dict[str, Any]:
    """The context of `jobs/_jobs.html`. Read `version` before calling, so that no change falls between the two.

    Four queries at most, with the feed's version. A filter that makes no sense leaves the list empty, and says why.
    """
    if version is None:
        version = JobFeed.version_of(user)
    chosen = JobFilter(params, Job.objects.of(user))
    valid = chosen.is_valid()
    query = _query(chosen, params)
    shown = _shown(params)
    jobs = _newest(chosen.qs, user, shown + 1) if valid else []
    here = reverse("jobs")
    return {
        "filter": chosen,
        "filter_error": "" if valid else _explain(chosen),
        "filtered": bool(query),
        "jobs": jobs[:shown],
        "shown": shown,
        "total": _total(chosen.qs, exact="total" in params) if valid else Total(0, 0, 0, True),
        "active": jobs[0].someone_active if jobs else Job.objects.of(user).active().exists(),  # type: ignore[attr-defined]
        "may_generate": jobs[0].role in MAY_GENERATE if jobs else False,  # type: ignore[attr-defined]
        "version": version,
        "query": urlencode(query),
        "here": f"{here}?{urlencode(query | {'n': str(shown)})}",
        "exact": f"{here}?{urlencode(query | {'n': str(shown), 'total': '1'})}",
        "more": f"{here}?{urlencode(query | {'n': str(shown + STEP)})}" if len(jobs) > shown and shown < MOST_SHOWN else "",
        "most_shown": MOST_SHOWN if len(jobs) > shown >= MOST_SHOWN else 0,
    }


def _newest(jobs: "QuerySet[Job]", user: User, most: int) -> list[Job]:
    """The rows with their files; with them what the whole panel must know, to save it a query."""
    return list(
        with_waits(jobs)
        .order_by("-created_at", "-id")
        .annotate(someone_active=Exists(Job.objects.of(user).active()), role=F("user__membership__role"))
        .prefetch_related(Prefetch("items", Item.objects.select_related("asset").order_by("position")))[:most]
    )


def _total(jobs: "QuerySet[Job]", *, exact: bool) -> Total:
    rows = jobs.order_by() if exact else jobs.order_by()[: MOST_COUNTED + 1]
    found = rows.aggregate(count=Count("pk"), cents=Sum("cost_cents"), active=Count("pk", filter=Q(status__in=ACTIVE)))
    exact = exact or found["count"] <= MOST_COUNTED
    return Total(found["count"] if exact else MOST_COUNTED, found["cents"] or 0, found["active"], exact)


def _query(chosen: JobFilter, params: QueryDict) -> dict[str, str]:
    names = [*chosen.filters, "total"]
    return {name: value for name in names if (value := params.get(name))}


def _shown(params: QueryDict) -> int:
    wanted = params.get("n", "")
    return min(max(int(wanted), STEP), MOST_SHOWN) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else STEP


def _explain(chosen: JobFilter) -> str:
    name, errors = next(iter(chosen.form.errors.items()))
    return f"{name}: {errors[0]}"
