"""The contract of the ad generator over jobs of type `ad`: pages in, projects out. Its names are in camelCase."""

from typing import Any, Final

from django.urls import reverse
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub.api.neighbours import says
from creative_hub.api.submitting import submit
from creative_hub.contracts.ads import STATUSES, TYPE, represent
from jobs.models import Job, Status

RETRY_AFTER_SECONDS: Final = "10"
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
NAMES: Final = {ours: theirs for theirs, ours in FIELDS.items()}


class Ads(APIView):
    described = says.ADS

    def post(self, request: Request) -> Response:
        job = submit(request, TYPE, _ours, NAMES, contract="ads")
        return Response(
            {
                "jobId": str(job.pk),
                "totalProjects": len(job.settings["projects"]),
                "status": STATUSES.get(Status(job.status), job.status),
            },
            status=202,
            headers={"Location": reverse("neighbour-job", args=[job.pk]), "Retry-After": RETRY_AFTER_SECONDS},
        )


def answer(job: Job) -> Response:
    return Response(represent(job), headers={"Retry-After": RETRY_AFTER_SECONDS} if job.is_active else {})


def _ours(body: Any) -> dict[str, Any]:
    if not isinstance(body, dict):
        raise ValidationError({"non_field_errors": ["Send a JSON object."]})
    order = dict(body)
    if order.pop("contentType", None) not in (None, "ad"):
        raise ValidationError({"contentType": ["Only ads are made here."]})
    if unknown := sorted(set(order) - set(FIELDS)):
        raise ValidationError({name: ["This is not taken here."] for name in unknown})
    return {FIELDS[name]: value for name, value in order.items() if value is not None}
