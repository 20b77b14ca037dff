"""Reading jobs, and what can be done to one, for programs."""

import hashlib
import json
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.http import Http404
from django.utils.http import parse_etags
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from jobs import submission
from jobs.api import says
from jobs.api.pagination import page_of
from jobs.filters import JobFilter
from jobs.models import Job, Status
from jobs.representation import represent_all, represent_own
from jobs.waiting import with_waits
from wevion.accounts.authentication import caller
from wevion.drf.strict import require_known

POLL_SECONDS = 5


def accepted(request: Request, job: Job, status: str = Status.PENDING) -> Response:
    """202 for a job that was submitted: where to look, and how soon. An order that is repeated gets the first answer again."""
    headers = {"Location": reverse("api-job", args=[job.pk], request=request), "Retry-After": str(POLL_SECONDS)}
    return Response({"job_id": str(job.pk), "status": status}, status=202, headers=headers)


def own_job(request: Request, pk: UUID) -> Job:
    """The person's job, or 404: somebody else's does not exist."""
    job = Job.objects.of(caller(request).user).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


class JobList(APIView):
    """The person's jobs, newest first. `totals=true` adds the number of all that pass the filter and the sum of their cost."""

    described = says.JOB_LIST

    def get(self, request: Request) -> Response:
        require_known(request, (*JobFilter.base_filters, "cursor", "limit", "totals"))
        user = caller(request).user
        found = JobFilter(request.query_params, Job.objects.of(user))
        if found.errors:
            raise ValidationError(found.errors)
        totals = _totals(found.qs) if _flag(request, "totals") else {}
        page = page_of(with_waits(found.qs, user).prefetch_related("items"), request)
        return Response({"results": represent_all(page.rows), "next": page.next, "previous": page.previous} | totals)


def _totals(jobs: QuerySet[Job]) -> dict[str, int]:
    found = jobs.order_by().aggregate(count=Count("pk"), cost_cents=Sum("cost_cents"))
    return {"count": found["count"], "cost_cents": found["cost_cents"] or 0}


def _flag(request: Request, name: str) -> bool:
    value = request.query_params.get(name, "false")
    if value not in ("true", "false"):
        raise ValidationError({name: ["Must be true or false."]})
    return value == "true"


class JobDetail(APIView):
    described = says.JOB

    def get(self, request: Request, pk: UUID) -> Response:
        body = represent_own(caller(request).user, pk)
        if body is None:
            raise Http404
        etag = f'"{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if {etag, "*"} & set(parse_etags(request.headers.get("if-none-match", ""))):
            return Response(status=304, headers=headers)
        return Response(body, headers=headers | ({"Retry-After": str(POLL_SECONDS)} if body["eta_seconds"] else {}))

    def delete(self, request: Request, pk: UUID) -> Response:
        submission.hide(caller(request).user, own_job(request, pk))
        return Response(status=204)


class JobRetry(APIView):
    described = says.RETRY

    def post(self, request: Request, pk: UUID) -> Response:
        job = submission.retry(caller(request), own_job(request, pk))
        return accepted(request, job, job.status)


class JobCancel(APIView):
    described = says.CANCEL

    def post(self, request: Request, pk: UUID) -> Response:
        job = submission.cancel(caller(request).user, own_job(request, pk))
        return accepted(request, job, job.status)
