"""Reading jobs, and what can be done to one, for programs."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from jobs import submission
from jobs.api.pagination import NewestFirst
from jobs.filters import JobFilter
from jobs.models import Job
from jobs.representation import represent, represent_all
from wevion.accounts.authentication import caller
from wevion.refusal import Refusal

POLL_SECONDS = 5


def accepted(request: Request, job: Job) -> Response:
    """202 for a job that was submitted: where to look, and how soon."""
    headers = {"Location": reverse("api-job", args=[job.pk], request=request), "Retry-After": str(POLL_SECONDS)}
    return Response({"job_id": str(job.pk), "status": job.status}, status=202, headers=headers)


def own_job(request: Request, pk: UUID) -> Job:
    """The person's job, or 404: somebody else's does not exist."""
    job = Job.objects.of(caller(request).user).filter(pk=pk).first()
    if job is None:
        raise Http404
    return job


class JobList(APIView):
    LISTED = frozenset({*JobFilter.base_filters, "cursor", "limit"})

    def get(self, request: Request) -> Response:
        unknown = set(request.query_params) - self.LISTED
        if unknown:
            raise ValidationError({name: ["There is no such filter."] for name in sorted(unknown)})
        found = JobFilter(request.query_params, Job.objects.of(caller(request).user))
        if found.errors:
            raise ValidationError(found.errors)
        pages = NewestFirst()
        page: list[Job] | None = pages.paginate_queryset(found.qs.prefetch_related("items"), request, self)
        return pages.get_paginated_response(represent_all(page or []))


class JobDetail(APIView):
    def get(self, request: Request, pk: UUID) -> Response:
        body = represent(own_job(request, pk))
        etag = f'"{hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:32]}"'
        headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status=304, headers=headers)
        return Response(body, headers=headers | ({"Retry-After": str(POLL_SECONDS)} if body["eta_seconds"] else {}))

    def delete(self, request: Request, pk: UUID) -> Response:
        submission.hide(caller(request).user, own_job(request, pk))
        return Response(status=204)


class JobRetry(APIView):
    def post(self, request: Request, pk: UUID) -> Response:
        return accepted(request, submission.retry(caller(request), own_job(request, pk)))


class NotCancellable(Refusal):
    status = 409
    code = "not_cancellable"


class JobCancel(APIView):
    def post(self, request: Request, pk: UUID) -> Response:
        job = own_job(request, pk)
        raise NotCancellable(f"A job of type {job.type} runs to its end once it is submitted.", **_status(job))


def _status(job: Job) -> dict[str, Any]:
    return {"status": job.status}
