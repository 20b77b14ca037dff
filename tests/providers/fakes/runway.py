"""Runway: POST /v1/text_to_video or /v1/image_to_video, GET /v1/tasks/{id}, every call with its version header."""

from contextlib import AbstractContextManager
from typing import Any

from aiohttp import web

from tests.providers.fakes import script
from tests.providers.fakes.server import FakeVendor, Order, running, unknown_fields

_RATIOS = ("1280:720", "720:1280", "1104:832", "960:960", "832:1104", "1584:672")


class FakeRunway(FakeVendor):
    check_path = "/v1/organization"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/text_to_video", self.submit)
        router.add_post("/v1/image_to_video", self.submit)
        router.add_get("/v1/tasks/{id}", self.look)

    def authorised(self, request: web.Request) -> bool:
        if request.path.startswith("/v1/") and request.headers.get("X-Runway-Version") != "2024-11-06":
            self.complaints.append("X-Runway-Version")
        return request.headers.get("Authorization") == f"Bearer {self.api_key}"

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        picture = request.path == "/v1/image_to_video"
        if body.get("model") != "gen4.5" or body.get("duration") not in range(2, 11):
            return "model and duration"
        if not 1 <= len(str(body.get("promptText", "")).encode("utf-16-le")) // 2 <= 1000:
            return "promptText must have 1 to 1000 UTF-16 code units"
        if body.get("ratio") not in (_RATIOS if picture else _RATIOS[:2]):
            return "ratio"
        if picture != str(body.get("promptImage", "")).startswith(("https://", "data:image/jpeg;base64,")):
            return "promptImage must be an HTTPS URL or a data: address"
        return unknown_fields(body, "model", "promptText", "promptImage", "ratio", "duration", "seed", "contentModeration")

    def text(self, body: dict[str, Any]) -> str:
        return str(body["promptText"])

    def about(self) -> Any:
        return {"creditBalance": 2500, "tier": {}, "usage": {}}

    def accepted(self, order: Order) -> web.Response:
        return web.json_response({"id": order.id, "estimatedCost": {"credits": 60}})

    def state(self, order: Order, state: str) -> web.Response:
        body: dict[str, Any] = {"id": order.id, "createdAt": "2026-11-22T00:00:00Z"}
        match state:
            case "done":
                body |= {"status": "SUCCEEDED", "output": [self.file_url(order)], "cost": {"credits": 60}}
            case "invented":
                body |= {"status": "REHEARSING"}
            case script.MODERATED_LATER:
                body |= {"status": "FAILED", "failure": "Not allowed", "failureCode": "SAFETY.OUTPUT.VIDEO"}
            case script.FAILED_LATER:
                body |= {"status": "FAILED", "failure": "It failed", "failureCode": "INTERNAL.BAD_OUTPUT.CODE01"}
            case _ if order.looks == 1:
                body |= {"status": "THROTTLED"}
            case _:
                body |= {"status": "RUNNING", "progress": order.looks / (self.looks + 1)}
        return web.json_response(body)

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        status, said = {
            "unauthorized": (401, "Unauthorized"),
            "invalid": (400, f"Validation of body failed: {problem}"),
            "unknown order": (404, "Not found"),
            script.MODERATED: (400, "The prompt was rejected by content moderation."),
            script.OUT_OF_CREDIT: (400, "You do not have enough credits to run this task."),
            script.RATE_LIMITED: (429, "You have reached your daily task limit."),
            script.SERVER_ERROR: (503, "Service unavailable"),
        }[reason]
        headers = {"Retry-After": str(script.RETRY_AFTER_SECONDS)} if status == 429 else {}
        return web.json_response({"error": said, "issues": [], "docUrl": ""}, status=status, headers=headers)


def serve(looks: int = 2) -> AbstractContextManager[FakeRunway]:
    return running(FakeRunway(looks))
