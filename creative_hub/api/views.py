"""Submitting, for programs; and the signed address under which a result lies."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from creative_hub import library, studio
from creative_hub.orders import ORDERS, OrderSerializer
from creative_hub.storage import serving
from jobs import submission
from jobs.api.views import accepted
from wevion.accounts.authentication import caller
from wevion.drf.parsing import body_of

MAX_KEY = 255


def validated(request: Request, job_type: str, data: Any) -> OrderSerializer:
    """The checked order of the member whose key this is; raises ValidationError naming each field."""
    serializer = ORDERS[job_type](data=data, context={"membership": caller(request)})
    serializer.is_valid(raise_exception=True)
    return serializer


class Generate(APIView):
    job_type = ""

    def post(self, request: Request) -> Response:
        key = request.headers.get("idempotency-key", "")
        if len(key) > MAX_KEY or "\x00" in key:
            raise ValidationError({"Idempotency-Key": [f"At most {MAX_KEY} characters."]})
        submission.require_may_generate(caller(request))
        order = validated(request, self.job_type, body_of(request)).order()
        return accepted(request, submission.submit(caller(request), order, key))


class Quote(APIView):
    """What an order would cost and take. Creates nothing."""

    def post(self, request: Request) -> Response:
        body = body_of(request)
        data = dict(body) if isinstance(body, dict) else {}
        job_type = data.pop("type", None)
        if not isinstance(job_type, str) or job_type not in ORDERS:
            raise ValidationError({"type": [f"One of {', '.join(ORDERS)}."]})
        form = validated(request, job_type, data)
        p50, p90 = studio.typical_seconds(job_type, form.model.slug)
        return Response({"cost_cents": sum(form.item_costs_cents), "eta_seconds": {"p50": p50, "p90": p90}})


@require_safe
def result(request: HttpRequest, token: str) -> HttpResponseBase:
    """The bytes behind a signed link; 404 once it has expired. Asking for the job again gives a fresh one."""
    asset = library.linked_asset(token)
    if asset is None:
        raise Http404
    return serving.send(request, str(asset.file), asset.mime, asset.name, etag=asset.sha256)
