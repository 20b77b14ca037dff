"""Creatomate v2: POST /v2/renders (202) from a template or from a layout, GET /v2/renders/{id}. It moderates nothing."""

from contextlib import AbstractContextManager
from typing import Any

from aiohttp import web

from tests.providers.fakes import script
from tests.providers.fakes.server import FakeVendor, Order, running, unknown_fields

ELEMENTS = ("headline_text", "product_video", "image", "audio")  # of the template "t-1", which has no place for cta_text
_COMMON = ("webhook_url", "metadata", "render_scale", "max_width", "max_height")
_LAYOUT = ("output_format", "width", "height", "frame_rate", "duration", "elements")


class FakeCreatomate(FakeVendor):
    check_path = "/v2/templates"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v2/renders", self.submit)
        router.add_get("/v2/renders/{id}", self.look)

    def authorised(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.api_key}"

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        if "template_id" in body:
            return unknown_fields(body, "template_id", "modifications", *_COMMON)
        if body.get("output_format") != "mp4" or body["width"] % 2 or body["height"] % 2 or not body.get("elements"):
            return "output_format, even sides and elements"
        if any(element["type"] not in ("video", "image", "text", "audio") for element in body["elements"]):
            return "elements"
        return unknown_fields(body, *_LAYOUT, *_COMMON)

    def text(self, body: dict[str, Any]) -> str:
        given = body.get("modifications", {}).values() or [element.get("text", "") for element in body["elements"]]
        return " ".join(map(str, given))

    def about(self) -> Any:
        return [{"id": "t-1", "name": "Product hero", "tags": []}]

    def accepted(self, order: Order) -> web.Response:
        missing = [name for name in order.body.get("modifications", {}) if name not in ELEMENTS]
        told = {"warnings": [f'The modification "{name}" did not match any element.' for name in missing]} if missing else {}
        return self._render(order, 202, "planned", **told)

    def state(self, order: Order, state: str) -> web.Response:
        match state:
            case "done":
                return self._render(order, 200, "succeeded", url=self.file_url(order), width=720, height=1280, duration=10)
            case "invented":
                return self._render(order, 200, "polishing")
            case script.FAILED_LATER:
                return self._render(order, 200, "failed", error_message="An internal error occurred")
        return self._render(order, 200, "rendering" if order.looks > 1 else "waiting")

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        status, hint = {
            "unauthorized": (401, "The API key is invalid."),
            "invalid": (400, problem),
            "unknown order": (404, "The render was not found."),
            script.OUT_OF_CREDIT: (402, "You have insufficient credits."),
            script.RATE_LIMITED: (429, "Too many requests."),
            script.SERVER_ERROR: (500, "Internal server error."),
        }[reason]
        headers = {"Retry-After": str(script.RETRY_AFTER_SECONDS)} if status == 429 else {}
        return web.json_response(
            {"hint": hint, "documentation_url": "https://creatomate.com/docs"}, status=status, headers=headers
        )

    def _render(self, order: Order, status: int, state: str, **fields: Any) -> web.Response:
        body = {"id": order.id, "status": state, "url": "https://cdn.example.com/early.mp4", "output_format": "mp4"}
        return web.json_response({**body, "render_scale": 1, **fields}, status=status)


def serve(looks: int = 2) -> AbstractContextManager[FakeCreatomate]:
    return running(FakeCreatomate(looks))
