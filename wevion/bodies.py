"""How large a request's body may be, decided before anything reads it.

Django's protection of forms reads the whole of a form, and puts its files on the disk, before any view is asked. So size is
judged by the header, here, and the server's own reading keeps to that length.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from wevion.drf.errors import PATHS, envelope

# Here a body without a length does no harm: the API's parser stops reading at its limit, and callbacks are not read.
MEASURED_BY_THEIR_READERS: Final = (*PATHS, "/hooks/")


def limit_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, behind the session's: answers 413 to a body that is too large for its path, and 411 to one without a length."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return _refused(request) or get_response(request)

    return middleware


def _refused(request: HttpRequest) -> HttpResponse | None:
    length, usual = request.headers.get("content-length", ""), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if "transfer-encoding" in request.headers:
        if not request.path.startswith(MEASURED_BY_THEIR_READERS) or _limit(request) > usual:
            return _answer(request, 411, "length_required", "Say how large the body is, in Content-Length.")
    elif length.isdecimal() and int(length) > usual and int(length) > (limit := _limit(request)):
        return _answer(request, 413, "payload_too_large", "The body is too large: at most {}.", limit)
    return None


def _limit(request: HttpRequest) -> int:
    """In bytes. The places for files are pages of people who are signed in, or have a key and read nothing before they saw it."""
    usual: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        name = resolve(request.path_info).view_name
    except Resolver404:
        return usual
    known = SESSION_KEY in request.session or request.path.startswith(PATHS)
    return settings.BODY_LIMITS.get(name, usual) if known else usual


def _answer(request: HttpRequest, status: int, code: str, message: str, limit: int = 0) -> HttpResponse:
    most = f"{limit // 1_000_000} MB"
    if request.path.startswith(PATHS):
        return JsonResponse(envelope(code, message.format(most)), status=status)
    return HttpResponse(render_to_string(f"{status}.html", {"most": most}), status=status)
