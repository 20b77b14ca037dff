"""The description of the API, in OpenAPI 3.1: each view says what its operations take and answer, once, in `described`.

drf-spectacular finds the views; what it would guess from them is replaced by what they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drf_spectacular.openapi import AutoSchema

Schema = Mapping[str, Any]

ERRORS: Final[Mapping[str, tuple[int, str]]] = {
    "invalid_request": (400, "A field or filter is wrong: `details` has a list of sentences for each. Nothing was done."),
    "invalid_json": (400, "The body cannot be read as what it says it is."),
    "unauthorized": (401, "There is no API key, or it is mistyped, expired or revoked."),
    "insufficient_credits": (402, "The team's credit does not cover the price. No job was created."),
    "credit_cap_reached": (402, "The price would pass the member's monthly limit. No job was created."),
    "forbidden": (403, "The key lacks the permission, or the member's role does not allow it."),
    "not_found": (404, "There is nothing here, or it is somebody else's."),
    "not_acceptable": (406, "Only JSON can be had."),
    "not_retryable": (409, "The job has not failed, or the same request would fail again."),
    "not_cancellable": (409, "Jobs of this type run to their end, or the job has ended already."),
    "result_not_ready": (409, "The job has no result, or not yet. `details` has its status."),
    "still_active": (409, "The job is still running."),
    "too_many_webhooks": (409, "The team has as many webhooks as it can have."),
    "webhook_disabled": (409, "The webhook is disabled."),
    "length_required": (411, "The body came without a Content-Length."),
    "payload_too_large": (413, "The body is larger than 1 MB, or an uploaded clip than 500 MB."),
    "unsupported_media_type": (415, "The body is not of the type described here, or an uploaded file is no clip."),
    "idempotency_mismatch": (422, "The Idempotency-Key was used for another request."),
    "rate_limited": (429, "Too many requests with this key. `Retry-After` says in how many seconds to come back."),
    "unavailable_for_legal_reasons": (451, "An admin took one of the files down."),
    "internal_error": (500, "Something went wrong on our side. Nothing was charged by this request."),
    "unavailable": (503, "The database cannot be reached just now. `Retry-After` says in how many seconds to come back."),
}
ALWAYS: Final = ("unauthorized", "forbidden", "not_acceptable", "rate_limited", "internal_error", "unavailable")
WITH_A_BODY: Final = ("invalid_request", "invalid_json", "payload_too_large", "unsupported_media_type")
HEADERS: Final[Mapping[str, str]] = {
    "Retry-After": "Seconds until it makes sense to ask again.",
    "Location": "Where to look what became of it.",
    "X-Depicta-Job-Id": "The job's id.",
    "ETag": "Changes with the job. Send it back as If-None-Match.",
}
SECURITY: Final[list[dict[str, list[str]]]] = [{"apiKey": []}, {"bearer": []}]


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes back when all is well. `schema` names a component, or is empty for no body. Several `examples` have names."""

    text: str
    schema: str = ""
    headers: Sequence[str] = ()
    example: Any = None
    examples: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `errors` are the codes beyond those that every operation can answer."""

    id: str
    tag: str
    summary: str
    answers: Mapping[int, Answer]
    text: str = ""
    body: Schema | None = None
    example: Any = None
    parameters: Sequence[Schema] = ()
    errors: Sequence[str] = field(default_factory=tuple)
    media_type: str = "application/json"
    more_tags: Sequence[str] = ()


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, text: str, **schema: Any) -> Schema:
    return {"in": "query", "name": name, "required": False, "description": text, "schema": schema}


def header(name: str, text: str, **schema: Any) -> Schema:
    return {"in": "header", "name": name, "required": False, "description": text, "schema": schema}


class Described(AutoSchema):
    """Takes a view's operations from its `described`: method → Operation. A method that is not there is left out."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> dict[str, Any] | None:
        said: Operation | None = getattr(self.view, "described", {}).get(method)
        return described(said, has_id="{" in path) if said else None


def described(said: Operation, *, has_id: bool) -> dict[str, Any]:
    path = {"in": "path", "name": "id", "required": True, "schema": {"type": "string", "format": "uuid"}}
    found: dict[str, Any] = {
        "operationId": said.id,
        "tags": [said.tag, *said.more_tags],
        "summary": said.summary,
        "description": said.text,
        "parameters": [*([path] if has_id else []), *said.parameters],
        "security": SECURITY,
        "responses": {str(status): _answer(answer) for status, answer in said.answers.items()},
    }
    codes = [*ALWAYS, *said.errors, *(["not_found"] if has_id else [])]
    if said.body is not None:
        content = {"schema": said.body} | ({"example": said.example} if said.example else {})
        found["requestBody"] = {"required": True, "content": {said.media_type: content}}
        codes += WITH_A_BODY
    found["responses"] |= _errors(dict.fromkeys(codes))
    return found


def _answer(answer: Answer) -> dict[str, Any]:
    content = {"schema": ref(answer.schema)} | ({"example": answer.example} if answer.example is not None else {})
    if answer.examples:
        content["examples"] = {name: {"value": value} for name, value in answer.examples.items()}
    return {
        "description": answer.text,
        **({"content": {"application/json": content}} if answer.schema else {}),
        **({"headers": _headers(answer.headers)} if answer.headers else {}),
    }


def _headers(names: Sequence[str]) -> dict[str, Any]:
    return {name: {"description": HEADERS[name], "required": True, "schema": {"type": "string"}} for name in names}


def _errors(codes: Mapping[str, None]) -> dict[str, Any]:
    """One response for each status, with all of its codes, each with an example."""
    found: dict[str, Any] = {}
    for code in codes:
        status, text = ERRORS[code]
        example = {"error": code, "message": text, "details": None, "request_id": "b3f1c2d4e5a64f7b8c9d0e1f2a3b4c5d"}
        one = found.setdefault(str(status), {"description": "", "codes": [], "examples": {}})
        one["description"] = f"{one['description']}\n\n`{code}`: {text}".strip()
        one["codes"].append(code)
        one["examples"][code] = {"value": example}
    return {status: _error(int(status), **one) for status, one in sorted(found.items())}


def _error(status: int, description: str, codes: list[str], examples: dict[str, Any]) -> dict[str, Any]:
    schema = {"allOf": [ref("Error"), {"type": "object", "properties": {"error": {"type": "string", "enum": codes}}}]}
    found = {"description": description, "content": {"application/json": {"schema": schema, "examples": examples}}}
    return found | ({"headers": _headers(["Retry-After"])} if status in (429, 503) else {})
