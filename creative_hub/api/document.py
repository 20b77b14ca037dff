"""The API's description and its page. The description is made once in each process, from what the views say of themselves."""

import hashlib
import json
from functools import cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe
from drf_spectacular.generators import SchemaGenerator

from creative_hub.api import bodies
from creative_hub.api.neighbours import says as neighbours
from creative_hub.api.neighbours import shapes as neighbours_shapes
from creative_hub.orders import ORDERS
from jobs.api import shapes
from jobs.models import WebhookEvent
from wevion.drf.openapi import ref

MEDIA_TYPE: Final = "application/vnd.oai.openapi+json"
SCHEMES: Final = {
    "apiKey": {"type": "apiKey", "in": "header", "name": "x-api-key", "description": "The key, as it was shown: `wv_live_…`"},
    "bearer": {"type": "http", "scheme": "bearer", "description": "The same key, as `Authorization: Bearer wv_live_…`"},
}
ABOUT: Final = """Images, videos, avatars, voiceovers and composites. Every order is a job that runs by itself: submit it, then \
ask for it every five seconds, or let a webhook tell you.

Each key may send so many requests in a window of a minute that begins with the first of them. `X-RateLimit-Limit`, \
`X-RateLimit-Remaining` and `X-RateLimit-Reset` (seconds until the window ends) stand on every answer that was counted.

Money is in whole cents of a US dollar, times are UTC. Every error has one shape, `Error`, and `error` is its code."""
TAGS: Final = [
    {"name": "generate", "description": "Ordering, and what it would cost."},
    {"name": "jobs", "description": "What became of the orders."},
    {"name": "webhooks", "description": "Being told, instead of asking. For keys of owners and admins."},
]


@cache
def document() -> dict[str, Any]:
    """The whole description, as OpenAPI 3.1."""
    found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    orders = {bodies.component(job_type): bodies.schema_of(job_type) for job_type in ORDERS}
    found["paths"] = {path.replace("{pk}", "{id}"): operations for path, operations in found["paths"].items()}
    found["components"] = {"schemas": shapes.schemas() | orders | neighbours_shapes.schemas(), "securitySchemes": SCHEMES}
    found["info"]["description"] = ABOUT
    found["servers"] = [{"url": "/"}]
    found["tags"] = TAGS + neighbours.TAGS
    found["webhooks"] = {event.value: {"post": _told(event)} for event in WebhookEvent} | neighbours.webhooks()
    return found


def _told(event: WebhookEvent) -> dict[str, Any]:
    kind = {"type": "string", "enum": [event.value]}
    body = shapes.whole({"type": kind, "timestamp": shapes.MOMENT, "data": ref("Job")})
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    return {
        "summary": f"{event.label}.",
        "description": "Signed as Standard Webhooks has it. Any 2xx within 15 seconds counts as received.",
        "parameters": [{"in": "header", "name": name, "required": True, "schema": shapes.TEXT} for name in names],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "2XX": {"description": "Received."},
            "410": {"description": "Send no more: the webhook is disabled."},
        },
    }


@cache
def encoded() -> tuple[bytes, str]:
    """The document's bytes, and their ETag."""
    content = json.dumps(document(), ensure_ascii=False).encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@require_safe
@condition(etag_func=lambda request: encoded()[1])
def schema(request: HttpRequest) -> HttpResponse:
    """For anybody: it tells how to ask, and nothing of anybody's."""
    return HttpResponse(encoded()[0], content_type=MEDIA_TYPE)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The description as a page on which it can be tried out, with a key that one types in."""
    return render(request, "api/docs.html")
