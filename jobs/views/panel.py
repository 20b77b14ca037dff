"""The Jobs panel. It asks every five seconds while something is active; most of the time the answer is "nothing new"."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from jobs import submission
from jobs.models import Job, JobFeed
from jobs.views.listing import listing
from wevion.accounts.login import membership_of
from wevion.accounts.models import User
from wevion.accounts.views import next_url
from wevion.refusal import Refusal


@never_cache
@vary_on_headers("HX-Request")
@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The list as a page, or for htmx as a section. A poll that brings the current version gets 204, after one query."""
    assert isinstance(request.user, User)
    version = JobFeed.version_of(request.user)
    if is_current(request, version):
        return HttpResponse(status=204)
    context = listing(request.user, request.GET, version)
    status = 400 if context["filter_error"] else 200
    if request.headers.get("HX-Request"):
        return render(request, "jobs/_jobs.html", context, status=status)
    member = membership_of(request)
    context |= {"section": "jobs", "may_generate": member.may_generate, "filter_action": reverse("jobs")}
    return render(request, "jobs/jobs.html", context, status=status)


def is_current(request: HttpRequest, version: int) -> bool:
    """Whether a poll already shows this version of the person's jobs."""
    return bool(request.headers.get("HX-Request")) and request.GET.get("v") == str(version)


@login_required
@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Submits a failed job again, as a new one, and shows the list."""
    job = get_object_or_404(Job.objects.of(membership_of(request).user), pk=job_id)
    try:
        submission.retry(membership_of(request), job)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Submitted again, as a new job. The failed one was not charged.")
    return redirect(next_url(request, reverse("jobs")))


@login_required
@require_POST
def hide(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Takes an ended job out of the list. Its files stay."""
    user = membership_of(request).user
    job = get_object_or_404(Job.objects.of(user), pk=job_id)
    try:
        submission.hide(user, job)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "The job is out of your list. Its files are still in your library.")
    return redirect(next_url(request, reverse("jobs")))
