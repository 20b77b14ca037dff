"""What a request to the library names: by whom, which files and folders, and where to go afterwards."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from creative_hub.library.tree import NotPossible, Selection
from creative_hub.models import Asset, Folder
from wevion import undo
from wevion.accounts.login import membership_of
from wevion.accounts.models import Membership, User
from wevion.accounts.views import next_url
from wevion.refusal import Refusal

MOST: Final = 200
View = Callable[..., HttpResponseBase]


def changer(request: HttpRequest) -> Membership:
    """The member, who may change the library. Raises PermissionDenied for the roles that may only look."""
    member = membership_of(request)
    if not member.may_generate:
        raise PermissionDenied(f"Your role, {member.get_role_display()}, may look at files but not change them.")
    return member


def chosen(user: User, sent: QueryDict) -> Selection:
    """The `file`s and `folder`s of the person's library. Raises Http404 if one of them is not theirs, or in the trash."""
    return _selection(sent, Asset.objects.of(user).select_related("folder"), Folder.objects.of(user))


def chosen_in_trash(user: User, sent: QueryDict) -> Selection:
    """As `chosen`, of what is in the trash; or all that went there at the moment `at`."""
    files, folders = Asset.objects.trash_of(user), Folder.objects.trash_of(user)
    if at := undo.moment(sent.get("at", "")):
        return Selection(list(files.filter(deleted_at=at)), list(folders.filter(deleted_at=at)))
    return _selection(sent, files, folders)


def folder_named(user: User, sent: QueryDict, name: str) -> Folder:
    """The person's folder with the id that the field holds. Raises Http404."""
    return get_object_or_404(Folder.objects.of(user), pk=_uuid(sent.get(name, "")))


def back(request: HttpRequest, otherwise: str = "") -> str:
    """Where the person was: `next` of the form, else `otherwise`, else the hub."""
    return next_url(request, otherwise or reverse("hub"))


def refusals_told(view: View) -> View:
    """A Refusal sends the person back to where they were, with its message."""

    @wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            messages.error(request, refusal.message)
            return redirect(back(request))

    return told


def _selection(sent: QueryDict, assets: QuerySet[Asset], folders: QuerySet[Folder]) -> Selection:
    return Selection(_all(assets, sent.getlist("file")), _all(folders, sent.getlist("folder")))


def _all(things: QuerySet[Any], ids: list[str]) -> list[Any]:
    wanted = {_uuid(text) for text in ids[: MOST + 1]}
    if len(wanted) > MOST:
        raise NotPossible(f"That is more than {MOST} at a time. Choose fewer, or the folder they are in.")
    found: list[Model] = list(things.filter(pk__in=wanted)) if wanted else []
    if len(found) != len(wanted):
        raise Http404
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
