"""Sending a stored file: from a disk, with Range requests (without them a browser cannot seek in a video, and Safari does
not play it); from a bucket by a redirect to a signed address, so that no byte of it passes through this process.
"""

import re
from collections.abc import Iterator

from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.utils.http import content_disposition_header, parse_etags

from creative_hub.storage import links

CHUNK_BYTES = 256 * 1024
CACHED = "private, max-age=3600"
# Enough for the browser's own viewer of a picture, clip or sound, and for nothing that a file could bring along.
SANDBOX = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox allow-same-origin"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def send(
    request: HttpRequest, file: str, mime: str, name: str, *, download: bool = False, etag: str = "", here: bool = False
) -> HttpResponseBase:
    """The stored file `file` as a whole or the asked part; 304 for who has it by `etag`. Shown in place unless `download`.

    Never a redirect if `here`.

    The answer cannot run anything in a browser: its type is fixed, and its policy an empty sandbox.
    """
    quoted = f'"{etag}"' if etag else ""
    if quoted and quoted in parse_etags(request.headers.get("if-none-match", "")):
        return HttpResponse(status=304, headers={"ETag": quoted, "Cache-Control": CACHED})
    if not here and (away := links.signed(file, mime, name, download=download, method=request.method or "GET")):
        # Kept for a while, so that a page's pictures and a playing video go on being fetched from the same address.
        return HttpResponseRedirect(away, headers={"Cache-Control": CACHED})
    size = default_storage.size(file)
    same = request.headers.get("if-range", quoted) == quoted  # else the other parts are of another file
    wanted = _part(request.headers.get("range", ""), size) if same else None
    if wanted == "beyond":
        response: HttpResponseBase = HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    elif isinstance(wanted, tuple):
        first, last = wanted
        opened = default_storage.open(file)
        opened.seek(first)
        response = StreamingHttpResponse(_read(opened, last - first + 1), status=206)
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
        response["Content-Length"] = str(last - first + 1)
    else:
        response = FileResponse(default_storage.open(file))
        response["Content-Length"] = str(size)
    response["Content-Type"] = mime
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = CACHED
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Content-Security-Policy"] = SANDBOX
    if quoted:
        response["ETag"] = quoted
    response["Content-Disposition"] = content_disposition_header(download, " ".join(name.split())) or "inline"
    return response


def _part(header: str, size: int) -> tuple[int, int] | str | None:
    """The first and last byte asked for; "beyond" if there are none such; None for the whole file.

    Several ranges at once, and whatever else is not understood, get the whole file: HTTP allows that.
    """
    found = _RANGE.fullmatch(header)
    if not found or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return (max(0, size - int(last)), size - 1) if int(last) else "beyond"
    end = min(int(last), size - 1) if last else size - 1
    if int(first) >= size:
        return "beyond"
    return (int(first), end) if int(first) <= end else None


def _read(opened: "File[bytes]", left: int) -> Iterator[bytes]:
    with opened:
        while left and (chunk := opened.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
            yield chunk
