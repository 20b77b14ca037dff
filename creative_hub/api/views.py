"""Submitting, for programs; and the signed address under which a result lies."""

from collections.abc import Mapping

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub import library
from creative_hub.api import says
from creative_hub.api.submitting import submit, validated, without_webhook_url
from creative_hub.models.asset import TakenDown
from creative_hub.orders import ORDERS
from creative_hub.storage import serving
from jobs.api.views import accepted
from jobs.durations import usual_seconds
from wevion.drf.errors import envelope
from wevion.drf.openapi import Operation
from wevion.drf.parsing import body_of


class Generate(APIView):
    job_type = ""

    @property
    def described(self) -> Mapping[str, Operation]:
        return {"POST": says.submit(self.job_type)}

    def post(self, request: Request) -> Response:
        return accepted(request, submit(request, self.job_type))


class Quote(APIView):
    """What an order would cost and take. Creates nothing."""

    needs = "read"

    @property
    def described(self) -> Mapping[str, Operation]:
        return {"POST": says.quote()}

    def post(self, request: Request) -> Response:
        body = body_of(request)
        data = without_webhook_url(dict(body))[0] if isinstance(body, dict) else {}
        job_type = data.pop("type", None)
        if not isinstance(job_type, str) or job_type not in ORDERS:
            raise ValidationError({"type": [f"One of {', '.join(ORDERS)}."]})
        form = validated(request, job_type, data)
        p50, p90 = usual_seconds(job_type, form.model.slug)
        return Response({"cost_cents": sum(form.item_costs_cents), "eta_seconds": {"p50": p50, "p90": p90}})


@require_safe
def result(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bytes behind a signed link; 404 once it has expired. Asking for the job again gives a fresh one.

    `?here` streams them also from a bucket, for those who follow no redirect.
    """
    asset = library.linked_asset(token)
    if asset is None:
        raise Http404
    if asset.taken_down_at:
        return JsonResponse(envelope(TakenDown.code, "This file was taken down for legal reasons."), status=TakenDown.status)
    return serving.send(request, str(asset.file), asset.mime, asset.name, etag=asset.sha256, here="here" in request.GET)
