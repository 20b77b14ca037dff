"""What we ask of Drive: find, make folders, upload. All that we make carries our id in its appProperties, to be found by."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from googleapiclient.errors import HttpError as DriveError
from googleapiclient.http import MediaUpload

from creative_hub.drive.access import drive
from creative_hub.drive.troubles import NoSession, NotThere
from creative_hub.models import Asset, DriveFolder, Folder, TeamDrive
from creative_hub.storage import store

FOLDER = "application/vnd.google-apps.folder"
PART_BYTES = 8 * 1024 * 1024  # a multiple of 256 KiB, as the protocol wants; the memory that an upload takes
EVERYWHERE = {"supportsAllDrives": True}


class Stored(MediaUpload):  # type: ignore[misc]
    """A stored file as the client reads it: part by part, from wherever it lies."""

    def __init__(self, asset: Asset) -> None:
        self.asset = asset

    def chunksize(self) -> int:
        return PART_BYTES

    def mimetype(self) -> str:
        return self.asset.mime

    def size(self) -> int:
        return self.asset.bytes

    def resumable(self) -> bool:
        return True

    def getbytes(self, begin: int, length: int) -> bytes:
        found = store.part(str(self.asset.file), begin, length)
        if len(found) < min(length, self.asset.bytes - begin):
            raise OSError("the stored file is shorter than it was")
        return found


def find(place: TeamDrive, kind: str, ours: UUID) -> dict[str, Any] | None:
    """What we made there for our folder or asset, unless somebody threw it away."""
    answer = (
        drive()
        .files()
        .list(
            q=f"appProperties has {{ key='wevion_{kind}' and value='{ours}' }} and trashed = false",
            corpora="drive",
            driveId=place.shared_drive_id,
            includeItemsFromAllDrives=True,
            fields="files(id,webViewLink)",
            pageSize=1,
            **EVERYWHERE,
        )
        .execute()
    )
    found: dict[str, Any] | None = next(iter(answer["files"]), None)
    return found


def counterpart(place: TeamDrive, folder: Folder) -> str:
    """The drive's id of our folder; what is missing of its path is made. One at a time for a team: two would make two."""
    known = _known(place, folder)
    if known:
        return known
    parent = _top(place)
    for ours in folder.path():
        parent = _known(place, ours) or _made(place, ours, parent)
    return parent


def _known(place: TeamDrive, folder: Folder) -> str:
    """Noted before, and still there. What lies in a trashed folder counts as trashed, so a look at the last is enough."""
    noted = DriveFolder.objects.filter(place=place, folder=folder).first()
    return noted.drive_id if noted and _alive(noted.drive_id, place) else ""


def _alive(drive_id: str, place: TeamDrive) -> bool:
    try:
        found = drive().files().get(fileId=drive_id, fields="id,driveId,trashed", **EVERYWHERE).execute()
    except DriveError as error:
        if error.resp.status == 404:
            return False
        raise
    return not found.get("trashed") and found.get("driveId") == place.shared_drive_id


def _top(place: TeamDrive) -> str:
    if place.folder_id and not _alive(place.folder_id, place):
        raise NotThere(place.folder_id)
    return place.folder_id or place.shared_drive_id


def _made(place: TeamDrive, folder: Folder, parent: str) -> str:
    found = find(place, "folder", folder.pk)
    if found is None:
        body = {"name": folder.name, "mimeType": FOLDER, "parents": [parent], "appProperties": {"wevion_folder": str(folder.pk)}}
        found = drive().files().create(body=body, fields="id", **EVERYWHERE).execute()
    DriveFolder.objects.update_or_create(folder=folder, defaults={"place": place, "drive_id": found["id"]})
    return str(found["id"])


def upload(asset: Asset, parent: str, session: str, note_session: Callable[[str], None], go_on: Callable[[], bool]) -> Any:
    """The file's id and link when all of it is there, None when `go_on` said to stop for now.

    `note_session` is called before the first byte leaves; with that address the upload goes on where it stood. Raises
    NoSession when Google no longer knows it.
    """
    body = {"name": asset.name, "mimeType": asset.mime, "appProperties": {"wevion_asset": str(asset.pk)}}
    body |= {"parents": [parent]} if parent else {}
    request = drive().files().create(body=body, media_body=Stored(asset), fields="id,webViewLink", **EVERYWHERE)
    if session:
        request.resumable_progress, done = _asked(request.http, session, asset.bytes)
        if done:
            return done
    else:
        session = _begun(request, asset)
        note_session(session)
    request.resumable_uri = session
    done = None
    while done is None and go_on():
        done = _sent(request)
    return done


def _sent(request: Any) -> Any:
    """Sends one part. The finished file, if that was the last."""
    try:
        return request.next_chunk()[1]
    except DriveError as error:
        if error.resp.status in (404, 410):
            raise NoSession(str(error.resp.status)) from None
        raise


def _begun(request: Any, asset: Asset) -> str:
    """The address of a new upload. The client would begin it and send at once: a crash would leave it unknown."""
    headers = {**request.headers, "X-Upload-Content-Type": asset.mime, "X-Upload-Content-Length": str(asset.bytes)}
    response, content = request.http.request(request.uri, method=request.method, body=request.body, headers=headers)
    if response.status != 200 or "location" not in response:
        raise DriveError(response, content, uri=request.uri)
    return str(response["location"])


def _asked(http: Any, session: str, size: int) -> tuple[int, Any]:
    """How many bytes Google has of the upload; and the finished file, if that is all of them."""
    response, content = http.request(session, method="PUT", headers={"Content-Range": f"bytes */{size}"})
    match response.status:
        case 200 | 201:
            return size, json.loads(content)
        case 308:
            return int(response["range"].rpartition("-")[2]) + 1 if "range" in response else 0, None
        case 404 | 410:
            raise NoSession(str(response.status))
    raise DriveError(response, content, uri=session)
