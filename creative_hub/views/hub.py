"""The library: a folder's page, and new folders."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from creative_hub.models import Asset, Folder
from wevion.accounts.login import membership_of
from wevion.accounts.models import Membership
from wevion.accounts.views import next_url

STEP = 48
MAX_NAME = 100


@never_cache
@login_required
@require_GET
def hub(request: HttpRequest) -> HttpResponse:
    """The person's own root folder."""
    member = membership_of(request)
    return _show(request, member, Folder.objects.root_of(member.user, member.team))


@never_cache
@login_required
@require_GET
def folder(request: HttpRequest, folder_id: UUID) -> HttpResponse:
    member = membership_of(request)
    return _show(request, member, get_object_or_404(Folder.objects.of(member.user), pk=folder_id))


@login_required
@require_POST
def new_folder(request: HttpRequest) -> HttpResponse:
    """Makes a folder in `parent`; a name that cannot be used is said beside the field."""
    member = membership_of(request)
    try:
        parent = get_object_or_404(Folder.objects.of(member.user), pk=request.POST.get("parent") or None)
    except ValidationError:
        raise Http404 from None
    name = " ".join(request.POST.get("name", "").split())
    if problem := _create(member, parent, name):
        return _show(request, member, parent, status=422, folder_error=problem, folder_name=name)
    messages.success(request, f"The folder “{name}” is ready.")
    return redirect(next_url(request, reverse("folder", args=[parent.pk])))


def _create(member: Membership, parent: Folder, name: str) -> str:
    """Empty when the folder was made, or else why not."""
    if not name:
        return "Give the folder a name."
    if len(name) > MAX_NAME:
        return f"A name may have {MAX_NAME} characters; this has {len(name)}."
    try:
        with transaction.atomic():
            Folder.objects.create(team=member.team, owner=member.user, parent=parent, name=name)
    except IntegrityError:
        return f"There is already a folder “{name}” here."
    return ""


def _show(request: HttpRequest, member: Membership, shown: Folder, status: int = 200, **more: str) -> HttpResponse:
    step = request.GET.get("n", "")
    most = int(step) if step.isascii() and step.isdigit() and len(step) < 6 else STEP
    assets = list(Asset.objects.of(member.user).filter(folder=shown).newest_first()[: most + 1])
    query = "" if shown.parent_id is None else "?" + urlencode({"into": shown.pk})
    context = {
        "section": "hub",
        "folder": shown,
        "crumbs": shown.path(),
        "folders": Folder.objects.of(member.user).filter(parent=shown),
        "assets": assets[:most],
        "more": f"?n={most + STEP}" if len(assets) > most else "",
        "generate_url": reverse("generate", args=["image"]) + query,
        "may_generate": member.may_generate,
        "why_not": f"Your role, {member.get_role_display()}, may look but not generate.",
    }
    return render(request, "hub/folder.html", context | more, status=status)
