"""The trash: what lies in it, back again, or gone for good."""

from datetime import timedelta
from typing import Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from creative_hub.library import purging, tree
from creative_hub.library.tree import NotPossible
from creative_hub.models import Asset, Folder
from creative_hub.tasks import ring_sweep
from creative_hub.views.choosing import back, changer, chosen_in_trash, refusals_told
from wevion.accounts.login import membership_of

SHOWN: Final = 200


@never_cache
@login_required
@require_GET
def trash(request: HttpRequest) -> HttpResponse:
    member = membership_of(request)
    files = Asset.objects.trash_of(member.user).order_by("-deleted_at", "-id")
    context = {
        "section": "hub",
        "crumbs": [Folder.objects.root_of(member.user, member.team)],
        "folders": Folder.objects.trash_of(member.user).order_by("-deleted_at"),
        "assets": files[:SHOWN],
        "not_shown": max(0, files.count() - SHOWN),
        "days": purging.TRASH_DAYS,
        "kept": timedelta(days=purging.TRASH_DAYS),
        "may_change": member.may_generate,
    }
    return render(request, "hub/trash.html", context)


@login_required
@require_POST
@refusals_told
def restore(request: HttpRequest) -> HttpResponseBase:
    """Puts the chosen back, or what one act of deleting put there."""
    member = changer(request)
    picked = chosen_in_trash(member.user, request.POST)
    if not len(picked):
        raise NotPossible("There is nothing to take back." if "at" in request.POST else "Choose what to put back first.")
    count = tree.restore(member.user, picked)
    messages.success(request, f"{'1 thing is' if count == 1 else f'{count} things are'} back in the library.")
    return redirect(back(request, reverse("trash")))


@login_required
@require_POST
@refusals_told
def purge(request: HttpRequest) -> HttpResponseBase:
    """Deletes the chosen for good; `all` empties the trash. The page's second form asks whether it is meant."""
    member = changer(request)
    if request.POST.get("all"):
        count = purging.empty(member.user)
    else:
        picked = chosen_in_trash(member.user, request.POST)
        if not len(picked):
            raise NotPossible("Choose what to delete first.")
        count = purging.purge(member.user, picked)
    ring_sweep()
    messages.success(request, f"Deleted for good: {'1 file' if count == 1 else f'{count} files'}.")
    return redirect("trash")
