"""OpenAI: POST /v1/images/generations (base64 in JSON), POST /v1/audio/speech (the audio itself), GET /v1/models/{id}."""

import base64
from contextlib import AbstractContextManager
from typing import Any

from aiohttp import web

from tests.providers.fakes import script
from tests.providers.fakes.server import FakeVendor, Order, running, unknown_fields

_VOICES = ["alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer", "verse"]


class FakeOpenAi(FakeVendor):
    base_path = "/v1"
    check_path = "/models/{id}"
    path = ""

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post(self.path, self.submit)

    def authorised(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.api_key}"

    def state(self, order: Order, state: str) -> web.Response:
        raise AssertionError("there is nothing to look in on")

    def about(self) -> Any:
        return {"id": "some-model", "object": "model", "created": 1, "owned_by": "system", "shutdown_date": "2026-12-01"}

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        status, kind, code = {
            "unauthorized": (401, "invalid_request_error", "invalid_api_key"),
            "invalid": (400, "invalid_request_error", "invalid_value"),
            script.MODERATED: (400, "invalid_request_error", "moderation_blocked"),
            script.OUT_OF_CREDIT: (429, "insufficient_quota", "insufficient_quota"),
            script.RATE_LIMITED: (429, "requests", "rate_limit_exceeded"),
            script.SERVER_ERROR: (500, "server_error", None),
        }[reason]
        headers = {"Retry-After": str(script.RETRY_AFTER_SECONDS)} if reason == script.RATE_LIMITED else {}
        body = {"error": {"message": problem or reason, "type": kind, "param": None, "code": code}}
        return web.json_response(body, status=status, headers=headers)


class FakeImages(FakeOpenAi):
    path = "/v1/images/generations"
    result = b"\x89PNG\r\n\x1a\n a fake picture"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        super().add_routes(router)
        router.add_post("/v1/images/edits", self.submit)

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        edits = request.path.endswith("/edits")
        if edits != bool(body.get("images")):
            return "images"
        if any(not picture["image_url"].startswith("data:image/") for picture in body.get("images", [])):
            return "images.image_url"
        if not 1 <= len(body.get("prompt", "")) <= 32_000:
            return "prompt must have 1 to 32000 characters"
        if body.get("size") not in ("1024x1024", "1536x1024", "1024x1536", "auto"):
            return "size"
        if body.get("quality") not in ("low", "medium", "high", "auto") or body.get("n", 1) not in range(1, 11):
            return "quality and n"
        known = ("model", "prompt", "n", "size", "quality", "output_format", "background", "moderation", "output_compression")
        return unknown_fields(body, *known, *(["images", "input_fidelity"] if edits else []))

    def text(self, body: dict[str, Any]) -> str:
        return str(body["prompt"])

    def accepted(self, order: Order) -> web.Response:
        encoded = base64.b64encode(self.result).decode()
        return web.json_response({"created": 1, "data": [{"b64_json": encoded}], "usage": {"total_tokens": 1100}})


class FakeSpeech(FakeOpenAi):
    path = "/v1/audio/speech"
    result = b"ID3\x04 a fake voice"

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        if not 1 <= len(body.get("input", "")) <= 4096:
            return "input must have 1 to 4096 characters"
        if body.get("voice") not in _VOICES:
            return "voice"
        return unknown_fields(body, "model", "input", "voice", "response_format", "speed", "instructions")

    def text(self, body: dict[str, Any]) -> str:
        return str(body["input"])

    def accepted(self, order: Order) -> web.Response:
        return web.Response(body=self.result, content_type="audio/mpeg", headers={"x-request-id": order.id})


def serve_images(looks: int = 2) -> AbstractContextManager[FakeImages]:
    return running(FakeImages(looks))


def serve_speech(looks: int = 2) -> AbstractContextManager[FakeSpeech]:
    return running(FakeSpeech(looks))
