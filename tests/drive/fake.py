"""Google Drive v3 on loopback, as strict as the real one about tokens, shared drives and resumable uploads."""

import hashlib
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from google.auth import jwt

from tests.http.servers import serve

QUARTER_MB = 256 * 1024
QUERY = re.compile(r"appProperties has \{ key='(\w+)' and value='([\w-]+)' \} and trashed = false")
RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
NAMES = {401: "authError", 403: "forbidden", 404: "notFound", 429: "rateLimitExceeded", 500: "backendError", 503: "backendError"}


@dataclass
class File:
    name: str
    mime: str
    parent: str
    properties: dict[str, str]
    size: int = 0
    sha256: str = ""
    trashed: bool = False
    id: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass
class Upload:
    file: File
    size: int
    received: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    done: bool = False


@dataclass
class Failure:
    """What the next calls of a kind (`token get list create begin put`) are answered; `lost`: acted on, and no answer."""

    status: int
    reason: str = ""
    message: str = ""
    times: int = 1
    lost: bool = False
    retry_after: str = ""


class FakeDrive:
    """`files` by id; `complaints` lists what a well-behaved client never does; `calls` the kinds of the calls, in order."""

    shared_drive = "0AShared-Drive-of-the-team"

    def __init__(self, public_key: bytes) -> None:
        self.public_key = public_key
        self.address = ""
        self.tokens: set[str] = set()
        self.files: dict[str, File] = {}
        self.uploads: dict[str, Upload] = {}
        self.failures: dict[str, Failure] = {}
        self.complaints: list[str] = []
        self.calls: list[str] = []

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    def fail(self, kind: str, status: int, reason: str = "", **more: Any) -> None:
        self.failures[kind] = Failure(status, reason or NAMES.get(status, ""), **more)

    def named(self, name: str) -> list[File]:
        return [file for file in self.files.values() if file.name == name]

    def path(self, file: File) -> str:
        """`Alice/Ads/a lamp.png`: from the top of the shared drive."""
        parent = self.files.get(file.parent)
        return f"{self.path(parent)}/{file.name}" if parent else file.name

    def app(self) -> web.Application:
        app = web.Application(client_max_size=100_000_000)
        app.router.add_post("/token", self.kind("token", self.token, public=True))
        app.router.add_get("/drive/v3/files", self.kind("list", self.list))
        app.router.add_get("/drive/v3/files/{id}", self.kind("get", self.get))
        app.router.add_post("/drive/v3/files", self.kind("create", self.create))
        app.router.add_post("/upload/drive/v3/files", self.kind("begin", self.begin))
        app.router.add_put("/upload/drive/v3/files", self.kind("put", self.put))
        return app

    def kind(self, kind: str, act: Callable[[web.Request], Any], *, public: bool = False) -> Callable[[web.Request], Any]:
        async def answer(request: web.Request) -> web.StreamResponse:
            self.calls.append(kind)
            if not public and request.headers.get("Authorization", "").removeprefix("Bearer ") not in self.tokens:
                return error(401, "authError", "Invalid Credentials")
            failure = self.failures.get(kind)
            if failure and failure.times:
                failure.times -= 1
                if failure.lost:
                    await act(request)
                    assert request.transport
                    request.transport.abort()
                return error(failure.status, failure.reason, failure.message, failure.retry_after)
            found: web.StreamResponse = await act(request)
            return found

        return answer

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        try:
            claims = jwt.decode(str(form["assertion"]), certs=self.public_key, audience="https://oauth2.googleapis.com/token")  # type: ignore[no-untyped-call]
        except ValueError as problem:
            return web.json_response({"error": "invalid_grant", "error_description": str(problem)}, status=400)
        if form["grant_type"] != "urn:ietf:params:oauth:grant-type:jwt-bearer" or claims["exp"] - time.time() > 3700:
            self.complaints.append("token")
        token = uuid.uuid4().hex
        self.tokens.add(token)
        return web.json_response({"access_token": token, "expires_in": 3600, "token_type": "Bearer"})

    async def list(self, request: web.Request) -> web.Response:
        asked, query = QUERY.fullmatch(request.query.get("q", "")), request.query
        if not asked or query.get("corpora") != "drive" or query.get("includeItemsFromAllDrives") != "true":
            self.complaints.append(f"list {dict(query)}")
            return error(400, "invalid")
        if query.get("driveId") != self.shared_drive or query.get("supportsAllDrives") != "true":
            return error(404, "notFound")
        key, value = asked.groups()
        found = [file for file in self.files.values() if file.properties.get(key) == value and not self.gone(file)]
        return web.json_response({"files": [self.shown(file) for file in found[: int(query["pageSize"])]]})

    async def get(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["id"])
        if file is None or request.query.get("supportsAllDrives") != "true":
            return error(404, "notFound")
        return web.json_response({**self.shown(file), "driveId": self.shared_drive, "trashed": self.gone(file)})

    async def create(self, request: web.Request) -> web.Response:
        return self.made(request, await request.json())

    def made(self, request: web.Request, body: dict[str, Any]) -> web.Response:
        file = self.described(request, body)
        if isinstance(file, web.Response):
            return file
        self.files[file.id] = file
        return web.json_response(self.shown(file))

    def described(self, request: web.Request, body: dict[str, Any]) -> File | web.Response:
        parents = body.get("parents", [])
        if set(body) - {"name", "mimeType", "parents", "appProperties"} or len(parents) > 1:
            self.complaints.append(f"create {sorted(body)}")
            return error(400, "invalid")
        if not parents:
            return error(403, "storageQuotaExceeded", "Service Accounts do not have storage quota. Leverage shared drives")
        if request.query.get("supportsAllDrives") != "true" or not (parents[0] == self.shared_drive or parents[0] in self.files):
            return error(404, "notFound", f"File not found: {parents[0]}.")
        return File(body["name"], body["mimeType"], parents[0], body.get("appProperties", {}))

    async def begin(self, request: web.Request) -> web.Response:
        size, mime = request.headers.get("X-Upload-Content-Length", ""), request.headers.get("X-Upload-Content-Type", "")
        body = await request.json()
        if request.query.get("uploadType") != "resumable" or not size.isdigit() or mime != body.get("mimeType"):
            self.complaints.append("begin")
            return error(400, "invalid")
        file = self.described(request, body)
        if isinstance(file, web.Response):
            return file
        self.uploads[file.id] = Upload(file, int(size))
        return web.Response(headers={"Location": f"{self.url}/upload/drive/v3/files?uploadType=resumable&upload_id={file.id}"})

    async def put(self, request: web.Request) -> web.Response:
        upload = self.uploads.get(request.query.get("upload_id", ""))
        if upload is None:
            return error(404, "notFound")
        content = await request.read()
        where = request.headers.get("Content-Range", "")
        if where != f"bytes */{upload.size}":
            first = self.fits(upload, where, content)
            if first is None:
                self.complaints.append(f"put {where} of {len(content)}, {upload.received} are here")
                return error(400, "badRequest")
            new = content[upload.received - first :]  # what is here already is ignored, as Google does
            upload.digest.update(new)
            upload.received += len(new)
        if upload.received < upload.size:
            return web.Response(status=308, headers={"Range": f"bytes=0-{upload.received - 1}"} if upload.received else {})
        upload.done, upload.file.size, upload.file.sha256 = True, upload.size, upload.digest.hexdigest()
        self.files[upload.file.id] = upload.file
        return web.json_response(self.shown(upload.file))

    @staticmethod
    def fits(upload: Upload, where: str, content: bytes) -> int | None:
        """Where the part begins, if it leaves no gap, is as long as it says, and a multiple of 256 KiB unless it is the last."""
        told = RANGE.fullmatch(where)
        if not told:
            return None
        first, last, size = map(int, told.groups())
        whole = last + 1 == size or len(content) % QUARTER_MB == 0
        fits = first <= upload.received and size == upload.size and last - first + 1 == len(content) and whole
        return first if fits else None

    def gone(self, file: File) -> bool:
        parent = self.files.get(file.parent)
        return file.trashed or bool(parent and self.gone(parent))

    def shown(self, file: File) -> dict[str, Any]:
        return {"id": file.id, "webViewLink": f"https://drive.google.com/file/d/{file.id}/view"}


def error(status: int, reason: str, message: str = "", retry_after: str = "") -> web.Response:
    told = {"code": status, "message": message, "errors": [{"domain": "global", "reason": reason, "message": message}]}
    headers = {"Retry-After": retry_after} if retry_after else {}
    return web.json_response({"error": told}, status=status, headers=headers)


@contextmanager
def running(public_key: bytes) -> Iterator[FakeDrive]:
    fake = FakeDrive(public_key)
    with serve(fake.app()) as fake.address:
        yield fake
