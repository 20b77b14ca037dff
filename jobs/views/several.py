"""Acts on several jobs of the panel: the ticked ones, or all that pass the filter."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from jobs import archive, bulk, clock, submission
from jobs.filters import PanelFilter
from jobs.models import CreditAccount, Job
from jobs.models.job import Jobs
from jobs.views.panel import back, say_hidden
from jobs.zone import zone_of
from wevion.accounts.login import membership_of
from wevion.accounts.models import User
from wevion.accounts.views import next_url
from wevion.refusal import Refusal


class NotChosen(Refusal):
    """Nothing was ticked, or too much."""


@login_required
@require_POST
def hide_several(request: HttpRequest) -> HttpResponse:
    try:
        listed = [job for job in _chosen(request, bulk.MOST) if job.hidden_at is None]
        if not listed:
            raise NotChosen("These jobs are hidden already.")
        say_hidden(request, bulk.hide(listed))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return back(request)


@login_required
@require_POST
def unhide_several(request: HttpRequest) -> HttpResponse:
    """Takes one act of hiding back, which `at` names, or shows the chosen jobs again."""
    user = membership_of(request).user
    try:
        count = bulk.take_back(user, request.POST["at"]) if "at" in request.POST else bulk.unhide(_chosen(request, bulk.MOST))
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return back(request)
    if count:
        messages.success(request, f"{count} job is back in your list." if count == 1 else f"{count} jobs are back in your list.")
    else:
        messages.error(request, "There is nothing to take back: the jobs are in your list already.")
    return back(request)


@never_cache
@login_required
@require_POST
def download_several(request: HttpRequest) -> HttpResponseBase:
    try:
        jobs = _chosen(request, bulk.MOST)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return back(request)
    if not any(map(archive.files_of, jobs)):
        messages.error(request, "None of these jobs has a file to download.")
        return back(request)
    return _zip(jobs, f"creative-hub {clock.now().astimezone(zone_of(request)):%Y-%m-%d %H.%M}.zip")


@never_cache
@login_required
@require_GET
def download_job(request: HttpRequest, job_id: UUID) -> HttpResponseBase:
    """All files of one job."""
    own = Job.objects.all_of(membership_of(request).user).prefetch_related(archive.WITH_FILES)
    job = get_object_or_404(own, pk=job_id)
    if not (files := archive.files_of(job)):
        messages.error(request, "The job has no file to download.")
        return back(request)
    return _zip([job], files[0].name.rpartition(".")[0].removesuffix(" 1") + ".zip")


def _zip(jobs: list[Job], name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(archive.stream(jobs), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def retry_several(request: HttpRequest) -> HttpResponse:
    """Says first what it would cost; ordered is with `agreed`, the price that the person has read, unless it has risen."""
    member = membership_of(request)
    try:
        submission.require_may_generate(member)
        plan = bulk.plan_retry(member, _chosen(request, bulk.MOST_RETRIED))
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return back(request)
    agreed = request.POST.get("agreed", "")
    if plan.jobs and agreed.isascii() and agreed.isdigit() and int(agreed[:9]) >= plan.cost_cents:
        _say_retried(request, *bulk.retry(member, plan.jobs), of=len(plan.jobs))
        return back(request)
    account = CreditAccount.objects.filter(team=member.team_id).first()
    available = account.available_cents if account else 0
    context = {"plan": plan, "available": available, "short": plan.cost_cents > available, "section": "jobs"}
    return render(request, "jobs/retry.html", context | {"next": next_url(request, reverse("jobs")), "risen": bool(agreed)})


def _say_retried(request: HttpRequest, count: int, why: str, of: int) -> None:
    if count:
        messages.success(request, f"{count} job{'' if count == 1 else 's'} submitted again.")
    if why:
        left = of - count
        messages.error(request, f"{left} job{'' if left == 1 else 's'} not submitted, and not charged: {why}")


def _chosen(request: HttpRequest, most: int) -> list[Job]:
    """The person's jobs that the form names, newest first, with their files. Raises NotChosen."""
    member = membership_of(request)
    wanted = _wanted(request, member.user)
    jobs = list(wanted.newest_first().prefetch_related(archive.WITH_FILES)[: most + 1])
    if not jobs:
        raise NotChosen("Tick the jobs first.")
    if len(jobs) > most:
        raise NotChosen(f"That is more than {most} jobs, the most for one time. Narrow the filter, for example by date.")
    return jobs


def _wanted(request: HttpRequest, user: User) -> Jobs:
    if request.POST.get("all"):
        chosen = PanelFilter(QueryDict(request.POST.get("filter", "")), user, zone_of(request))
        if not chosen.is_valid():
            raise NotChosen("The filter cannot be used. Show all jobs, and filter again.")
        found: Jobs = chosen.qs
        return found
    return Job.objects.all_of(user).filter(pk__in=[pk for text in request.POST.getlist("job") if (pk := _id(text))])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
