"""The generation dialog: a page of its own, or for htmx the fragment that goes into the dialog."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from creative_hub import catalog
from creative_hub.orders import OrderSerializer
from creative_hub.views import order_form
from creative_hub.views.prefill import folder_of, prefill
from jobs import submission
from jobs.views.listing import listing
from jobs.zone import zone_of
from wevion.accounts.login import membership_of
from wevion.accounts.models import Membership
from wevion.refusal import Refusal

NOT_KEPT = ("again", "image", "video", "audio", "v", "n")
RESUBMIT = "This form had been sent before, with other contents. It is renewed now: press Generate to make a second job."


@never_cache
@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def generate(request: HttpRequest, job_type: str) -> HttpResponse:
    """The form of a type and the jobs below it. POST submits, and comes back here; what is wrong is said beside its field."""
    member = _member(request, job_type)
    if request.method == "POST":
        return _submit(request, member, job_type)
    start = prefill(request, member, job_type)
    form = order_form.unsent(job_type, member, start.values)
    return _show(request, member, form, key=str(uuid.uuid4()), source=start.source, start=start)


@never_cache
@login_required
@require_POST
def quote(request: HttpRequest, job_type: str) -> HttpResponse:
    """The price of what is typed so far; creates nothing. Asked for the whole form (another provider), the form anew."""
    member = _member(request, job_type)
    form = order_form.unsent(job_type, member, order_form.typed(job_type, request.POST))
    key = request.POST.get("idempotency_key", "")
    if not request.headers.get("HX-Request"):
        return _show(request, member, form, key=key)
    if request.headers.get("HX-Target") == "form#order":
        return render(request, "hub/_order.html", _order_context(request, member, form, key))
    price = order_form.price_context(form, member)
    return render(request, "hub/_quote.html", price | {"quote_url": _address(request, job_type, "quote")})


def _submit(request: HttpRequest, member: Membership, job_type: str) -> HttpResponse:
    form = order_form.sent(job_type, member, order_form.typed(job_type, request.POST))
    key = request.POST.get("idempotency_key", "").replace("\x00", "")[:200]
    try:
        if not form.is_valid():
            return _show(request, member, form, key=key, status=422)
        submission.submit(member, form.order(), idempotency_key=key)
    except submission.IdempotencyMismatch:
        return _refuse(request, member, job_type, RESUBMIT, 422, str(uuid.uuid4()))
    except Refusal as refusal:
        return _refuse(request, member, job_type, refusal.message, 402 if refusal.status == 402 else 422, key)
    except PermissionDenied as denied:
        return _refuse(request, member, job_type, str(denied), 403, key)
    messages.success(request, "Submitted. The job is in the queue, and goes on if you close this.")
    return redirect(_address(request, job_type) + "#jobs")


def _refuse(request: HttpRequest, member: Membership, job_type: str, why: str, status: int, key: str) -> HttpResponse:
    form = order_form.unsent(job_type, member, order_form.typed(job_type, request.POST))
    return _show(request, member, form, key=key, status=status, order_error=why)


def _show(
    request: HttpRequest, member: Membership, form: OrderSerializer, *, key: str, status: int = 200, **more: Any
) -> HttpResponse:
    folder = folder_of(request, member)
    context = listing(member.user, request.GET, zone=zone_of(request)) | _order_context(request, member, form, key) | more
    context |= {
        "type_label": catalog.TYPES[form.type],
        "tabs": [
            (slug, label, reverse("generate", args=[slug]), _address(request, slug)) for slug, label in catalog.TYPES.items()
        ],
        "filter_action": reverse("generate", args=[form.type]),
        "folder": folder,
        "close_url": reverse("folder", args=[folder.pk]) if folder else reverse("hub"),
        "section": "hub",
    }
    status = 400 if context["filter_error"] and status == 200 else status
    if not request.headers.get("HX-Request"):
        return render(request, "hub/generate.html", context, status=status)
    response = render(request, "hub/_generate.html", context, status=status)
    history = "HX-Replace-Url" if request.headers.get("HX-Target") == "section#jobs" else "HX-Push-Url"
    response[history] = _address(request, form.type)
    return response


def _order_context(request: HttpRequest, member: Membership, form: OrderSerializer, key: str) -> dict[str, Any]:
    return order_form.context(form, member, key) | {
        "type": form.type,
        "may_generate": member.may_generate,
        "why_not": f"Your role, {member.get_role_display()}, may look but not generate.",
        "order_url": _address(request, form.type),
        "quote_url": _address(request, form.type, "quote"),
    }


def _address(request: HttpRequest, job_type: str, name: str = "generate") -> str:
    """The dialog's URL (or its quote's), with the folder and the panel's filters of this request."""
    kept = {name: value for name, value in request.GET.items() if value and name not in NOT_KEPT}
    return reverse(name, args=[job_type]) + (f"?{urlencode(kept)}" if kept else "")


def _member(request: HttpRequest, job_type: str) -> Membership:
    if job_type not in catalog.TYPES:
        raise Http404
    return membership_of(request)
