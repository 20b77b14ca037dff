"""ElevenLabs: POST /v1/text-to-speech/{voice_id}, answered with the audio itself."""

from contextlib import AbstractContextManager
from typing import Any

from aiohttp import web

from tests.providers.fakes import script
from tests.providers.fakes.server import FakeVendor, Order, running, unknown_fields

_FIELDS = (
    "text",
    "model_id",
    "language_code",
    "voice_settings",
    "seed",
    "previous_text",
    "next_text",
    "apply_text_normalization",
)
_LIMITS = {"eleven_v3": 5_000, "eleven_multilingual_v2": 10_000, "eleven_flash_v2": 30_000, "eleven_flash_v2_5": 40_000}


class FakeElevenLabs(FakeVendor):
    result = b"ID3\x04 a fake voice"
    result_type = "audio/mpeg"
    check_path = "/v1/user/subscription"

    def add_routes(self, router: web.UrlDispatcher) -> None:
        router.add_post("/v1/text-to-speech/{voice_id}", self.submit)

    def authorised(self, request: web.Request) -> bool:
        return request.headers.get("xi-api-key") == self.api_key

    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        model = body.get("model_id", "eleven_multilingual_v2")
        if request.query.get("output_format") != "mp3_44100_128":
            return "output_format"
        if model not in _LIMITS or not 1 <= len(body.get("text", "")) <= _LIMITS[model]:
            return "text is too long or the model is unknown"
        if "language_code" in body and (model == "eleven_multilingual_v2" or len(body["language_code"]) != 2):
            return "language_code"
        return unknown_fields(body, *_FIELDS)

    def text(self, body: dict[str, Any]) -> str:
        return str(body["text"])

    def about(self) -> Any:
        return {"tier": "creator", "character_count": 1200, "character_limit": 100_000}

    def accepted(self, order: Order) -> web.Response:
        headers = {"request-id": order.id, "character-cost": str(len(order.text))}
        return web.Response(body=self.result, content_type=self.result_type, headers=headers)

    def state(self, order: Order, state: str) -> web.Response:
        raise AssertionError("there is nothing to look in on")

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        status, kind, code = {
            "unauthorized": (401, "authentication_error", "unauthorized"),
            "invalid": (400, "validation_error", "invalid_parameters"),
            script.MODERATED: (403, "authorization_error", "content_against_policy"),
            script.OUT_OF_CREDIT: (401, "authentication_error", "quota_exceeded"),
            script.RATE_LIMITED: (429, "rate_limit_error", "concurrent_limit_exceeded"),
            script.SERVER_ERROR: (500, "internal_error", "internal_error"),
        }[reason]
        headers = {"Retry-After": str(script.RETRY_AFTER_SECONDS)} if status == 429 else {}
        detail = {"type": kind, "code": code, "message": problem or reason, "status": code, "request_id": "r"}
        return web.json_response({"detail": detail}, status=status, headers=headers)


def serve(looks: int = 2) -> AbstractContextManager[FakeElevenLabs]:
    return running(FakeElevenLabs(looks))
