"""The library: a folder's page, what a search finds, and how the person likes to look at them."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from creative_hub.library import browsing, filing
from creative_hub.models import Asset, Folder
from creative_hub.views.choosing import back
from creative_hub.views.theme import YEAR_SECONDS
from wevion.accounts.login import membership_of
from wevion.accounts.models import Membership

VIEWS: Final = ("grid", "list")
MAX_QUERY: Final = 100


@never_cache
@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_GET
def hub(request: HttpRequest) -> HttpResponse:
    """The person's own root folder."""
    member = membership_of(request)
    return show(request, member, Folder.objects.root_of(member.user, member.team))


@never_cache
@vary_on_headers("HX-Request", "HX-Target")
@login_required
@require_GET
def folder(request: HttpRequest, folder_id: UUID) -> HttpResponse:
    member = membership_of(request)
    return show(request, member, get_object_or_404(Folder.objects.of(member.user), pk=folder_id))


@login_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Remembers grid or list, and the order, and goes back to `next`."""
    response = redirect(back(request))
    for name, allowed in (("view", VIEWS), ("sort", tuple(browsing.SORTS))):
        if request.POST.get(name) in allowed:
            response.set_cookie(
                f"library_{name}", request.POST[name], max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure()
            )
    return response


def sort_of(request: HttpRequest) -> str:
    sort = request.COOKIES.get("library_sort", "")
    return sort if sort in browsing.SORTS else "newest"


def show(request: HttpRequest, member: Membership, shown: Folder, status: int = 200, **more: str) -> HttpResponse:
    """The folder; with `q` or `kind` what of it, or of the whole library, fits. "Load more" gets the next files only."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MAX_QUERY]
    kind = request.GET.get("kind", "")
    kind = kind if kind in Asset.Kind.values else ""
    files, folders = Asset.objects.of(member.user), Folder.objects.of(member.user).exclude(parent=None)
    files = files.filter(name__icontains=asked) if asked else files.filter(folder=shown)
    folders = folders.filter(name__icontains=asked) if asked else folders.filter(parent=shown)
    found = browsing.page(files.filter(kind=kind) if kind else files, sort_of(request), request.GET.get("after", ""))
    context = {
        "section": "hub",
        "folder": shown,
        "assets": found.assets,
        "more": _more(request, found.after),
        "q": asked,
        "kind": kind,
        "searching": bool(asked or kind),
        "may_change": member.may_generate,
    }
    if request.headers.get("HX-Target", "").endswith("#more"):
        return render(request, "hub/_assets.html", context | {"appended": True})
    query = "" if shown.parent_id is None else "?" + urlencode({"into": shown.pk})
    context |= {
        "folders": [] if kind or request.GET.get("after") else folders,
        "crumbs": shown.path(),
        "view": request.COOKIES.get("library_view") if request.COOKIES.get("library_view") in VIEWS else "grid",
        "views": VIEWS,
        "sort": sort_of(request),
        "sorts": browsing.SORTS,
        "kinds": Asset.Kind.choices,
        "begun": bool(request.GET.get("after")),
        "accepted": filing.ACCEPTED,
        "formats": filing.FORMATS,
        "generate_url": reverse("generate", args=["image"]) + query,
        "may_generate": member.may_generate,
        "why_not": f"Your role, {member.get_role_display()}, may look but not generate.",
    }
    return render(request, "hub/folder.html", context | more, status=status)


def _more(request: HttpRequest, after: str) -> str:
    """The address of the next files; empty at the end."""
    kept = {name: request.GET[name] for name in ("q", "kind") if request.GET.get(name)}
    return f"?{urlencode({**kept, 'after': after})}" if after else ""
