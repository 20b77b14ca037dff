"""Every error under /api has one shape: `{"error": code, "message", "details", "request_id"}`."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, InternalError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from wevion import logs
from wevion.drf.parsing import PayloadTooLarge
from wevion.refusal import Refusal

PATHS: Final = ("/api/", "/v1/")
"""Where errors have this shape."""

# DRF's class → our code. The first that fits wins.
CODES: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.ValidationError, "invalid_request"),
    (exceptions.ParseError, "invalid_json"),
    (exceptions.NotAuthenticated, "unauthorized"),
    (exceptions.AuthenticationFailed, "unauthorized"),
    (exceptions.PermissionDenied, "forbidden"),
    (exceptions.NotFound, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (exceptions.Throttled, "rate_limited"),
)


def envelope(code: str, message: str, details: Any = None) -> dict[str, Any]:
    return {"error": code, "message": encodable(message), "details": encodable(details), "request_id": logs.current.get()}


def encodable(value: Any) -> Any:
    """The value with half characters replaced: JSON can bring lone surrogates in, and UTF-8 cannot carry them out."""
    match value:
        case str():
            return value.encode(errors="replace").decode()
        case dict():
            return {encodable(name): encodable(inner) for name, inner in value.items()}
        case list() | tuple():
            return [encodable(inner) for inner in value]
    return value


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets the server's own 500 answer, which has the same shape."""
    match error:
        case Refusal():
            set_rollback()
            return Response(envelope(error.code, error.message, error.details or None), status=error.status)
        case Http404():
            error = exceptions.NotFound("There is nothing here, or it is not yours.")
        case PermissionDenied():
            error = exceptions.PermissionDenied(str(error) or "Your role does not allow this.")
        case exceptions.NotAuthenticated():
            error.detail = exceptions.ErrorDetail("Send an API key, as x-api-key or as Authorization: Bearer.", "unauthorized")
        case RequestDataTooBig():
            error = PayloadTooLarge()
        case OperationalError() | InterfaceError() | InternalError():  # away, or for reading only
            set_rollback()
            body = envelope("unavailable", "The database cannot be reached just now. Try again in a few seconds.")
            return Response(body, status=503, headers={"Retry-After": "5"})
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    code = next((code for kind, code in CODES if isinstance(error, kind)), error.default_code)
    message, details = told(error)
    return Response(envelope(code, message, details), status=error.status_code, headers=headers(error))


def headers(error: exceptions.APIException) -> dict[str, str]:
    found = {}
    if header := getattr(error, "auth_header", None):
        found["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        found["Retry-After"] = str(max(1, round(wait)))
    return found


def told(error: exceptions.APIException) -> tuple[str, Any]:
    """One sentence that names the field, and all fields with their messages as details."""
    if not isinstance(error, exceptions.ValidationError):
        return str(error.detail), None
    details = error.detail
    if isinstance(details, dict):
        field, messages = next(iter(details.items()))
        first = first_message(messages)
        return (first if field == "non_field_errors" else f"{field}: {first}"), details
    return first_message(details), {"non_field_errors": details}


def first_message(messages: Any) -> str:
    while isinstance(messages, dict | list | tuple) and messages:
        messages = next(iter(messages.values())) if isinstance(messages, dict) else messages[0]
    return str(messages)


def not_found(request: HttpRequest) -> JsonResponse:
    """For paths under /api that no view has."""
    return JsonResponse(envelope("not_found", f"There is no {request.path} here."), status=404)


def bad_request(request: HttpRequest) -> JsonResponse:
    """For what Django refuses before a view sees it, such as a host that is not ours."""
    return JsonResponse(envelope("bad_request", "This request cannot be understood."), status=400)


def server_error(request: HttpRequest) -> JsonResponse:
    message = "Something went wrong on our side. Nothing was charged by this request; try again, or tell us the request_id."
    return JsonResponse(envelope("internal_error", message), status=500)
