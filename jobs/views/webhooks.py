"""Settings → Webhooks: which systems of the team are told how its jobs end, and how the telling went. For owners and admins."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jobs.models import WebhookDelivery, WebhookEndpoint
from jobs.webhooks import endpoints, signing
from jobs.webhooks.form import EndpointForm
from wevion.accounts.models import Membership
from wevion.accounts.pages.team import administrator
from wevion.refusal import Refusal

DELIVERIES_SHOWN = 25


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """The endpoints, and a form for a new one, whose secret is in the answer to the POST and nowhere else."""
    actor = administrator(request)
    form = EndpointForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _list(request, actor, form)
    asked = form.cleaned_data
    try:
        made, secret = endpoints.add(actor, asked["url"], asked["events"], asked["description"])
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _list(request, actor, form)
    return _one(request, made, EndpointForm.of(made), secret=secret, is_new=True)


@login_required
@require_POST
def team_secret(request: HttpRequest) -> HttpResponse:
    """A new secret for the addresses that come with orders; shown in this answer only."""
    actor = administrator(request)
    return _list(request, actor, EndpointForm(), secret=signing.rotate(actor.team))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _endpoint(request, endpoint_id)
    form = EndpointForm.of(endpoint, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _one(request, endpoint, form)
    for name, value in form.cleaned_data.items():
        setattr(endpoint, name, value)
    endpoint.save(update_fields=list(form.cleaned_data))
    messages.success(request, "The webhook is changed.")
    return redirect("webhook", endpoint.pk)


@login_required
@require_POST
def rotate(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _endpoint(request, endpoint_id)
    return _one(request, endpoint, EndpointForm.of(endpoint), secret=signing.rotate(endpoint.team, endpoint))


@login_required
@require_POST
def switch(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """On or off, as `on` in the form says. Safe to send twice."""
    endpoint, on = _endpoint(request, endpoint_id), request.POST.get("on") == "yes"
    endpoints.switch(endpoint, on, administrator(request))
    messages.success(request, "The webhook is enabled." if on else "The webhook is disabled: it is told nothing for now.")
    return redirect("webhook", endpoint.pk)


@login_required
@require_POST
def delete(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _endpoint(request, endpoint_id)
    endpoint.delete()
    messages.success(request, f"The webhook to {endpoint.url} is deleted.")
    return redirect("webhooks")


@login_required
@require_POST
def test(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    endpoint = _endpoint(request, endpoint_id)
    try:
        endpoints.test(endpoint)
        messages.success(request, "A test event is on its way. Reload this page to see how it went.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("webhook", endpoint.pk)


@login_required
@require_POST
def replay(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    delivery = get_object_or_404(WebhookDelivery.objects.of(administrator(request)).select_related("endpoint"), pk=delivery_id)
    try:
        endpoints.replay(delivery)
        messages.success(request, "The event is sent again, under the same id. Reload this page to see how it went.")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("webhook", delivery.endpoint_id) if delivery.endpoint_id else redirect("webhook-orders")


@never_cache
@login_required
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """What was told to the addresses that came with orders."""
    rows = WebhookDelivery.objects.of(administrator(request)).filter(endpoint=None)
    return render(request, "webhooks/orders.html", {"section": "settings", "tab": "webhooks", "deliveries": _last(rows)})


def _endpoint(request: HttpRequest, pk: UUID) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint.objects.of(administrator(request)).select_related("team"), pk=pk)


def _last(rows: QuerySet[WebhookDelivery]) -> list[WebhookDelivery]:
    found = rows.select_related("endpoint", "job").prefetch_related("attempts")
    return list(found.order_by("-created_at", "-id")[:DELIVERIES_SHOWN])


def _list(request: HttpRequest, actor: Membership, form: EndpointForm, **more: Any) -> HttpResponse:
    context = {"section": "settings", "tab": "webhooks", "form": form, "endpoints": WebhookEndpoint.objects.of(actor)}
    return render(request, "webhooks/list.html", context | more, status=422 if form.errors else 200)


def _one(request: HttpRequest, endpoint: WebhookEndpoint, form: EndpointForm, **more: Any) -> HttpResponse:
    context = {
        "section": "settings",
        "tab": "webhooks",
        "form": form,
        "endpoint": endpoint,
        "deliveries": _last(endpoint.deliveries.all()),
    }
    return render(request, "webhooks/endpoint.html", context | more, status=422 if form.errors else 200)
