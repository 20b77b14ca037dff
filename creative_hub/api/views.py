"""Submitting, for programs; and the signed address under which a result lies."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub import library, studio
from creative_hub.api import bodies, says
from creative_hub.models.asset import TakenDown
from creative_hub.orders import ORDERS, OrderSerializer
from creative_hub.storage import serving
from jobs import submission
from jobs.api.views import accepted
from jobs.webhooks import endpoints
from wevion.accounts.authentication import caller
from wevion.drf.errors import envelope
from wevion.drf.openapi import Operation
from wevion.drf.parsing import body_of
from wevion.drf.strict import require_types

MAX_KEY = 255


def validated(request: Request, job_type: str, data: Any) -> OrderSerializer:
    """The checked order of the member whose key this is; raises ValidationError naming each field."""
    serializer = ORDERS[job_type](data=data, context={"membership": caller(request)})
    serializer.is_valid(raise_exception=True)
    require_types(bodies.schema_of(job_type), data)
    return serializer


class Generate(APIView):
    job_type = ""

    @property
    def described(self) -> Mapping[str, Operation]:
        return {"POST": says.submit(self.job_type)}

    def post(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        if len(key) > MAX_KEY or "\x00" in key:
            raise ValidationError({"Idempotency-Key": [f"At most {MAX_KEY} characters."]})
        submission.require_may_generate(caller(request))
        data, webhook_url = without_webhook_url(body_of(request))
        order = replace(validated(request, self.job_type, data).order(), webhook_url=webhook_url)
        return accepted(request, submission.submit(caller(request), order, key))


def without_webhook_url(body: Any) -> tuple[Any, str]:
    """The order, and where to tell of its end: not a part of what is made, so the order's serializer does not know it."""
    if not isinstance(body, dict) or "webhook_url" not in body:
        return body, ""
    data = dict(body)
    url = data.pop("webhook_url") or ""
    problem = endpoints.problem_of(url) if isinstance(url, str) else "Must be text."
    if url and problem:
        raise ValidationError({"webhook_url": [problem]})
    return data, url


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
        p50, p90 = studio.typical_seconds(job_type, form.model.slug)
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
