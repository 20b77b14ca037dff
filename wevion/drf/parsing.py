"""JSON bodies, bounded in size and depth, with or without a Content-Length."""

from collections.abc import Mapping
from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

MAX_DEPTH = 32  # far more than any body here has, and far less than the interpreter's stack
TOO_DEEP = f"JSON parse error - nested too deeply: at most {MAX_DEPTH} levels"


class PayloadTooLarge(APIException):
    status_code = 413
    default_code = "payload_too_large"
    default_detail = "The body is too large: at most 1 MB of JSON."


class BoundedJSONParser(JSONParser):
    """Raises PayloadTooLarge past DATA_UPLOAD_MAX_MEMORY_SIZE bytes, and ParseError for nesting too deep."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = stream.read(settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
        if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise PayloadTooLarge
        try:
            parsed = super().parse(BytesIO(body), media_type, parser_context)
        except RecursionError:
            raise ParseError(TOO_DEEP) from None
        if _deeper_than(MAX_DEPTH, parsed):
            raise ParseError(TOO_DEEP)
        return parsed


def body_of(request: Request) -> Any:
    """The request's JSON. Raises ParseError, UnsupportedMediaType and PayloadTooLarge.

    Unlike `request.data` it also reads a chunked body, which Django takes for an empty one: it has no Content-Length.
    """
    if "chunked" not in request.headers.get("transfer-encoding", "").lower():
        return request.data
    parser = request.negotiator and request.negotiator.select_parser(request, request.parsers or ())
    if not parser:
        raise UnsupportedMediaType(request.content_type or "")
    return parser.parse(request.META["wsgi.input"], request.content_type, request.parser_context)


def _deeper_than(levels: int, value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return bool(inner) and (not levels or any(_deeper_than(levels - 1, each) for each in inner if isinstance(each, dict | list)))
