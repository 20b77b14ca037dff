"""Choosing a picture, clip or sound for a field of the form: the newest files of its kind, or those that a search finds."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import pluralize
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from creative_hub.models import Asset
from creative_hub.orders import MediaField, OrderSerializer
from wevion.accounts.login import membership_of
from wevion.accounts.models import User

SHOWN: Final = 24
CHOSEN: Final = "-file"
"""What a field's name ends in, where the library's files are its choices. The field itself takes an address."""


@dataclass(frozen=True, slots=True)
class Picker:
    """A field that takes a file: `chosen` is the id of the one in use, `address` what else was typed."""

    field: str
    kind: str
    files: list[Asset]
    chosen: str = ""
    address: str = ""

    @property
    def many(self) -> bool:
        """Whether there may be more than the eye takes in: then one can search."""
        return len(self.files) > SHOWN // 3


def pickers(form: OrderSerializer, user: User) -> dict[str, Picker]:
    """One for each field that takes a file."""
    return {
        name: _picker(name, field.kind, str(form[name].value or ""), user)
        for name, field in form.fields.items()
        if isinstance(field, MediaField)
    }


def _picker(name: str, kind: str, value: str, user: User) -> Picker:
    chosen = _found(value, kind, user)
    files = list(_files(kind, user))
    if chosen is None:
        return Picker(name, kind, files, address=value)
    return Picker(name, kind, [chosen, *(file for file in files if file != chosen)][:SHOWN], chosen=str(chosen.pk))


def _found(value: str, kind: str, user: User) -> Asset | None:
    """The person's own file with this id."""
    try:
        return Asset.objects.of(user).filter(kind=kind, pk=UUID(value), taken_down_at=None).first()
    except ValueError:
        return None


def _files(kind: str, user: User, wanted: str = "") -> "QuerySet[Asset]":
    found = Asset.objects.of(user).filter(kind=kind, taken_down_at=None)
    if wanted:
        found = found.filter(name__icontains=wanted)
    return found.newest_first()[:SHOWN]


@never_cache
@login_required
@require_GET
def media_files(request: HttpRequest, kind: str) -> HttpResponse:
    """The files to choose from in `field`, with the present `chosen` first; `find` narrows them by name."""
    field = request.GET.get("field", "")
    if kind not in Asset.Kind.values or not field.isidentifier():
        raise BadRequest("There is no such field.")
    user = membership_of(request).user
    wanted = " ".join(request.GET.get("find", "").replace("\x00", "").split())[:100]
    chosen = request.GET.get("chosen") or request.GET.get(field + CHOSEN, "")
    picker, said = _picker(field, kind, chosen, user), ""
    if wanted:
        found = list(_files(kind, user, wanted))
        kept = [file for file in picker.files if str(file.pk) == picker.chosen and file not in found]
        picker = Picker(field, kind, [*kept, *found], picker.chosen)
        said = f"{'At least ' if len(found) == SHOWN else ''}{len(found) or 'No'} file{pluralize(len(found))} found."
    return render(request, "hub/_media_files.html", {"picker": picker, "wanted": wanted, "answer": True, "said": said})
