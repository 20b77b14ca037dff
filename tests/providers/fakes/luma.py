"""Luma Agents API: POST /v1/generations (201), GET /v1/generations/{id} (200)."""

from contextlib import AbstractContextManager
from typing import Any

from aiohttp import web

from tests.providers.fakes import script
from tests.providers.fakes.server import FakeVendor, Order, running, unknown_fields

_VIDEO = ("resolution", "duration", "loop", "hdr", "exr_export", "start_frame", "end_frame", "keyframes", "keyframe_indexes")


class FakeLuma(FakeVendor):
    base_path = "/v1"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/generations", self.submit)
        router.add_get("/v1/generations/{id}", self.look)

    def authorised(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.api_key}"

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        video = body.get("video") or {}
        frames, indexes = video.get("keyframes", []), video.get("keyframe_indexes", [])
        if body.get("model") != "ray-3.2" or body.get("type") != "video":
            return "model and type"
        if not 1 <= len(body.get("prompt", "")) <= 6000:
            return "prompt must have 1 to 6000 characters"
        if body.get("aspect_ratio") not in ("9:16", "3:4", "1:1", "4:3", "16:9", "21:9", None):
            return "aspect_ratio"
        if video.get("duration") not in ("5s", "10s") or video.get("resolution", "720p") not in ("360p", "540p", "720p", "1080p"):
            return "duration and resolution"
        if len(frames) != len(indexes) or any(set(frame) != {"url"} for frame in frames):
            return "keyframes and keyframe_indexes are parallel"
        if video.get("start_frame") and (video["duration"] == "10s" or frames):
            return "start_frame is not supported with 10s or keyframes"
        return unknown_fields(video, *_VIDEO) or unknown_fields(
            body, "model", "type", "prompt", "aspect_ratio", "user_id", "video"
        )

    def text(self, body: dict[str, Any]) -> str:
        return str(body["prompt"])

    def accepted(self, order: Order) -> web.Response:
        return self._generation(order, 201, "queued")

    def state(self, order: Order, state: str) -> web.Response:
        match state:
            case "done":
                return self._generation(order, 200, "completed", output=[{"type": "video", "url": self.file_url(order)}])
            case "invented":
                return self._generation(order, 200, "upscaling")
            case script.MODERATED_LATER:
                return self._generation(
                    order, 200, "failed", failure_code="content_moderated", failure_reason="Content moderated"
                )
            case script.FAILED_LATER:
                return self._generation(order, 200, "failed", failure_code="generation_failed", failure_reason="It failed")
        return self._generation(order, 200, "processing" if order.looks > 1 else "queued")

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        status, detail = {
            "unauthorized": (401, "Invalid API key"),
            "invalid": (400, problem),
            "unknown order": (404, "Generation not found"),
            script.MODERATED: (422, "The prompt was rejected by content moderation"),
            script.OUT_OF_CREDIT: (402, "Insufficient balance"),
            script.RATE_LIMITED: (429, "Too many concurrent jobs"),
            script.SERVER_ERROR: (503, "Service unavailable"),
        }[reason]
        headers = {"X-API-Version": "2026-04-01"}
        if status == 429:
            headers["Retry-After"] = str(script.RETRY_AFTER_SECONDS)
        return web.json_response({"detail": detail}, status=status, headers=headers)

    def _generation(self, order: Order, status: int, state: str, **fields: Any) -> web.Response:
        body = {"id": order.id, "type": "video", "state": state, "model": "ray-3.2", "created_at": "2026-11-22T00:00:00Z"}
        return web.json_response({**body, "output": [], "failure_reason": None, "failure_code": None, **fields}, status=status)


def serve(looks: int = 2) -> AbstractContextManager[FakeLuma]:
    return running(FakeLuma(looks))
