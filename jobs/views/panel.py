"""The Jobs panel. It asks every five seconds while something is active; most of the time the answer is "nothing new"."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from jobs import bulk, submission
from jobs.models import Job, JobFeed
from jobs.views.listing import following, listing
from jobs.zone import zone_of
from wevion import undo
from wevion.accounts.login import membership_of, page_of
from wevion.accounts.models import User
from wevion.accounts.views import next_url
from wevion.refusal import Refusal

ADDRESSES = {"jobs-filter": "HX-Push-Url", "id_q": "HX-Replace-Url"}
"""How a filter gets into the address: each choice as a step to come back to, words as they are typed as one."""


@never_cache
@vary_on_headers("HX-Request")
@login_required
@require_GET
def jobs(request: HttpRequest) -> HttpResponse:
    """The list as a page, or for htmx as a section. A poll that brings the current version gets 204, after one query."""
    assert isinstance(request.user, User)
    htmx = bool(request.headers.get("HX-Request"))
    if htmx and "after" in request.GET:
        response = render(request, "jobs/_more.html", following(request.user, request.GET, zone_of(request)))
        response["HX-Replace-Url"] = reload_address(request)
        return response
    version = JobFeed.version_of(request.user)
    if is_current(request, version):
        return HttpResponse(status=204)
    context = listing(request.user, request.GET, version, zone_of(request))
    status = 400 if context["filter_error"] else 200
    if htmx:
        response = render(request, "jobs/_jobs.html", context, status=status)
        source = request.headers.get("HX-Source", "").rpartition("#")[2]
        if source in ADDRESSES:
            page = page_of(request, "HX-Current-URL")
            again = page._replace(scheme="", netloc="").geturl() == context["here"]  # sent twice: no step to come back to
            response["HX-Replace-Url" if again else ADDRESSES[source]] = context["here"]  # without the fields left empty
        return response
    member = membership_of(request)
    context |= {"section": "jobs", "may_generate": member.may_generate, "filter_action": reverse("jobs")}
    return render(request, "jobs/jobs.html", context, status=status)


def reload_address(request: HttpRequest) -> str:
    """The address of the page on which "Load more" was pressed, such that reloading it shows as many rows."""
    page = page_of(request, "HX-Current-URL")
    kept = [(name, value) for name, value in parse_qsl(page.query) if name not in ("upto", "more")]
    return f"{page.path or reverse('jobs')}?{urlencode([*kept, ('upto', request.GET['after']), ('more', '1')])}"


def is_current(request: HttpRequest, version: int) -> bool:
    """Whether a poll already shows this version of the person's jobs."""
    return bool(request.headers.get("HX-Request")) and request.GET.get("v") == str(version)


@login_required
@require_POST
def retry(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Submits an ended job again, as a new one, and shows the list."""
    member = membership_of(request)
    job = get_object_or_404(Job.objects.all_of(member.user), pk=job_id)
    try:
        new = submission.retry(member, job)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        if new.is_active:
            messages.success(request, "Submitted again, as a new job.")
        else:
            messages.error(request, "This was retried before, and that job has ended. Retry the newer one.")
    return back(request)


@login_required
@require_POST
def cancel(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Stops a job of a type that allows it, and shows the list."""
    user = membership_of(request).user
    job = get_object_or_404(Job.objects.of(user), pk=job_id)
    try:
        submission.cancel(user, job)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Cancelled. Nothing was charged.")
    return back(request)


@login_required
@require_POST
def hide(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Takes an ended job out of the list, and offers to take that back. Its files stay."""
    job = get_object_or_404(Job.objects.all_of(membership_of(request).user), pk=job_id)
    say_hidden(request, bulk.hide([job]))
    return back(request)


def say_hidden(request: HttpRequest, hidden: bulk.Hidden) -> None:
    """What became of hiding, with the way back."""
    if hidden.count:
        what = "The job is" if hidden.count == 1 else f"{hidden.count} jobs are"
        text = f"{what} out of your list. The files are still in your library."
        undo.tell(request, text, "jobs-unhide", hidden.at)
    if hidden.still_active:
        what = "The job is" if hidden.still_active == 1 else f"{hidden.still_active} jobs are"
        messages.error(request, f"{what} still running. A job can be hidden when it has ended.")


def back(request: HttpRequest) -> HttpResponse:
    """To where the person was: `next` of the form, or the list."""
    return redirect(next_url(request, reverse("jobs")))
