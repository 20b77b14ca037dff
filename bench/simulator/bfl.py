"""Black Forest Labs, FLUX.2 [pro]: asynchronous, no idempotency key, results behind links that live ten minutes."""

import hashlib
import hmac
import json
import time
from typing import Any

from aiohttp import web

from bench.simulator import misbehaviour
from bench.simulator.desk import Order
from bench.simulator.vendor import Service, file_url, origin, unknown_fields

FIELDS = frozenset(
    {"prompt", "seed", "width", "height", "safety_tolerance", "output_format", "input_image", "webhook_url", "webhook_secret"}
)
MAX_PIXELS = 4_194_304
REFUSALS = {
    "unauthorized": (403, {"detail": "Not authenticated"}),
    "429": (429, {"detail": "Rate limit exceeded"}),
    "429 with Retry-After": (429, {"detail": "Rate limit exceeded"}),
    "503": (503, {"detail": "Service unavailable"}),
    "500": (500, {"detail": "Internal Server Error"}),
    "moderated": (400, {"detail": "Request Moderated"}),
    "unknown order": (404, {"id": "", "status": "Task not found", "result": None, "progress": None, "details": None}),
}


class Bfl(Service):
    name = "bfl"

    def authorised(self, request: web.Request) -> bool:
        return bool(request.headers.get("x-key"))

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        width, height = body.get("width") or 0, body.get("height") or 0
        if not body.get("prompt"):
            return "prompt is required"
        if any(side and (side < 64 or side % 16) for side in (width, height)) or width * height > MAX_PIXELS:
            return "width and height must be multiples of 16, from 64, up to 4 MP"
        if body.get("output_format", "jpeg") not in ("jpeg", "png", "webp"):
            return "output_format"
        return unknown_fields(body, FIELDS)

    def work(self, body: dict[str, Any]) -> str:
        return f"{body['prompt']} #{body.get('seed')}"

    def ref(self, request: web.Request) -> str:
        return request.query.get("id", "")

    def accepted(self, request: web.Request, order: Order, body: dict[str, Any]) -> web.Response:
        told: dict[str, Any] = {"id": order.id, "cost": 3.0, "input_mp": 0.0, "output_mp": 1.05}
        if url := self.callback_url(body):
            return web.json_response(told | {"status": "Pending", "webhook_url": url})
        return web.json_response(told | {"polling_url": f"{origin(request)}/v1/get_result?id={order.id}"})

    def state(self, request: web.Request, order: Order, phase: str) -> web.Response:
        status, details, result, progress = "Pending", None, None, None
        match phase:
            case "done":
                status, result = "Ready", {"sample": file_url(request, order), "prompt": "", "seed": 42}
            case "moderated later":
                status, details = "Content Moderated", {"Moderation Reasons": ["Derivative Works"]}
            case "failed later":
                status = "Error"
            case _:
                status = "Polishing" if phase == "unknown status" else "Pending"
                progress = order.progress(time.monotonic()) / (3 if phase == "backwards" else 1)
        return web.json_response(
            {"id": order.id, "status": status, "result": result, "progress": progress, "details": details, "preview": None}
        )

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        if reason == "invalid":
            return web.json_response({"detail": [{"loc": ["body"], "msg": problem, "type": "value_error"}]}, status=422)
        status, body = REFUSALS[reason]
        return web.json_response(body, status=status, headers=misbehaviour.retry_after(reason))

    def callback_url(self, body: dict[str, Any]) -> str:
        return str(body.get("webhook_url") or "")

    def callback(self, order: Order, body: dict[str, Any], phase: str) -> tuple[bytes, dict[str, str]]:
        raw = json.dumps({"id": order.id, "status": "Ready" if phase == "done" else "Pending", "result": None}).encode()
        signature = hmac.new(str(body.get("webhook_secret") or "").encode(), raw, hashlib.sha256).hexdigest()
        return raw, {"X-BFL-Signature": f"sha256={signature}"}
