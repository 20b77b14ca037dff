"""Settings → API keys: by which programs act for a member of the team. For owners and admins."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wevion.accounts.forms import KeyForm
from wevion.accounts.models import ApiKey, Membership
from wevion.accounts.pages.team import administrator

ENDED_SHOWN = 20


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys, and a form for a new one, whose secret is in the answer to the POST and nowhere else."""
    actor = administrator(request)
    form = KeyForm(actor, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, actor, form)
    made = form.cleaned_data
    key, secret = ApiKey.objects.issue(made["member"], made["name"], form.expires_at, made["permissions"])
    return _show(request, actor, KeyForm(actor), made=key, secret=secret)


@login_required
@require_POST
def revoke(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """Safe to ask twice. A key that acts for somebody above the person is not theirs to revoke."""
    actor = administrator(request)
    keys = ApiKey.objects.filter(membership__team=actor.team_id, membership__role__in=actor.may_grant)
    key = get_object_or_404(keys, pk=key_id)
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    messages.success(request, f"The key “{key.name}” is revoked. Programs that use it are refused from now on.")
    return redirect("api-keys")


def _show(request: HttpRequest, actor: Membership, form: KeyForm, **more: object) -> HttpResponse:
    keys = list(ApiKey.objects.filter(membership__team=actor.team_id).select_related("membership__user").order_by("-created_at"))
    context = {
        "section": "settings",
        "tab": "api-keys",
        "form": form,
        "live": [(key, actor.may_manage(key.membership)) for key in keys if key.is_live],
        "ended": [key for key in keys if not key.is_live][:ENDED_SHOWN],
    }
    return render(request, "accounts/api_keys.html", context | more, status=422 if form.errors else 200)
