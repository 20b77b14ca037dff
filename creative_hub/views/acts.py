"""What can be done with files and folders: a question in a dialog (or on a page of its own), and its answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from creative_hub.library import purging, tree
from creative_hub.library.tree import NotPossible, Selection
from creative_hub.models import Asset, CampaignDraft, Folder
from creative_hub.views import hub
from creative_hub.views.choosing import back, changer, chosen, folder_named, refusals_told
from wevion import undo
from wevion.accounts.models import Membership


@login_required
@require_POST
def new_folder(request: HttpRequest) -> HttpResponse:
    """Makes a folder in `parent`; a name that cannot be used is said beside the field."""
    member = changer(request)
    parent = folder_named(member.user, request.POST, "parent")
    name = " ".join(request.POST.get("name", "").split())
    try:
        tree.create_folder(member.user, member.team, parent, name)
    except NotPossible as problem:
        return hub.show(request, member, parent, status=422, folder_error=problem.message, folder_name=name)
    messages.success(request, f"The folder “{name}” is ready.")
    return redirect(back(request, reverse("folder", args=[parent.pk])))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def rename(request: HttpRequest) -> HttpResponseBase:
    member = changer(request)
    picked = chosen(member.user, request.POST or request.GET)
    if len(picked) != 1:
        raise NotPossible("Choose one file or folder to rename.")
    thing = (picked.files or picked.folders)[0]
    if request.method != "POST":
        return _ask(request, "rename", picked, thing=thing, typed=_stem(thing))
    typed = request.POST.get("name", "")
    try:
        if isinstance(thing, Asset):
            tree.rename_file(member.user, thing, typed)
        else:
            tree.rename_folder(member.user, thing, typed)
    except NotPossible as problem:
        return _ask(request, "rename", picked, status=422, thing=thing, typed=typed, problem=problem.message)
    messages.success(request, f"The name is now “{thing.name}”.")
    return redirect(back(request))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def move(request: HttpRequest) -> HttpResponseBase:
    member = changer(request)
    picked = _some(member, request)
    if request.method != "POST":
        rows, now = _tree(member, picked), _place(picked)
        return _ask(request, "move", picked, tree=rows, now=now, others=any(folder.pk != now for _, folder in rows))
    into = folder_named(member.user, request.POST, "into")
    count = tree.move(member.user, picked, into)
    name = into.name if into.parent_id else "Creative Hub"
    messages.success(request, f"{_things(count)} moved to “{name}”." if count else f"Already in “{name}”: nothing was moved.")
    return redirect(back(request))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@refusals_told
def delete(request: HttpRequest) -> HttpResponseBase:
    """Asks first, and says which campaign drafts use the files; then moves them to the trash."""
    member = changer(request)
    picked = _some(member, request)
    if any(folder.parent_id is None for folder in picked.folders):
        raise NotPossible("Your own folder cannot be deleted.")
    if request.method != "POST":
        return _ask(request, "delete", picked, drafts=_drafts_using(member, picked), days=purging.TRASH_DAYS)
    trashed = tree.trash(member.user, picked)
    words = format_html('{} moved to the <a class="link" href="{}">trash</a>.', _things(trashed.count), reverse("trash"))
    undo.tell(request, words, "trash-restore", trashed.at)
    return redirect(back(request))


def _some(member: Membership, request: HttpRequest) -> Selection:
    picked = chosen(member.user, request.POST or request.GET)
    if not len(picked):
        raise NotPossible("Choose files or folders first.")
    return picked


def _ask(request: HttpRequest, act: str, picked: Selection, status: int = 200, **more: Any) -> HttpResponse:
    """The question, for the dialog or as a page of its own."""
    template = f"hub/_{act}.html"
    context = {"act": act, "template": template, "picked": picked, "next": back(request), "section": "hub"} | more
    context["what"] = str((picked.files or picked.folders)[0]) if len(picked) == 1 else _things(len(picked))
    alone = not request.headers.get("HX-Request")
    return render(request, "hub/act.html" if alone else template, context, status=status)


def _things(count: int) -> str:
    return "1 thing" if count == 1 else f"{count} things"


def _stem(thing: Asset | Folder) -> str:
    return thing.name.rpartition(".")[0] or thing.name if isinstance(thing, Asset) else thing.name


def _place(picked: Selection) -> UUID | None:
    """The folder in which all of it lies; None when it lies in several."""
    places = {asset.folder_id for asset in picked.files} | {folder.parent_id for folder in picked.folders}
    return places.pop() if len(places) == 1 else None


def _tree(member: Membership, picked: Selection) -> list[tuple[int, Folder]]:
    """The person's folders as a tree, each with its depth, without those that are picked: none goes into itself."""
    root = Folder.objects.root_of(member.user, member.team)
    inside: dict[Any, list[Folder]] = {}
    for folder in Folder.objects.of(member.user).exclude(pk__in=[folder.pk for folder in picked.folders]):
        inside.setdefault(folder.parent_id, []).append(folder)
    rows: list[tuple[int, Folder]] = []
    waiting = [(0, root)]
    while waiting:
        depth, folder = waiting.pop()
        rows.append((depth, folder))
        waiting += [(depth + 1, child) for child in reversed(inside.get(folder.pk, []))]
    return rows


def _drafts_using(member: Membership, picked: Selection) -> list[CampaignDraft]:
    below = [pk for folder in picked.folders for pk in folder.tree()]
    files = Asset.objects.of(member.user)
    used = files.filter(pk__in=[asset.pk for asset in picked.files]) | files.filter(folder__in=below)
    return list(CampaignDraft.objects.of(member.user).showing(used)[:10])
