"""The contract of the story generator over jobs of type `story`: order one, look at it until it is completed or failed."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub import library
from creative_hub.api.neighbours import says
from creative_hub.api.submitting import submit
from creative_hub.models import Asset
from jobs.models import Job, Status
from jobs.representation import iso
from wevion.accounts.authentication import caller

TYPE = "story"
RETRY_AFTER_SECONDS = "5"


class Stories(APIView):
    described = says.STORIES

    def post(self, request: Request) -> Response:
        """202 with the job's id and the address to look at. 402 when the credit does not cover the estimate."""
        job = submit(request, TYPE, _ours)
        address = reverse("story-job", args=[job.pk])
        return Response(
            {"job_id": str(job.pk), "status": job.status, "poll_url": request.build_absolute_uri(address)},
            status=202,
            headers={"Location": address, "Retry-After": RETRY_AFTER_SECONDS, "X-Depicta-Job-Id": str(job.pk)},
        )


class StoryJob(APIView):
    described = says.STORY_JOB

    def get(self, request: Request, pk: UUID) -> Response:
        """The job in the contract's words. 404 for somebody else's, and for a job of another type."""
        job = own(request).filter(pk=pk).first()
        if job is None:
            raise Http404
        waits = {"Retry-After": RETRY_AFTER_SECONDS} if job.is_active else {}
        return Response(represent(job), headers=waits)


def own(request: Request) -> "QuerySet[Job]":
    return Job.objects.of(caller(request).user).filter(type=TYPE).prefetch_related("items")


def represent(job: Job) -> dict[str, Any]:
    """Times that have not come yet, the error and the result are left out rather than null."""
    items = list(job.items.all())
    found: dict[str, Any] = {
        "job_id": str(job.pk),
        "status": job.status,
        "created_at": iso(job.created_at),
        "scenes_completed": sum(item.status == Status.COMPLETED for item in items),
        "scenes_total": len(items),
    }
    for name in ("started_at", "completed_at"):
        if at := getattr(job, name):
            found[name] = iso(at)
    if job.failure:
        found["error"] = {"code": job.error_code, "message": job.error_message}
    if job.status == Status.COMPLETED:
        found["result"] = _result(job)
    return found


def _result(job: Job) -> dict[str, Any]:
    """Raises TakenDown when one of the pictures was taken down."""
    items = sorted(job.items.all(), key=lambda item: item.position)
    for asset in Asset.objects.filter(item__in=items):
        asset.require_shown()
    links = library.links(items)
    scenes = job.settings["scenes"]
    return {
        "type": TYPE,
        "model": job.provider,
        "prompt": job.prompt,
        "characters": job.settings.get("characters", []),
        "scenes": [
            {"index": item.position, "description": scenes[item.position], "image_url": links.get(item.pk)} for item in items
        ],
        "cost_cents": job.cost_cents,
    }


def _ours(body: Any) -> dict[str, Any]:
    """The body as our order: `model` is its word for the provider."""
    if not isinstance(body, dict):
        raise ValidationError({"non_field_errors": ["Send a JSON object."]})
    order = {name: value for name, value in body.items() if value is not None}
    if "model" in order:
        if "provider" in order:
            raise ValidationError({"model": ["Give either model or provider."]})
        order["provider"] = order.pop("model")
    return order
