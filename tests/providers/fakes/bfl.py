"""Black Forest Labs: POST /v1/flux-2-pro, GET the polling URL."""

from contextlib import AbstractContextManager
from typing import Any

from aiohttp import web

from tests.providers.fakes import script
from tests.providers.fakes.server import FakeVendor, Order, running, unknown_fields

_FIELDS = (
    "prompt",
    "seed",
    "width",
    "height",
    "safety_tolerance",
    "output_format",
    "input_image",
    "input_image_2",
    "webhook_url",
    "webhook_secret",
)


class FakeBfl(FakeVendor):
    result = b"\xff\xd8\xff\xe0 a fake picture"
    result_type = "image/jpeg"
    check_path = "/v1/credits"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/flux-2-pro", self.submit)
        router.add_get("/v1/get_result", self.look)

    def authorised(self, request: web.Request) -> bool:
        return request.headers.get("x-key") == self.api_key

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        width, height = body.get("width", 0), body.get("height", 0)
        if not body.get("prompt"):
            return "prompt is required"
        if any(side and (side < 64 or side % 16) for side in (width, height)) or width * height > 4_194_304:
            return "width and height must be multiples of 16, from 64, up to 4 MP"
        if body.get("output_format", "jpeg") not in ("jpeg", "png", "webp"):
            return "output_format"
        return unknown_fields(body, *_FIELDS)

    def text(self, body: dict[str, Any]) -> str:
        return str(body["prompt"])

    def about(self) -> Any:
        return {"credits": 712.5}

    def accepted(self, order: Order) -> web.Response:
        url = f"{self.origin}/v1/get_result?id={order.id}"
        return web.json_response({"id": order.id, "polling_url": url, "cost": 3.0, "input_mp": 0.0, "output_mp": 1.05})

    def state(self, order: Order, state: str) -> web.Response:
        status, details, result = "Pending", None, None
        match state:
            case "done":
                status, result = "Ready", {"sample": self.file_url(order), "prompt": order.text, "seed": 42}
            case "invented":
                status = "Polishing"
            case script.MODERATED_LATER:
                status, details = "Content Moderated", {"Moderation Reasons": ["Derivative Works"]}
            case script.FAILED_LATER:
                status = "Error"
        progress = order.looks / (self.looks + 1) if state == "running" else None
        body = {"id": order.id, "status": status, "result": result, "progress": progress, "details": details, "preview": None}
        return web.json_response(body)

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        match reason:
            case "unauthorized":
                return web.json_response({"detail": "Not authenticated"}, status=403)
            case "invalid":
                return web.json_response({"detail": [{"loc": ["body"], "msg": problem, "type": "value_error"}]}, status=422)
            case "unknown order":
                body = {"id": "", "status": "Task not found", "result": None, "progress": None, "details": None}
                return web.json_response(body, status=404)
            case script.MODERATED:
                return web.json_response({"detail": "Request Moderated"}, status=400)
            case script.OUT_OF_CREDIT:
                return web.json_response({"detail": "Insufficient credits. Please add credits."}, status=402)
            case script.RATE_LIMITED:
                headers = {"Retry-After": str(script.RETRY_AFTER_SECONDS)}
                return web.json_response({"detail": "Rate limit exceeded"}, status=429, headers=headers)
        return web.Response(text="Internal Server Error", status=500)


def serve(looks: int = 2) -> AbstractContextManager[FakeBfl]:
    return running(FakeBfl(looks))
