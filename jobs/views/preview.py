"""The page of one job: what was asked, what came out, what it cost and what happened on the way."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from jobs.archive import WITH_FILES
from jobs.filters import PanelFilter
from jobs.models import Job, JobFeed
from jobs.views.listing import query_of
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
    assert isinstance(request.user, User)
    version = JobFeed.version_of(request.user)
    if is_current(request, version):
        return HttpResponse(status=204)
    member = membership_of(request)
    own = with_waits(Job.objects.all_of(member.user), member.user)
    found = get_object_or_404(own.prefetch_related(WITH_FILES, "events"), pk=job_id)
    chosen = PanelFilter(request.GET, member.user, zone_of(request))
    query = urlencode(query_of(chosen, request.GET) if chosen.is_valid() else {})
    context = {
        "job": found,
        "asked": json.dumps({"type": found.type, "provider": found.provider, "prompt": found.prompt, **found.settings}, indent=2),
        "version": version,
        "section": "jobs",
        "may_generate": member.may_generate,
        "plain": True,  # its buttons lead to the list, rather than swap one that is not here
        "query": query,
        "here": reverse("jobs") + (f"?{query}" if query else ""),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "jobs/job.html", context | _neighbours(chosen, member.user, found))
    return render(request, "jobs/_job.html", context | {"pulse": pulse_of(member.user)})


def _neighbours(chosen: PanelFilter, user: User, found: Job) -> dict[str, Any]:
    """The jobs before and after it in the list that it was opened from; an address without a sound filter means all jobs."""
    jobs = chosen.qs if chosen.is_valid() else Job.objects.of(user)
    place = Place.of(found)
    return {
        "newer": place.newer(jobs).order_by("created_at", "id").values_list("pk", flat=True).first(),
        "older": place.older(jobs).newest_first().values_list("pk", flat=True).first(),
    }
