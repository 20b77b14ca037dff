"""HeyGen v3: asynchronous; a key that was seen before gets the first answer again, and 409 while that one is being taken in."""

import hashlib
import hmac
import json
import re
import time
from typing import Any

from aiohttp import web

from bench.simulator import misbehaviour
from bench.simulator.desk import Order
from bench.simulator.vendor import Service, file_url, unknown_fields

FIELDS = frozenset(
    {"type", "avatar_id", "script", "voice_id", "voice_settings", "title", "resolution", "aspect_ratio", "output_format"}
    | {"callback_url", "callback_id"}
)
RATIOS = ("16:9", "9:16", "4:5", "5:4", "1:1", "auto")
KEY = re.compile(r"[A-Za-z0-9_\-:.]{1,255}")
CALLBACK_SECRET = "whsec_simulator"
REFUSALS = {
    "unauthorized": (401, "unauthorized"),
    "invalid": (400, "invalid_parameter"),
    "429": (429, "rate_limit_exceeded"),
    "429 with Retry-After": (429, "rate_limit_exceeded"),
    "503": (503, "service_unavailable"),
    "500": (500, "internal_error"),
    "moderated": (400, "content_policy_violation"),
    "unknown order": (404, "video_not_found"),
    "in progress": (409, "request_in_progress"),
}


class HeyGen(Service):
    name = "heygen"

    def authorised(self, request: web.Request) -> bool:
        return bool(request.headers.get("X-Api-Key"))

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        if (key := self.key(request)) and not KEY.fullmatch(key):
            return "Idempotency-Key"
        if body.get("type") != "avatar" or not body.get("avatar_id"):
            return "type and avatar_id"
        if not 1 <= len(body.get("script", "")) <= 5000:
            return "script must have 1 to 5000 characters"
        if body.get("aspect_ratio", "16:9") not in RATIOS:
            return "aspect_ratio"
        return unknown_fields(body, FIELDS)

    def key(self, request: web.Request) -> str:
        return request.headers.get("Idempotency-Key", "")

    def again(self, request: web.Request) -> web.Response | None:
        order = self.desk.by_key.get(self.key(request))
        if order is None:
            return None
        self.desk.counts["heygen: repeated under their key"] += 1
        return self.refusal("in progress") if time.monotonic() < order.taken_in_at else self._taken(order)

    def work(self, body: dict[str, Any]) -> str:
        return str(body["script"])

    def ref(self, request: web.Request) -> str:
        return request.match_info["id"]

    def accepted(self, request: web.Request, order: Order, body: dict[str, Any]) -> web.Response:
        return self._taken(order)

    def _taken(self, order: Order) -> web.Response:
        return web.json_response({"data": {"video_id": order.id, "status": "waiting", "output_format": "mp4"}})

    def state(self, request: web.Request, order: Order, phase: str) -> web.Response:
        data: dict[str, Any] = {"id": order.id, "status": "processing", "video_url": None, "failure_code": None}
        match phase:
            case "done":
                data |= {"status": "completed", "video_url": file_url(request, order), "duration": 0.5}
            case "moderated later":
                data |= {"status": "failed", "failure_code": "content_policy_violation", "failure_message": "Not allowed"}
            case "failed later":
                data |= {"status": "failed", "failure_code": "rendering_failed", "failure_message": "Rendering failed"}
            case "unknown status":
                data["status"] = "rehearsing"
        return web.json_response({"data": data})

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        status, code = REFUSALS[reason]
        body = {"error": {"code": code, "message": problem or reason, "param": None, "doc_url": None}}
        return web.json_response(body, status=status, headers=misbehaviour.retry_after(reason))

    def callback_url(self, body: dict[str, Any]) -> str:
        return str(body.get("callback_url") or "")

    def callback(self, order: Order, body: dict[str, Any], phase: str) -> tuple[bytes, dict[str, str]]:
        event = {"done": "avatar_video.success", "running": "avatar_video.progress"}[phase]
        raw = json.dumps(
            {"event_type": event, "event_data": {"video_id": order.id, "url": None, "callback_id": body.get("callback_id")}}
        ).encode()
        signature = hmac.new(CALLBACK_SECRET.encode(), raw, hashlib.sha256).hexdigest()
        return raw, {
            "Heygen-Signature": signature,
            "Heygen-Timestamp": str(int(time.time())),
            "Heygen-Event-Id": f"{order.id}-{phase}",
        }
