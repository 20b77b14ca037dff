"""The page of one job: what was asked, what came out, what it cost and what happened on the way."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from jobs.models import Job, JobFeed
from jobs.views.panel import is_current
from wevion.accounts.login import membership_of


@never_cache
@vary_on_headers("HX-Request")
@login_required
@require_GET
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """As a page, or for htmx as the section that refreshes itself while the job is active."""
    member = membership_of(request)
    version = JobFeed.version_of(member.user)
    if is_current(request, version):
        return HttpResponse(status=204)
    found = get_object_or_404(
        Job.objects.of(member.user).select_related("retry_of").prefetch_related("items__asset", "events"), pk=job_id
    )
    context = {
        "job": found,
        "version": version,
        "section": "jobs",
        "may_generate": member.may_generate,
        "here": reverse("jobs"),
        "plain": True,  # its buttons lead to the list, rather than swap one that is not here
    }
    template = "jobs/_job.html" if request.headers.get("HX-Request") else "jobs/job.html"
    return render(request, template, context)
