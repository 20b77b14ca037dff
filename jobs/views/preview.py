"""The page of one job: what was asked, what came out, what it cost and what happened on the way."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from jobs.filters import PanelFilter
from jobs.models import Item, Job, JobFeed
from jobs.views.panel import is_current
from jobs.views.place import Place
from jobs.views.pulse import pulse_of
from jobs.waiting import with_waits
from jobs.zone import zone_of
from wevion.accounts.login import membership_of
from wevion.accounts.models import User


@never_cache
@vary_on_headers("HX-Request")
@login_required
@require_GET
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """As a page, or for htmx as the section that refreshes itself while the job is active.

    The filter of the list it was opened from comes along in the address, and says which jobs are its neighbours.
    """
    member = membership_of(request)
    version = JobFeed.version_of(member.user)
    if is_current(request, version):
        return HttpResponse(status=204)
    own = with_waits(Job.objects.of(member.user), member.user).select_related("retry_of")
    files = Prefetch("items", Item.objects.select_related("asset").order_by("position"))
    found = get_object_or_404(own.prefetch_related(files, "events"), pk=job_id)
    context = {
        "job": found,
        "asked": json.dumps({"type": found.type, "provider": found.provider, "prompt": found.prompt, **found.settings}, indent=2),
        "version": version,
        "section": "jobs",
        "may_generate": member.may_generate,
        "plain": True,  # its buttons lead to the list, rather than swap one that is not here
        **_neighbours(request, member.user, found),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "jobs/job.html", context)
    return render(request, "jobs/_job.html", context | {"pulse": pulse_of(member.user)})


def _neighbours(request: HttpRequest, user: User, found: Job) -> dict[str, Any]:
    """The jobs before and after it in the list that it was opened from; an address without a sound filter means all jobs."""
    chosen = PanelFilter(request.GET, Job.objects.of(user), zone_of(request))
    jobs, query = Job.objects.of(user), {}
    if chosen.is_valid():
        jobs, query = chosen.qs, {name: value for name in chosen.filters if (value := request.GET.get(name))}
    place = Place.of(found)
    return {
        "newer": place.newer(jobs).order_by("created_at", "id").values_list("pk", flat=True).first(),
        "older": place.older(jobs).newest_first().values_list("pk", flat=True).first(),
        "query": urlencode(query),
        "here": reverse("jobs") + (f"?{urlencode(query)}" if query else ""),
    }
