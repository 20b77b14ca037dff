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
MOST_REFRESHED: Final = 20 * browsing.PAGE


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
    """The folder; with `q` or `kind` what of it, or of the whole library, fits. "Load more" gets the next files only.

    A refresh says in `shown` how many files are there, and gets as many.
    """
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:MAX_QUERY]
    kind = request.GET.get("kind", "")
    kind = kind if kind in Asset.Kind.values else ""
    files, folders = Asset.objects.of(member.user), Folder.objects.of(member.user).exclude(parent=None)
    files = files.filter(name__icontains=asked) if asked else files.filter(folder=shown)
    folders = folders.filter(name__icontains=asked) if asked else folders.filter(parent=shown)
    files = files.filter(kind=kind) if kind else files
    found = browsing.page(files, sort_of(request), request.GET.get("after", ""), _size(request))
    place = reverse("hub") if shown.parent_id is None else reverse("folder", args=[shown.pk])
    begun = {name: request.GET[name] for name in ("q", "kind", "after") if request.GET.get(name)}
    kept = {name: value for name, value in begun.items() if name != "after"}
    context = {
        "section": "hub",
        "folder": shown,
        "place": place,
        "here": f"{place}?{urlencode(begun)}" if begun else place,
        "assets": found.assets,
        "more": f"{place}?{urlencode(kept | {'after': found.after})}" if found.after else "",
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
        "most_files": filing.MAX_FILES,
        "largest_bytes": filing.MAX_BYTES,
        "largest": f"{filing.MAX_BYTES // 1_000_000} MB",
        "generate_url": reverse("generate", args=["image"]) + query,
        "may_generate": member.may_generate,
        "why_not": f"Your role, {member.get_role_display()}, may look but not generate.",
    }
    return render(request, "hub/folder.html", context | more, status=status)


def _size(request: HttpRequest) -> int:
    shown = request.GET.get("shown", "")
    return min(max(browsing.PAGE, int(shown[:6])), MOST_REFRESHED) if shown.isascii() and shown.isdigit() else browsing.PAGE
