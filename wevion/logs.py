"""A request id on every log line and every API error, so that a person's report leads to the lines that explain it."""

import logging
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

current: ContextVar[str] = ContextVar("request_id", default="")


def request_id(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: names the request, in `X-Request-Id` and in the logs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        token = current.set(uuid.uuid4().hex)
        try:
            response = get_response(request)
            response["X-Request-Id"] = current.get()
            return response
        finally:
            current.reset(token)

    return middleware


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        return True
