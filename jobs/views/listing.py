"""What the Jobs panel shows: the person's newest jobs that pass the filter, and their number and cost."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, Q, Sum
from django.http import QueryDict
from django.urls import reverse

from jobs.archive import WITH_FILES
from jobs.filters import HIDDEN, PanelFilter
from jobs.models import ACTIVE, Job, JobFeed
from jobs.models.job import Jobs
from jobs.views.place import Place
from jobs.views.pulse import Pulse, pulse_of, with_pulse
from jobs.waiting import with_waits
from jobs.zone import UTC
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


@dataclass(frozen=True, slots=True)
class Part:
    """A run of rows, and whether the list goes on below it."""

    jobs: list[Job]
    goes_on: bool


def listing(user: User, params: QueryDict, version: int | None = None, zone: ZoneInfo = UTC) -> dict[str, Any]:
    """The context of `jobs/_jobs.html`. Read `version` before calling, so that no change falls between the two.

    Four queries at most, with the feed's version, and a fifth for the present where days are chosen. `upto` in the
    parameters is the last place that is shown already, so that a refresh covers as much; with `more`, the list goes on below
    it; `before` starts below a place. A filter that makes no sense leaves the list empty, and says why.
    """
    if version is None:
        version = JobFeed.version_of(user)
    chosen = PanelFilter(params, user, zone)
    valid = chosen.is_valid()
    query = query_of(chosen, params)
    part = _part(chosen.qs, user, params) if valid else Part([], False)
    pulse = Pulse.on(part.jobs[0]) if part.jobs else pulse_of(user)
    return {
        "filter": chosen,
        "filter_error": "" if valid else _explain(chosen),
        "filtered": bool(query),
        "hidden": query.get("status") == HIDDEN,
        "zone": zone.key,
        "looks_back": chosen.looks_back if valid else 0,
        "jobs": part.jobs,
        "total": _total(chosen.qs, part, params) if valid else Total(0, 0, 0, True),
        "pulse": pulse,
        "active": pulse.running > 0,
        "may_generate": pulse.role in MAY_GENERATE,
        "version": version,
        "query": urlencode(query),
        **_addresses(part, query, params),
    }


def following(user: User, params: QueryDict, zone: ZoneInfo) -> dict[str, Any]:
    """The context of `jobs/_more.html`: the rows below the place `after`, to be put under those that are shown."""
    chosen = PanelFilter(params, user, zone)
    place = Place.read(params.get("after", ""))
    if not chosen.is_valid() or place is None:
        return {"jobs": []}
    part = _first(place.older(chosen.qs), user, STEP)
    query = query_of(chosen, params)
    may_generate = bool(part.jobs) and Pulse.on(part.jobs[0]).role in MAY_GENERATE
    addresses = _addresses(part, query, params, shown=_number(params) + len(part.jobs))
    return {"jobs": part.jobs, "query": urlencode(query), "may_generate": may_generate, **addresses}


def _part(jobs: Jobs, user: User, params: QueryDict) -> Part:
    if before := Place.read(params.get("before", "")):
        jobs = before.older(jobs)
    last = Place.read(params.get("upto", ""))
    if last is None:
        return _first(jobs, user, STEP)
    shown: list[Any] = list(_rows(last.down_to(jobs), user).annotate(goes_on=Exists(last.older(jobs)))[:MOST_SHOWN])
    if not shown:
        return _first(jobs, user, STEP)  # all of them have been hidden meanwhile
    if "more" in params and len(shown) < MOST_SHOWN:
        added = _first(last.older(jobs), user, min(STEP, MOST_SHOWN - len(shown)))
        return Part(shown + added.jobs, added.goes_on)
    return Part(shown, bool(shown[0].goes_on) or (shown[-1].pk != last.pk and len(shown) == MOST_SHOWN))


def _first(jobs: Jobs, user: User, most: int) -> Part:
    found = list(_rows(jobs, user)[: most + 1])
    return Part(found[:most], len(found) > most)


def _rows(jobs: Jobs, user: User) -> Jobs:
    """The rows with their files; with them what the whole panel must know, to save it a query."""
    found = with_pulse(with_waits(jobs.newest_first(), user), user)
    return cast(Jobs, found.prefetch_related(WITH_FILES))


def _total(jobs: Jobs, part: Part, params: QueryDict) -> Total:
    if not part.goes_on and "before" not in params:
        shown = part.jobs
        return Total(len(shown), sum(job.cost_cents for job in shown), sum(job.is_active for job in shown), True)
    exact = "total" in params
    rows = jobs.order_by() if exact else jobs.order_by()[: MOST_COUNTED + 1]
    found = rows.aggregate(count=Count("pk"), cents=Sum("cost_cents"), active=Count("pk", filter=Q(status__in=ACTIVE)))
    exact = exact or found["count"] <= MOST_COUNTED
    return Total(found["count"] if exact else MOST_COUNTED, found["cents"] or 0, found["active"], exact)


def _addresses(part: Part, query: dict[str, str], params: QueryDict, shown: int = 0) -> dict[str, Any]:
    """Where the links of the list lead. Below MOST_SHOWN rows, the older ones begin a list of their own."""
    here, shown = reverse("jobs"), shown or len(part.jobs)
    start = {"before": before} if (before := params.get("before")) else {}
    last = {"upto": str(Place.of(part.jobs[-1]))} if part.jobs else {}
    full = shown >= MOST_SHOWN
    below = last.get("upto", "") if part.goes_on else ""

    def to(**more: str) -> str:
        return f"{here}?{urlencode(query | start | more)}"

    return {
        "shown": shown,
        "upto": last.get("upto", "") if shown > STEP else "",
        "before": start.get("before", ""),
        "here": to(**last) if shown > STEP else to(),
        "poll": to(),
        "exact": to(**last, total="1"),
        "more": to(upto=below, more="1") if below and not full else "",
        "append": to(after=below, n=str(shown)) if below and not full else "",
        "older": f"{here}?{urlencode(query | {'before': below})}" if below and full else "",
        "newest": f"{here}?{urlencode(query)}" if start else "",
    }


def query_of(chosen: PanelFilter, params: QueryDict) -> dict[str, str]:
    """What of the address's parameters chooses jobs."""
    return {name: value for name in (*chosen.filters, "total") if (value := params.get(name))}


def _number(params: QueryDict) -> int:
    said = params.get("n", "")
    return min(int(said), MOST_SHOWN) if said.isascii() and said.isdigit() and len(said) < 6 else 0


def _explain(chosen: PanelFilter) -> str:
    name, errors = next(iter(chosen.form.errors.items()))
    return f"{name}: {errors[0]}"
