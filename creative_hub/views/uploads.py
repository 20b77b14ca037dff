"""Uploads. The tus 1.0 protocol (https://tus.io/protocols/resumable-upload), so that a dropped line costs a piece and
not the file; and a plain form that needs no JavaScript.

Refusals answer in plain text, which the page shows beside the file.
"""

import logging
import uuid
from base64 import b64decode
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files import File
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import http_date
from django.views.decorators.http import require_http_methods, require_POST

from creative_hub.library import filing, names, partial
from creative_hub.library.filing import NotStored, Unfit
from creative_hub.models import Asset, Folder, Upload
from creative_hub.storage import scratch
from creative_hub.views.choosing import back, changer, folder_named
from wevion.accounts.models import Membership

log = logging.getLogger(__name__)

VERSION: Final = "1.0.0"
PIECE_TYPE: Final = "application/offset+octet-stream"
NOT_NOW: Final = "The file could not be stored just now. Nothing is lost: try again in a moment."


@login_required
@require_http_methods(["OPTIONS", "POST"])
def uploads(request: HttpRequest) -> HttpResponse:
    """POST begins an upload into the folder that the metadata names, else into the person's own."""
    member = changer(request)
    if request.method == "OPTIONS":
        return _answer(204, {"Tus-Extension": "creation,expiration,termination", "Tus-Max-Size": str(filing.MAX_BYTES)})
    if wrong := _wrong_version(request):
        return wrong
    length = _number(request.headers.get("Upload-Length", ""))
    if length is None:
        return _answer(400, words="Upload-Length is missing.")
    try:
        filing.check_size(length)
    except Unfit as unfit:
        return _answer(413 if length else 422, words=str(unfit))
    if Upload.objects.of(member.user).count() >= partial.MAX_UNFINISHED:
        return _answer(429, words=f"{partial.MAX_UNFINISHED} uploads are unfinished. Finish or cancel some first.")
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    upload = Upload.objects.create(
        team=member.team,
        owner=member.user,
        folder=_folder(member, said.get("folder", "")),
        name=names.clean(said.get("filename", "")),
        length=length,
    )
    partial.begin(upload)
    upload.refresh_from_db()  # for the database's time
    return _answer(201, {"Location": reverse("upload-part", args=[upload.pk]), "Upload-Expires": _expires(upload)})


@login_required
@require_http_methods(["HEAD", "PATCH", "DELETE"])
def upload_part(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD tells how much is here, PATCH brings the next piece, DELETE gives up."""
    member = changer(request)
    if wrong := _wrong_version(request):
        return wrong
    if asset := Asset.objects.of(member.user).filter(pk=upload_id).first():
        return _filed(asset)
    upload = get_object_or_404(Upload.objects.of(member.user), pk=upload_id)
    match request.method:
        case "DELETE":
            partial.drop(upload)
            return _answer(204)
        case "PATCH":
            return _patch(request, member, upload)
    offset = partial.offset(upload)
    if offset is None:
        return _answer(404)
    return _answer(200, {"Upload-Offset": str(offset), "Upload-Length": str(upload.length), "Upload-Expires": _expires(upload)})


def _patch(request: HttpRequest, member: Membership, upload: Upload) -> HttpResponse:
    at = _number(request.headers.get("Upload-Offset", ""))
    if request.content_type != PIECE_TYPE or at is None:
        return _answer(415 if at is not None else 400, words="This is not a piece of a file.")
    try:
        end = partial.append(upload, at, request)
        if end < upload.length:
            return _answer(204, {"Upload-Offset": str(end), "Upload-Expires": _expires(upload)})
        return _filed(partial.finish(member, upload))
    except partial.Busy:
        return _answer(423, words="Another piece of this file is still arriving.")
    except partial.Misplaced:
        return _answer(409, words="This piece does not follow the last one.")
    except FileNotFoundError:
        return _answer(404, words="This upload is no longer known. Begin it again.")
    except Unfit as unfit:
        partial.drop(upload)
        return _answer(422, words=str(unfit))
    except UnreadablePostError:
        return _answer(400, words="The line dropped.")
    except (NotStored, OSError) as error:
        log.warning("an upload could not be stored: %s", error)
        return _answer(503, words=NOT_NOW)


def _filed(asset: Asset) -> HttpResponse:
    return _answer(204, {"Upload-Offset": str(asset.bytes), "Upload-Length": str(asset.bytes), "Upload-Asset": str(asset.pk)})


@login_required
@require_POST
def upload_form(request: HttpRequest) -> HttpResponse:
    """Several files in one form; each is filed, or refused with its reason."""
    member = changer(request)
    folder = folder_named(member.user, request.POST, "folder")
    sent = request.FILES.getlist("files")
    if not sent:
        messages.error(request, "Choose the files first.")
    for file in sent[filing.MAX_FILES :]:
        messages.error(request, f"{file.name}: at most {filing.MAX_FILES} files at a time.")
    kept = [file for file in sent[: filing.MAX_FILES] if _keep(request, member, folder, file)]
    if kept:
        messages.success(request, f"Uploaded: {'1 file' if len(kept) == 1 else f'{len(kept)} files'}.")
    return redirect(back(request))


def _keep(request: HttpRequest, member: Membership, folder: Folder, file: "File[Any]") -> bool:
    try:
        with scratch.folder() as work:
            local = work / "file"
            with local.open("wb") as sink:
                for chunk in file.chunks():
                    sink.write(chunk)
            filing.file_upload(member, folder, local, file.name or "", uuid.uuid4())
    except Unfit as unfit:
        messages.error(request, f"{file.name}: {unfit}")
        return False
    except (NotStored, OSError) as error:
        log.warning("an upload could not be stored: %s", error)
        messages.error(request, f"{file.name}: {NOT_NOW}")
        return False
    return True


def _answer(status: int, headers: dict[str, str] | None = None, words: str = "") -> HttpResponse:
    response = HttpResponse(words, status=status, content_type="text/plain; charset=utf-8", headers=headers)
    response["Tus-Resumable"] = response["Tus-Version"] = VERSION
    response["Cache-Control"] = "no-store"
    return response


def _wrong_version(request: HttpRequest) -> HttpResponse | None:
    return None if request.headers.get("Tus-Resumable") == VERSION else _answer(412, words=f"This speaks tus {VERSION}.")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _metadata(header: str) -> dict[str, str]:
    """`name base64, name base64`; what cannot be read is left out."""
    said = {}
    for pair in header.split(","):
        name, _, value = pair.strip().partition(" ")
        try:
            said[name] = b64decode(value, validate=True).decode()
        except ValueError:
            continue
    return said


def _folder(member: Membership, wanted: str) -> Folder:
    try:
        chosen = Folder.objects.of(member.user).filter(pk=UUID(wanted)).first()
    except ValueError:
        chosen = None
    return chosen or Folder.objects.root_of(member.user, member.team)


def _expires(upload: Upload) -> str:
    return http_date(upload.expires_at.timestamp())
