"""Webhooks for programs: endpoints, what was told to them, and telling it again. For keys of owners and admins."""

from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from jobs.api import says
from jobs.api.pagination import page_of
from jobs.api.views import POLL_SECONDS
from jobs.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from jobs.representation import iso
from jobs.webhooks import endpoints, signing
from wevion.accounts.authentication import caller
from wevion.accounts.models import Membership
from wevion.drf.parsing import body_of
from wevion.drf.strict import StrictSerializer, require_known, require_types

Row = TypeVar("Row", bound=Model)
NOT_YOURS = "Webhooks are for the owners and admins of a team."


class EndpointSerializer(StrictSerializer):
    url = serializers.CharField(max_length=endpoints.MAX_URL_CHARS, help_text="An https address that takes a POST.")
    description = serializers.CharField(max_length=200, required=False, allow_blank=True)
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=WebhookEvent.choices),
        allow_empty=False,
        max_length=len(WebhookEvent),
        required=False,
        help_text="What it is told; default: everything.",
    )
    enabled = serializers.BooleanField(required=False)

    def validate_url(self, value: str) -> str:
        if problem := endpoints.problem_of(value):
            raise serializers.ValidationError(problem)
        return value

    def validate_events(self, value: list[str]) -> list[str]:
        return sorted(set(value))


class WebhookView(APIView):
    needs: ClassVar[str] = "webhooks"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if not caller(request).may_administer:
            raise PermissionDenied(NOT_YOURS)


def found(rows: "QuerySet[Row]", pk: UUID) -> Row:
    """The team's row, or 404: another team's does not exist."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def own_endpoint(request: Request, pk: UUID) -> WebhookEndpoint:
    return found(WebhookEndpoint.objects.of(caller(request)), pk)


def own_deliveries(member: Membership) -> QuerySet[WebhookDelivery]:
    return WebhookDelivery.objects.of(member).select_related("endpoint").prefetch_related("attempts")


def on_its_way(request: Request, delivery: WebhookDelivery) -> Response:
    headers = {"Location": reverse("api-webhook-delivery", args=[delivery.pk], request=request), "Retry-After": str(POLL_SECONDS)}
    return Response(represent_delivery(delivery), status=202, headers=headers)


class EndpointList(WebhookView):
    described = says.WEBHOOKS

    def get(self, request: Request) -> Response:
        rows = WebhookEndpoint.objects.of(caller(request))
        return Response({"results": [represent(row) for row in rows]})

    def post(self, request: Request) -> Response:
        told = _checked(request)
        events = told.get("events") or list(WebhookEvent.values)
        made, secret = endpoints.add(caller(request), told["url"], events, told.get("description", ""))
        endpoints.switch(made, told.get("enabled", True), caller(request))
        return Response(represent(made) | {"secret": secret}, status=201)


class EndpointDetail(WebhookView):
    described = says.WEBHOOK

    def get(self, request: Request, pk: UUID) -> Response:
        return Response(represent(own_endpoint(request, pk)))

    def patch(self, request: Request, pk: UUID) -> Response:
        endpoint = own_endpoint(request, pk)
        told = _checked(request, partial=True)
        if not told:
            raise ValidationError({"non_field_errors": ["Name at least one field to change."]})
        enabled = told.pop("enabled", endpoint.enabled)
        for name, value in told.items():
            setattr(endpoint, name, value)
        if told:
            endpoint.save(update_fields=list(told))
        endpoints.switch(endpoint, enabled, caller(request))
        return Response(represent(endpoint))

    def delete(self, request: Request, pk: UUID) -> Response:
        own_endpoint(request, pk).delete()
        return Response(status=204)


def _checked(request: Request, partial: bool = False) -> dict[str, Any]:
    body = body_of(request)
    serializer = EndpointSerializer(data=body, partial=partial)
    serializer.is_valid(raise_exception=True)
    require_types(says.ENDPOINT_BODY, body)
    return dict(serializer.validated_data)


class EndpointRotate(WebhookView):
    described = says.WEBHOOK_ROTATE

    def post(self, request: Request, pk: UUID) -> Response:
        return Response({"secret": signing.rotate(caller(request).team, own_endpoint(request, pk))})


class EndpointTest(WebhookView):
    described = says.WEBHOOK_TEST

    def post(self, request: Request, pk: UUID) -> Response:
        return on_its_way(request, endpoints.test(own_endpoint(request, pk)))


class TeamSecret(WebhookView):
    """The secret by which the messages to a `webhook_url` of an order are signed."""

    described = says.TEAM_SECRET

    def post(self, request: Request) -> Response:
        return Response({"secret": signing.rotate(caller(request).team)})


class DeliveryList(WebhookView):
    described = says.DELIVERIES

    def get(self, request: Request) -> Response:
        require_known(request, ("endpoint", "job", "status", "cursor", "limit"))
        rows = own_deliveries(caller(request))
        for name in ("endpoint", "job"):
            if wanted := request.query_params.get(name):
                rows = rows.filter(**{f"{name}_id": _uuid(name, wanted)})
        if status := request.query_params.get("status"):
            if status not in WebhookDelivery.Status.values:
                raise ValidationError({"status": [f"One of {', '.join(WebhookDelivery.Status.values)}."]})
            rows = rows.filter(status=status)
        page = page_of(rows, request)
        shown = [represent_delivery(row) for row in page.rows]
        return Response({"results": shown, "next": page.next, "previous": page.previous})


def _uuid(name: str, value: str) -> UUID:
    try:
        return UUID(value)
    except ValueError:
        raise ValidationError({name: ["Must be an id."]}) from None


class DeliveryDetail(WebhookView):
    described = says.DELIVERY

    def get(self, request: Request, pk: UUID) -> Response:
        return Response(represent_delivery(found(own_deliveries(caller(request)), pk)))


class DeliveryReplay(WebhookView):
    described = says.REPLAY

    def post(self, request: Request, pk: UUID) -> Response:
        delivery = found(own_deliveries(caller(request)), pk)
        endpoints.replay(delivery)
        return on_its_way(request, found(own_deliveries(caller(request)), pk))


def represent(endpoint: WebhookEndpoint) -> dict[str, Any]:
    return {
        "id": str(endpoint.pk),
        "url": endpoint.url,
        "description": endpoint.description,
        "events": endpoint.events,
        "enabled": endpoint.enabled,
        "disabled_reason": endpoint.disabled_reason or None,
        "consecutive_failures": endpoint.consecutive_failures,
        "failing_since": iso(endpoint.failing_since),
        "created_at": iso(endpoint.created_at),
    }


def represent_delivery(delivery: WebhookDelivery) -> dict[str, Any]:
    return {
        "id": str(delivery.pk),
        "message_id": delivery.message_id,
        "event": delivery.event,
        "status": delivery.status,
        "endpoint_id": str(delivery.endpoint_id) if delivery.endpoint_id else None,
        "job_id": str(delivery.job_id) if delivery.job_id else None,
        "url": delivery.target,
        "created_at": iso(delivery.created_at),
        "next_attempt_at": iso(delivery.wake_at),
        "ended_at": iso(delivery.ended_at),
        "attempts": [
            {
                "at": iso(attempt.at),
                "status": attempt.status,
                "milliseconds": attempt.milliseconds,
                "error": attempt.error or None,
                "answer": attempt.answer,
            }
            for attempt in delivery.attempts.all()
        ],
    }
