"""HeyGen v3: POST /v3/videos with an idempotency key, GET /v3/videos/{id}."""

import re
from contextlib import AbstractContextManager
from typing import Any

from aiohttp import web

from tests.providers.fakes import script
from tests.providers.fakes.server import FakeVendor, Order, running, unknown_fields

_FIELDS = (
    "type",
    "avatar_id",
    "script",
    "voice_id",
    "voice_settings",
    "title",
    "resolution",
    "aspect_ratio",
    "output_format",
    "callback_url",
)


class FakeHeyGen(FakeVendor):
    """A key that was seen before is answered with its first order; while that one hangs, with 409."""

    check_path = "/v3/users/me"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v3/videos", self.submit)
        router.add_get("/v3/videos/{id}", self.look)

    def authorised(self, request: web.Request) -> bool:
        return request.headers.get("X-Api-Key") == self.api_key

    def key(self, request: web.Request) -> str:
        return request.headers.get("Idempotency-Key", "")

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        if not re.fullmatch(r"[A-Za-z0-9_\-:.]{1,255}", self.key(request)):
            return "Idempotency-Key"
        if body.get("type") != "avatar" or not body.get("avatar_id"):
            return "type and avatar_id"
        if not 1 <= len(body.get("script", "")) <= 5000:
            return "script must have 1 to 5000 characters"
        if body.get("aspect_ratio", "16:9") not in ("16:9", "9:16", "4:5", "5:4", "1:1", "auto"):
            return "aspect_ratio"
        return unknown_fields(body, *_FIELDS)

    def text(self, body: dict[str, Any]) -> str:
        return str(body["script"])

    async def take(self, request: web.Request, order: Order) -> web.StreamResponse:
        first = next((known for known in self.orders.values() if known.key == order.key), None)
        if first is None:
            return await super().take(request, order)
        if first.case == script.HANG:
            return self._error(409, "request_in_progress", "The first request is still being processed")
        return self.accepted(first)

    def about(self) -> Any:
        return {"data": {"username": "us", "billing_type": "wallet", "wallet": {"currency": "usd", "remaining_balance": 41.2}}}

    def accepted(self, order: Order) -> web.Response:
        return web.json_response({"data": {"video_id": order.id, "status": "waiting", "output_format": "mp4"}})

    def state(self, order: Order, state: str) -> web.Response:
        data: dict[str, Any] = {"id": order.id, "status": "processing", "video_url": None, "failure_code": None}
        match state:
            case "done":
                data |= {"status": "completed", "video_url": self.file_url(order), "duration": 27.4}
            case "invented":
                data |= {"status": "rehearsing"}
            case script.MODERATED_LATER:
                data |= {"status": "failed", "failure_code": "content_policy_violation", "failure_message": "Not allowed"}
            case script.FAILED_LATER:
                data |= {"status": "failed", "failure_code": "rendering_failed", "failure_message": "Rendering failed"}
        return web.json_response({"data": data})

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        status, code = {
            "unauthorized": (401, "unauthorized"),
            "invalid": (400, "invalid_parameter"),
            "unknown order": (404, "video_not_found"),
            script.MODERATED: (400, "content_policy_violation"),
            script.OUT_OF_CREDIT: (402, "insufficient_credit"),
            script.RATE_LIMITED: (429, "rate_limit_exceeded"),
            script.SERVER_ERROR: (500, "internal_error"),
        }[reason]
        return self._error(status, code, problem or reason)

    def _error(self, status: int, code: str, message: str) -> web.Response:
        headers = {"Retry-After": str(script.RETRY_AFTER_SECONDS)} if status == 429 else {}
        body = {"error": {"code": code, "message": message, "param": None, "doc_url": None}}
        return web.json_response(body, status=status, headers=headers)


def serve(looks: int = 2) -> AbstractContextManager[FakeHeyGen]:
    return running(FakeHeyGen(looks))
