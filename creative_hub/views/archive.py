"""Several files at once, as a zip that is written while it is sent: no temporary file, and little memory."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET
from zipstream import ZIP_STORED, ZipStream

from creative_hub.library import names
from creative_hub.library.tree import NotPossible, Selection
from creative_hub.models import Asset, Folder
from creative_hub.views.choosing import chosen, refusals_told
from wevion.accounts.login import membership_of
from wevion.accounts.models import User

MOST_FILES: Final = 1000
PIECE_BYTES: Final = 256 * 1024


@login_required
@require_GET
@refusals_told
def download_many(request: HttpRequest) -> HttpResponseBase:
    """The chosen files, and the chosen folders with all below them."""
    user = membership_of(request).user
    picked = chosen(user, request.GET)
    if not len(picked):
        raise NotPossible("Choose files or folders first.")
    if len(picked.files) == 1 and not picked.folders:
        return redirect(reverse("file-download", args=[picked.files[0].pk]))
    files = list(_files(user, picked))
    if not files:
        raise NotPossible("There are no files in it.")
    if gone := next((asset for _, asset in files if asset.taken_down_at), None):
        raise NotPossible(f"“{gone.name}” was taken down and cannot be downloaded. Choose the others.")
    if len(files) > MOST_FILES:
        raise NotPossible(f"That is more than {MOST_FILES:,} files. Choose fewer at a time.")
    archive = ZipStream(compress_type=ZIP_STORED, sized=True)  # what it holds is compressed already
    for path, asset in files:
        archive.add(_read(str(asset.file)), path, size=asset.bytes)
    response = StreamingHttpResponse(archive, content_type="application/zip")
    response["Content-Length"] = str(len(archive))
    response["Content-Disposition"] = 'attachment; filename="Creative Hub.zip"'
    return response


def _files(user: User, picked: Selection) -> Iterator[tuple[str, Asset]]:
    """Each file with its path in the archive, where no two are the same."""
    paths: set[str] = set()
    assets = Asset.objects.of(user).order_by("name", "id")
    waiting: list[tuple[str, list[Asset], list[Folder]]] = [("", picked.files, picked.folders)]
    seen = 0
    while waiting and seen <= MOST_FILES:
        under, files, folders = waiting.pop()
        taken = partial(_within, paths, under)
        for asset in files:
            path = under + names.assign([asset.name], taken)[0]
            paths.add(path)
            seen += 1
            yield path, asset
        for folder in folders:
            below = Folder.objects.of(user).filter(parent=folder)
            waiting.append((f"{under}{folder.name}/", list(assets.filter(folder=folder)[: MOST_FILES + 1]), list(below)))


def _within(paths: set[str], under: str, wanted: list[str]) -> set[str]:
    return {name for name in wanted if under + name in paths}


def _read(name: str) -> Iterator[bytes]:
    with default_storage.open(name) as opened:
        while piece := opened.read(PIECE_BYTES):
            yield piece
