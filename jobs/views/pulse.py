"""What every page of a person keeps an eye on: how many jobs run, and which have just ended."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, Model, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, Left, Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jobs.models import TERMINAL, Job, JobFeed
from wevion.accounts.models import User

ENDED_WITHIN = timedelta(minutes=10)
BEGUN_WITHIN = timedelta(days=1)  # so that the index of the newest jobs is read, and not all that the person has
MOST_ENDED = 8

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Pulse:
    """`ended` is for the page's script: a JSON list of the jobs that ended a short while ago, the newest first."""

    running: int
    ended: str
    role: str | None

    @classmethod
    def on(cls, row: Any) -> "Pulse":
        """From a row of `with_pulse`."""
        return cls(row.running, json.dumps(row.ended), row.role)


def pulse_of(user: User, *, prompts: bool = True) -> Pulse:
    """One query."""
    return Pulse.on(with_pulse(User.objects.filter(pk=user.pk), user, "membership__role", prompts=prompts).get())


def with_pulse(rows: "QuerySet[Row]", user: User, role: str, *, prompts: bool = True) -> "QuerySet[Row]":
    """Rows that each carry the person's pulse: the database works it out once for all of them."""
    own = Job.objects.of(user)
    running = own.active().order_by().values("user").annotate(number=Count("pk")).values("number")
    ended = own.filter(status__in=TERMINAL, created_at__gt=Now() - BEGUN_WITHIN, completed_at__gt=Now() - ENDED_WITHIN)
    told = JSONObject(id="id", status="status", type="type", prompt=Left("prompt", 80) if prompts else Value(""))
    seen: QuerySet[Row] = rows.annotate(  # type: ignore[assignment]
        running=Coalesce(Subquery(running, IntegerField()), 0),
        ended=ArraySubquery(ended.order_by("-completed_at").values(told=told)[:MOST_ENDED]),
        role=F(role),
    )
    return seen


@never_cache
@login_required
@require_GET
def pulse(request: HttpRequest) -> HttpResponse:
    """What a page without a list of jobs asks while some are running; 204 when nothing has changed, after one query."""
    assert isinstance(request.user, User)
    version = JobFeed.version_of(request.user)
    if request.GET.get("v") == str(version):
        return HttpResponse(status=204)
    notify = request.user.notify_in_browser
    return render(request, "jobs/_pulse.html", {"pulse": pulse_of(request.user), "version": version, "notify": notify})
