"""The dashboard: what one's jobs cost, how they ended and how long they took; the whole team's for those who answer for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jobs import clock
from jobs.models import FAILURES
from jobs.models.ledger import dollars
from jobs.studio import studio
from jobs.usage import Tally, Usage, usage
from jobs.views.charts import plot, share
from jobs.zone import zone_of
from wevion.accounts.login import membership_of

SPANS: Final = (7, 30, 90)
USUAL: Final = 30


@never_cache
@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """`days` is 7, 30 or 90; `of=team` asks for the whole team's, which is for those who may see its billing."""
    member = membership_of(request)
    of_team = request.GET.get("of") == "team"
    if of_team and not member.may_see_billing:
        raise PermissionDenied("The whole team’s dashboard is for its owners, admins and finance people.")
    wanted = request.GET.get("days", "")
    days = int(wanted) if wanted in {str(span) for span in SPANS} else USUAL
    zone = zone_of(request)
    found = usage(member.team, None if of_team else member.user, clock.now(), days, zone)
    context = {
        "section": "dashboard",
        "days": days,
        "spans": SPANS,
        "of_team": of_team,
        "scope": "&of=team" if of_team else "",
        "may_see_team": member.may_see_billing,
        "may_generate": member.may_generate,
        "zone": str(zone),
        "total": found.total,
        "before": found.before,
    }
    return render(request, "dashboard/dashboard.html", context | (_plots(found) if found.total.jobs else {}))


def _plots(found: Usage) -> dict[str, Any]:
    rows = list(found.days.items())
    names, tallies = [_day(day) for day, _ in rows], list(found.days.values())
    costs = [tally.cost_cents for tally in tallies]
    spend = [f"{name}: {dollars(cents)}" for name, cents in zip(names, costs, strict=True)]
    ends = [f"{name}: {tally.delivered} delivered, {tally.failed} failed" for name, tally in zip(names, tallies, strict=True)]
    longest = max((duration.most_seconds for duration in found.durations), default=0)
    return {
        "rows": list(zip(names, tallies, strict=True)),
        "edges": [names[0], names[len(names) // 2], names[-1]],
        "spend": plot(spend, costs, [0] * len(costs), _short),
        "ends": plot(ends, [tally.delivered for tally in tallies], [tally.failed for tally in tallies], str),
        "providers": _bars(found.providers, studio().providers(), show_slugs=True),
        "types": _bars(found.types, studio().types()),
        "failures": _failures(found),
        "durations": [
            {
                "name": studio().providers().get(duration.provider, duration.provider),
                "duration": duration,
                "half": share(duration.half_seconds, longest),
                "most": share(duration.most_seconds, longest),
            }
            for duration in found.durations
        ],
    }


def _bars(tallies: Mapping[str, Tally], labels: Mapping[str, str], *, show_slugs: bool = False) -> list[dict[str, Any]]:
    """By cost, or by number of jobs where all of them were free. Labels of providers are not unique, so slugs stand beside."""
    free = not any(tally.cost_cents for tally in tallies.values())
    sizes = {slug: tally.jobs if free else tally.cost_cents for slug, tally in tallies.items()}
    most = max(sizes.values(), default=0)
    return [
        {
            "name": labels.get(slug, slug),
            "slug": slug if show_slugs else "",
            "tally": tally,
            "percent": share(sizes[slug], most),
        }
        for slug, tally in tallies.items()
    ]


def _failures(found: Usage) -> list[dict[str, Any]]:
    listed = sorted(found.failures.items(), key=lambda failure: (-failure[1], failure[0]))
    return [
        {"code": code, "failure": FAILURES.get(code), "jobs": jobs, "percent": share(jobs, listed[0][1])} for code, jobs in listed
    ]


def _day(day: date) -> str:
    return f"{day.day} {day:%b}"


def _short(cents: int) -> str:
    """Money on a scale: without cents where there are none."""
    return f"${cents // 100:,}" if cents % 100 == 0 else dollars(cents)
