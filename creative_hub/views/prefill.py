"""What a new form starts with: another job's request, a chosen file, or the choices of the person's last job of the type."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from creative_hub.models import Asset, Folder
from creative_hub.orders import ORDERS, MediaField, typed_in
from jobs.models import Job
from wevion.accounts.models import Membership

REMEMBERED: Final = frozenset({"avatar_id", "voice_id", "language", "width", "height", "drive_folder_id"})
"""Kept from job to job, like everything that is chosen from a list. Words, files and seeds start afresh."""


@dataclass(frozen=True, slots=True)
class Prefill:
    """`source` is the job whose whole request `values` are; `last_key` the idempotency key of the last job of the type.

    The key tells the browser that a draft it keeps has become a job.
    """

    values: dict[str, Any]
    source: Job | None = None
    last_key: str = ""
    may_restore: bool = True


def prefill(request: HttpRequest, member: Membership, job_type: str) -> Prefill:
    """404 for a job or a file that is not the person's."""
    last = Job.objects.of(member.user).filter(type=job_type).newest_first().first()
    source = _source(request, member, job_type)
    files = _files(request, member, job_type)
    values = (typed_in(source) if source else _choices(last)) | files
    if folder := folder_of(request, member):
        values["drive_folder_id"] = folder.pk
    elif (kept := values.get("drive_folder_id")) and not Folder.objects.of(member.user).filter(pk=kept).exists():
        del values["drive_folder_id"]
    key = (last.idempotency_key or "") if last else ""
    return Prefill(values, source, key, may_restore=not (source or files))


def folder_of(request: HttpRequest, member: Membership) -> Folder | None:
    """The folder from which the dialog was opened; an unknown one is ignored."""
    wanted = request.GET.get("into")
    if not wanted:
        return None
    try:
        return Folder.objects.of(member.user).filter(pk=wanted).first()
    except ValidationError:
        return None


def _choices(last: Job | None) -> dict[str, Any]:
    """What the person chose the last time, without the words."""
    if last is None:
        return {}
    declared = ORDERS[last.type]().get_fields()
    return {
        name: value
        for name, value in typed_in(last).items()
        if name in REMEMBERED or isinstance(declared.get(name), serializers.ChoiceField)
    }


def _source(request: HttpRequest, member: Membership, job_type: str) -> Job | None:
    """The job whose request fills the form: Edit & resubmit, and Use again."""
    wanted = request.GET.get("again")
    if not wanted:
        return None
    try:
        return get_object_or_404(Job.objects.all_of(member.user), pk=wanted, type=job_type)
    except ValidationError:
        raise Http404 from None


def _files(request: HttpRequest, member: Membership, job_type: str) -> dict[str, str]:
    """`?image=<id>`, and `video` and `audio`: the file goes into the first field that takes its kind."""
    chosen: dict[str, str] = {}
    for kind in Asset.Kind.values:
        if wanted := request.GET.get(kind):
            fields = ORDERS[job_type]().get_fields().items()
            slot = next((name for name, field in fields if isinstance(field, MediaField) and field.kind == kind), None)
            chosen |= {slot: str(_own(member, wanted, kind).pk)} if slot else {}
    return chosen


def _own(member: Membership, wanted: str, kind: str) -> Asset:
    try:
        return get_object_or_404(Asset.objects.of(member.user), pk=wanted, kind=kind, taken_down_at=None)
    except ValidationError:
        raise Http404 from None
