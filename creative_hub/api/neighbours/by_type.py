"""`/api/v1/jobs/<id>` is an address of two contracts: it answers in the words of that which the job's type belongs to."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub.api.neighbours import ads, clips, says
from creative_hub.contracts import ads as ads_words
from creative_hub.contracts import clips as clips_words
from jobs import submission
from jobs.models import Job
from wevion.accounts.authentication import caller

Answer = Callable[[Job], Response]

ANSWERS: Final[Mapping[str, Answer]] = {
    ads_words.TYPE: ads.answer,
    clips_words.TYPE: lambda job: clips.answer(clips_words.represent(job), "The job."),
}
"""Of each type that a contract has. Any other type is 404 here."""


class JobDetail(APIView):
    described = says.JOB

    def get(self, request: Request, pk: UUID) -> Response:
        job = _own(request, pk)
        return ANSWERS[job.type](job)


class JobCancel(APIView):
    """Safe to call twice. 409 `not_cancellable` for a job that has ended otherwise."""

    described = says.CANCEL

    def post(self, request: Request, pk: UUID) -> Response:
        job = submission.cancel(caller(request).user, _own(request, pk))
        return ANSWERS[job.type](job)


def _own(request: Request, pk: Any) -> Job:
    job = Job.objects.of(caller(request).user).filter(pk=pk, type__in=ANSWERS).first()
    if job is None:
        raise Http404
    return job
