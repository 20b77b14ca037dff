"""The contract of the ad generator over jobs of type `ad`: pages in, projects out. Its names are in camelCase."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from django.urls import reverse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub import library
from creative_hub.api.views import MAX_KEY, validated, without_webhook_url
from jobs import submission
from jobs.models import TERMINAL, Item, Job, Status
from wevion.accounts.authentication import caller
from wevion.drf.parsing import body_of

TYPE: Final = "ad"
RETRY_AFTER_SECONDS: Final = "10"
STATUSES: Final = {Status.PROCESSING: "running"}
JOB_STAGES: Final = {"preparing": "preparing", "generating": "video", "post_processing": "audio", "stitching": "stitching"}
"""Its word for the stage of the whole job; a project's own stage keeps its name."""
FIELDS: Final = {
    "urls": "urls",
    "variantCount": "variant_count",
    "aspectRatio": "aspect_ratio",
    "adDuration": "ad_duration",
    "scriptStyle": "script_style",
    "overrideScript": "override_script",
    "userInstructions": "user_instructions",
    "selectedActorId": "avatar_id",
    "language": "language",
    "targetAudience": "target_audience",
    "webhookUrl": "webhook_url",
}


class Ads(APIView):
    def post(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        if len(key) > MAX_KEY or "\x00" in key:
            raise ValidationError({"Idempotency-Key": [f"At most {MAX_KEY} characters."]})
        submission.require_may_generate(caller(request))
        body, webhook_url = without_webhook_url(_ours(body_of(request)))
        try:
            order = replace(validated(request, TYPE, body).order(), webhook_url=webhook_url)
        except ValidationError as error:
            raise ValidationError(_theirs(error.detail)) from None
        job = submission.submit(caller(request), order, key)
        address = reverse("neighbour-job", args=[job.pk])
        return Response(
            {
                "jobId": str(job.pk),
                "totalProjects": len(order.item_costs_cents),
                "status": STATUSES.get(Status(job.status), job.status),
            },
            status=202,
            headers={"Location": address, "Retry-After": RETRY_AFTER_SECONDS},
        )


def answer(job: Job) -> Response:
    return Response(represent(job), headers={"Retry-After": RETRY_AFTER_SECONDS} if job.is_active else {})


def represent(job: Job) -> dict[str, Any]:
    """`overallProgress` is the mean of the projects', at most 99 until the job has ended, and then 100."""
    items = sorted(job.items.all(), key=lambda item: item.position)
    ended = job.status in TERMINAL
    found: dict[str, Any] = {
        "jobId": str(job.pk),
        "status": STATUSES.get(Status(job.status), job.status),
        "overallProgress": 100 if ended else min(99, job.progress_percent),
        "stage": None if ended else JOB_STAGES.get(_slowest(items), "preparing"),
        "totalProjects": len(items),
        "completedProjects": sum(item.status == Status.COMPLETED for item in items),
        "failedProjects": sum(item.status == Status.FAILED for item in items),
        "projects": [_project(job, item) for item in items],
    }
    return found | ({"completedDetails": _details(job, items)} if ended else {})


def _slowest(items: list[Item]) -> str:
    """The stage of the project that has furthest to go."""
    order = list(JOB_STAGES)
    running = [item.stage for item in items if item.status not in TERMINAL and item.stage in order]
    return min(running, key=order.index, default="stitching")


def _project(job: Job, item: Item) -> dict[str, Any]:
    ended = item.status in TERMINAL
    return {
        "id": str(item.pk),
        "title": _title(job, item),
        "status": item.status if ended or item.status == Status.PENDING else item.stage,
        "progress": 100 if item.status == Status.COMPLETED else item.progress_percent,
    }


def _title(job: Job, item: Item) -> str:
    project = job.settings["projects"][item.position]
    return str((item.result or {}).get("title") or project["url"])


def _details(job: Job, items: list[Item]) -> list[dict[str, Any]]:
    """Of what was delivered and what failed. A project that was finished before a cancel has no file."""
    links = library.links(items)
    return [_detail(job, item, links.get(item.pk)) for item in items if item.status in (Status.COMPLETED, Status.FAILED)]


def _detail(job: Job, item: Item, link: str | None) -> dict[str, Any]:
    result: Mapping[str, Any] = item.result or {}
    return {
        "projectId": str(item.pk),
        "title": _title(job, item),
        "url": job.settings["projects"][item.position]["url"],
        "status": item.status,
        "finalOutputUrl": link,
        "description": result.get("description", ""),
        "aspectRatio": job.settings["aspect_ratio"],
        "durationSeconds": result.get("duration_seconds"),
        "sceneCount": result.get("scenes", 0),
        "script": " ".join(result.get("script", [])),
        "error": {"code": item.error_code, "message": item.error_message} if item.error_code else None,
    }


def _ours(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ValidationError({"non_field_errors": ["Send a JSON object."]})
    order = dict(body)
    if order.pop("contentType", None) not in (None, "ad"):
        raise ValidationError({"contentType": ["Only ads are made here."]})
    if unknown := sorted(set(order) - set(FIELDS)):
        raise ValidationError({name: ["This is not taken here."] for name in unknown})
    return {FIELDS[name]: value for name, value in order.items() if value is not None}


def _theirs(detail: Any) -> Any:
    names = {ours: theirs for theirs, ours in FIELDS.items()}
    return {names.get(name, name): said for name, said in detail.items()} if isinstance(detail, dict) else detail
