"""How each adapter reads answers, as vendors have been seen to give them."""

import json
from typing import Any

import pytest

from creative_hub.providers import (
    classify,
    creatomate,
    elevenlabs,
    flux_2_pro,
    gpt_image_1_5,
    heygen,
    luma_ray3,
    openai_tts,
    runway_gen4,
)
from creative_hub.providers.ports import ProviderError, Ready, Running, Vendor
from wevion.http.messages import Response


def answer(status: int, body: Any, **headers: str) -> Response:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json", **headers}, raw)


def failure(vendor: Vendor, response: Response, *, polling: bool) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        vendor.read_poll(response, "ref") if polling else vendor.read_submit(response)
    return caught.value


# How answers are read. Each row: the phase, status and body as recorded, and what it means to us.

SUBMIT, LOOK = False, True

BFL_FAILURES = [
    (SUBMIT, 400, {"detail": "Request Moderated"}, "content_rejected"),
    (SUBMIT, 400, {"error": "bad_request", "message": "bad"}, "invalid_request"),
    (SUBMIT, 401, {"error": "invalid_api_key", "message": "bad key"}, "account"),
    (SUBMIT, 402, {"error": "insufficient_credits", "message": "…", "details": {}}, "account"),
    (SUBMIT, 402, {"detail": "Insufficient credits."}, "account"),
    (SUBMIT, 403, {"detail": "Not authenticated"}, "account"),
    (SUBMIT, 422, {"detail": "Invalid API key format"}, "account"),
    (SUBMIT, 422, {"detail": [{"loc": ["body", "width"], "msg": "multiple of 16", "type": "value_error"}]}, "invalid_request"),
    (SUBMIT, 422, {"detail": [{"loc": ["body"], "msg": "x", "input": "a moderated key debate"}]}, "invalid_request"),
    (SUBMIT, 404, {"detail": "Not Found"}, "invalid_request"),
    (SUBMIT, 429, {"detail": "Active task limit exceeded"}, "rate_limited retry"),
    (SUBMIT, 403, {"error": "forbidden", "message": "no permission"}, "account"),
    (SUBMIT, 429, {"error": "rate_limited", "retry_after": 30}, "rate_limited retry"),
    (SUBMIT, 500, {"detail": "Internal Server Error"}, "provider_error accepted"),
    (SUBMIT, 503, b"<html>", "provider_error accepted"),
    (SUBMIT, 200, {"id": None}, "provider_error accepted"),
    (SUBMIT, 200, [1], "provider_error accepted"),
    (SUBMIT, 200, b"[" * 200_000, "provider_error accepted"),
    (LOOK, 200, {"id": "x", "status": "Request Moderated", "details": {"Moderation Reasons": ["x"]}}, "content_rejected"),
    (LOOK, 200, {"id": "x", "status": "Content Moderated"}, "content_rejected"),
    (LOOK, 200, {"id": "x", "status": "Error"}, "provider_error"),
    (LOOK, 200, {"id": "x", "status": "Failed"}, "provider_error"),
    (LOOK, 200, {"id": "x", "status": "Task not found"}, "provider_error retry"),
    (LOOK, 404, {"id": "x", "status": "Task not found"}, "provider_error retry"),
    (LOOK, 404, {"detail": "Not Found"}, "provider_error retry"),
    (LOOK, 200, {"id": "x", "status": "Ready", "result": None}, "provider_error retry"),
    (LOOK, 429, {"detail": "slow down"}, "rate_limited retry"),
    (LOOK, 402, {"detail": "credits"}, "account retry"),
    (LOOK, 500, b"", "provider_error retry"),
]
LUMA_FAILURES = [
    (SUBMIT, 400, {"detail": "aspect_ratio is not supported"}, "invalid_request"),
    (SUBMIT, 400, {"detail": "Prompt flagged by moderation"}, "content_rejected"),
    (SUBMIT, 422, {"detail": "Violates our usage policy"}, "content_rejected"),
    (SUBMIT, 422, {"detail": "loop is not supported with 10s"}, "invalid_request"),
    (SUBMIT, 401, {"detail": "Invalid API key"}, "account"),
    (SUBMIT, 402, {"detail": "Insufficient balance"}, "account"),
    (SUBMIT, 403, {"detail": "Account suspended"}, "account"),
    (SUBMIT, 413, {"detail": "too large"}, "invalid_request"),
    (SUBMIT, 429, {"detail": "Too many concurrent jobs"}, "rate_limited retry"),
    (SUBMIT, 429, {"detail": "Rate limit exceeded"}, "rate_limited retry"),
    (SUBMIT, 502, {"detail": "Bad gateway"}, "provider_error accepted"),
    (SUBMIT, 503, {"detail": "Service unavailable"}, "provider_error accepted"),
    (SUBMIT, 201, {"id": "x", "state": "failed", "failure_code": "content_moderated"}, "content_rejected"),
    (LOOK, 200, {"state": "failed", "failure_code": "content_moderated", "failure_reason": "no"}, "content_rejected"),
    (LOOK, 200, {"state": "failed", "failure_code": "budget_exhausted"}, "account"),
    (LOOK, 200, {"state": "failed", "failure_code": "rate_limited"}, "rate_limited"),
    (LOOK, 200, {"state": "failed", "failure_code": "image_too_large"}, "invalid_request"),
    (LOOK, 200, {"state": "failed", "failure_code": "corrupt_input"}, "invalid_request"),
    (LOOK, 200, {"state": "failed", "failure_code": "unsupported_format"}, "invalid_request"),
    (LOOK, 200, {"state": "failed", "failure_code": "invalid_request"}, "invalid_request"),
    (LOOK, 200, {"state": "failed", "failure_code": "generation_failed"}, "provider_error"),
    (LOOK, 200, {"state": "failed", "failure_code": "output_not_found"}, "provider_error"),
    (LOOK, 200, {"state": "failed", "failure_code": None}, "provider_error"),
    (LOOK, 200, {"state": "completed", "output": []}, "provider_error retry"),
    (LOOK, 404, {"detail": "Generation not found"}, "provider_error retry"),
    (LOOK, 503, {"detail": "unavailable"}, "provider_error retry"),
]


def heygen_error(code: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": "…", "param": None, "doc_url": None}}


def heygen_video(status: str, code: str | None = None, url: str | None = None) -> dict[str, Any]:
    return {"data": {"id": "v", "status": status, "video_url": url, "failure_code": code, "failure_message": "…"}}


HEYGEN_FAILURES = [
    (SUBMIT, 400, heygen_error("content_policy_violation"), "content_rejected"),
    (SUBMIT, 400, heygen_error("avatar_not_usable"), "content_rejected"),
    (SUBMIT, 400, heygen_error("invalid_parameter"), "invalid_request"),
    (SUBMIT, 400, heygen_error("voice_unavailable"), "invalid_request"),
    (SUBMIT, 404, heygen_error("avatar_not_found"), "invalid_request"),
    (SUBMIT, 404, heygen_error("voice_not_found"), "invalid_request"),
    (SUBMIT, 404, heygen_error("asset_not_found"), "invalid_request"),
    (SUBMIT, 400, heygen_error("download_failed"), "invalid_request"),
    (SUBMIT, 403, heygen_error("resource_access_denied"), "invalid_request"),
    (SUBMIT, 403, heygen_error("ai_vendor_access_restricted"), "account"),
    (SUBMIT, 413, heygen_error("payload_too_large"), "invalid_request"),
    (SUBMIT, 401, heygen_error("unauthorized"), "account"),
    (SUBMIT, 401, heygen_error("authentication_failed"), "account"),
    (SUBMIT, 402, heygen_error("insufficient_credit"), "account"),
    (SUBMIT, 402, heygen_error("plan_upgrade_required"), "account"),
    (SUBMIT, 402, heygen_error("subscription_required"), "account"),
    (SUBMIT, 402, heygen_error("trial_limit_exceeded"), "account"),
    (SUBMIT, 403, heygen_error("forbidden"), "account"),
    (SUBMIT, 409, heygen_error("request_in_progress"), "provider_error retry accepted"),
    (SUBMIT, 409, heygen_error("conflict"), "provider_error"),
    (SUBMIT, 429, heygen_error("quota_exceeded"), "rate_limited retry"),
    (SUBMIT, 429, heygen_error("rate_limit_exceeded"), "rate_limited retry"),
    (SUBMIT, 500, heygen_error("internal_error"), "provider_error retry accepted"),
    (SUBMIT, 504, heygen_error("gateway_timeout"), "provider_error retry accepted"),
    (SUBMIT, 200, {"data": None}, "provider_error retry accepted"),
    (LOOK, 200, heygen_video("failed", "content_policy_violation"), "content_rejected"),
    (LOOK, 200, heygen_video("failed", "avatar_not_usable"), "content_rejected"),
    (LOOK, 200, heygen_video("failed", "rendering_failed"), "provider_error"),
    (LOOK, 200, heygen_video("failed", "voice_provider_error"), "provider_error"),
    (LOOK, 200, heygen_video("failed", "internal_error"), "provider_error"),
    (LOOK, 200, heygen_video("failed", "service_unavailable"), "provider_error"),
    (LOOK, 200, heygen_video("failed", "resource_not_ready"), "provider_error"),
    (LOOK, 200, heygen_video("failed", "gateway_timeout"), "provider_timeout"),
    (LOOK, 200, heygen_video("failed"), "provider_error"),
    (LOOK, 200, heygen_video("completed"), "provider_error retry"),
    (LOOK, 404, heygen_error("video_not_found"), "provider_error retry"),
    (LOOK, 429, heygen_error("rate_limit_exceeded"), "rate_limited retry"),
    (LOOK, 401, heygen_error("unauthorized"), "account retry"),
]


def elevenlabs_error(kind: str, code: str, message: str = "…") -> dict[str, Any]:
    return {"detail": {"type": kind, "code": code, "message": message, "status": code, "request_id": "r"}}


ELEVENLABS_FAILURES = [
    (SUBMIT, 400, elevenlabs_error("validation_error", "text_too_long"), "invalid_request"),
    (SUBMIT, 400, elevenlabs_error("invalid_request", "x", "Blocked by content policy"), "content_rejected"),
    (SUBMIT, 403, elevenlabs_error("authorization_error", "content_against_policy"), "content_rejected"),
    (SUBMIT, 403, elevenlabs_error("authorization_error", "missing_permissions"), "account"),
    (SUBMIT, 401, elevenlabs_error("authentication_error", "unauthorized"), "account"),
    (SUBMIT, 401, {"detail": {"status": "invalid_api_key", "message": "Invalid API key"}}, "account"),
    (SUBMIT, 401, {"detail": {"status": "quota_exceeded", "message": "This request exceeds your quota."}}, "account"),
    (SUBMIT, 401, elevenlabs_error("payment_required", "x"), "account"),
    (SUBMIT, 402, elevenlabs_error("payment_required", "insufficient_credits"), "account"),
    (SUBMIT, 404, elevenlabs_error("not_found", "voice_not_found"), "invalid_request"),
    (SUBMIT, 404, elevenlabs_error("not_found", "model_not_found"), "account"),
    (SUBMIT, 409, elevenlabs_error("conflict", "conflict"), "provider_error"),
    (SUBMIT, 422, {"detail": [{"type": "missing", "loc": ["body", "text"], "msg": "Field required"}]}, "invalid_request"),
    (SUBMIT, 429, elevenlabs_error("rate_limit_error", "rate_limit_exceeded"), "rate_limited retry"),
    (SUBMIT, 429, elevenlabs_error("rate_limit_error", "concurrent_limit_exceeded"), "rate_limited retry"),
    (SUBMIT, 429, elevenlabs_error("rate_limit_error", "system_busy"), "rate_limited retry"),
    (SUBMIT, 429, {"detail": {"status": "too_many_concurrent_requests", "message": "…"}}, "rate_limited retry"),
    (SUBMIT, 500, elevenlabs_error("internal_error", "internal_error"), "provider_error accepted"),
    (SUBMIT, 503, elevenlabs_error("service_unavailable", "service_unavailable"), "provider_error accepted"),
    (SUBMIT, 200, b"", "provider_error accepted"),
    (SUBMIT, 200, {"detail": "not audio"}, "provider_error accepted"),
]


def openai_error(code: str | None, kind: str = "invalid_request_error", param: str | None = None) -> dict[str, Any]:
    return {"error": {"message": "…", "type": kind, "param": param, "code": code}}


OPENAI_FAILURES = [
    (SUBMIT, 400, openai_error("moderation_blocked", "image_generation_user_error"), "content_rejected"),
    (SUBMIT, 400, openai_error("content_policy_violation"), "content_rejected"),
    (SUBMIT, 400, openai_error("invalid_value", "image_generation_user_error", "size"), "invalid_request"),
    (SUBMIT, 400, openai_error("string_above_max_length"), "invalid_request"),
    (SUBMIT, 400, openai_error("billing_hard_limit_reached"), "account"),
    (SUBMIT, 400, openai_error("invalid_value", "image_generation_user_error", "model"), "account"),
    (SUBMIT, 401, openai_error("invalid_api_key"), "account"),
    (SUBMIT, 401, openai_error(None), "account"),
    (SUBMIT, 403, openai_error("unsupported_country_region_territory", "request_forbidden"), "account"),
    (SUBMIT, 404, openai_error("model_not_found"), "account"),
    (SUBMIT, 429, openai_error("insufficient_quota", "insufficient_quota"), "account"),
    (SUBMIT, 429, openai_error("credit_balance_exhausted", "insufficient_quota"), "account"),
    (SUBMIT, 429, openai_error("rate_limit_exceeded", "tokens"), "rate_limited retry"),
    (SUBMIT, 429, openai_error(None, "requests"), "rate_limited retry"),
    (SUBMIT, 503, openai_error("slow_down", "service_unavailable_error"), "rate_limited retry"),
    (SUBMIT, 503, openai_error("server_is_overloaded", "service_unavailable_error"), "rate_limited retry"),
    (SUBMIT, 500, openai_error(None, "server_error"), "provider_error accepted"),
    (SUBMIT, 502, b"<html>", "provider_error accepted"),
    (SUBMIT, 200, b"", "provider_error accepted"),
    (SUBMIT, 200, {"data": []}, "provider_error accepted"),
    (SUBMIT, 200, {"data": [{"b64_json": "not base64!"}]}, "provider_error accepted"),
    (SUBMIT, 200, {"data": [{"url": "https://example.com/a.png"}]}, "provider_error accepted"),
]


def runway_task(code: str | None) -> dict[str, Any]:
    return {"id": "t", "status": "FAILED", "failure": "…", "failureCode": code}


RUNWAY_FAILURES = [
    (SUBMIT, 400, {"error": "You do not have enough credits to run this task."}, "account"),
    (SUBMIT, 400, {"error": "Validation of body failed", "issues": [{"path": ["ratio"]}], "docUrl": "…"}, "invalid_request"),
    (SUBMIT, 400, {"error": 'Failed to fetch asset. Received HTTP response code "302".'}, "invalid_request"),
    (SUBMIT, 400, {"error": "The prompt was flagged by moderation."}, "content_rejected"),
    (SUBMIT, 401, {"error": "Unauthorized"}, "account"),
    (SUBMIT, 404, {"error": "Not found"}, "invalid_request"),
    (SUBMIT, 429, {"error": "You have reached your daily task limit."}, "rate_limited retry"),
    (SUBMIT, 502, b"<html>", "provider_error accepted"),
    (SUBMIT, 503, {"error": "Service unavailable"}, "provider_error accepted"),
    (SUBMIT, 200, {"estimatedCost": {"credits": 60}}, "provider_error accepted"),
    (LOOK, 200, runway_task("SAFETY.INPUT.TEXT"), "content_rejected"),
    (LOOK, 200, runway_task("SAFETY.INPUT.IMAGE"), "content_rejected"),
    (LOOK, 200, runway_task("SAFETY.OUTPUT.VIDEO"), "content_rejected"),
    (LOOK, 200, runway_task("INPUT_PREPROCESSING.SAFETY.TEXT"), "content_rejected"),
    (LOOK, 200, runway_task("INPUT_PREPROCESSING.INTERNAL"), "provider_error"),
    (LOOK, 200, runway_task("INTERNAL.BAD_OUTPUT.CODE01"), "provider_error"),
    (LOOK, 200, runway_task("ASSET.INVALID"), "invalid_request"),
    (LOOK, 200, runway_task(None), "provider_error"),
    (LOOK, 200, {"id": "t", "status": "CANCELLED"}, "provider_error"),
    (LOOK, 200, {"id": "t", "status": "SUCCEEDED", "output": []}, "provider_error retry"),
    (LOOK, 401, {"error": "Unauthorized"}, "account retry"),
    (LOOK, 404, {"error": "Not found"}, "provider_error retry"),
    (LOOK, 429, {"error": "Too many requests"}, "rate_limited retry"),
    (LOOK, 504, b"", "provider_error retry"),
]


def creatomate_render(status: str, **fields: Any) -> dict[str, Any]:
    return {"id": "r", "status": status, "url": "https://cdn.creatomate.com/r.mp4", "output_format": "mp4", **fields}


CREATOMATE_FAILURES = [
    (SUBMIT, 400, {"hint": "The template was not found.", "documentation_url": "…"}, "invalid_request"),
    (SUBMIT, 401, {"hint": "The API key is invalid."}, "account"),
    (SUBMIT, 402, {"hint": "You have insufficient credits."}, "account"),
    (SUBMIT, 429, {"hint": "Too many requests."}, "rate_limited retry"),
    (SUBMIT, 500, {"hint": "Internal server error."}, "provider_error accepted"),
    (SUBMIT, 202, {"status": "planned"}, "provider_error accepted"),
    (SUBMIT, 202, creatomate_render("planned", warnings=['"cta_text" did not match any element']), "invalid_request"),
    (SUBMIT, 202, creatomate_render("failed", error_message="The template has no elements"), "invalid_request"),
    (LOOK, 200, creatomate_render("failed", error_message="Failed to download the source file"), "invalid_request"),
    (LOOK, 200, creatomate_render("failed", error_message="An internal error occurred"), "provider_error"),
    (LOOK, 200, creatomate_render("failed"), "provider_error"),
    (LOOK, 200, creatomate_render("cancelled"), "provider_error"),
    (LOOK, 200, {"id": "r", "status": "succeeded", "url": None}, "provider_error retry"),
    (LOOK, 404, {"hint": "The render was not found."}, "provider_error retry"),
    (LOOK, 429, {"hint": "Too many requests."}, "rate_limited retry"),
    (LOOK, 503, b"", "provider_error retry"),
]

RECORDED = [
    *(pytest.param(flux_2_pro.VENDOR, *row, id=f"bfl-{number}") for number, row in enumerate(BFL_FAILURES)),
    *(pytest.param(luma_ray3.VENDOR, *row, id=f"luma-{number}") for number, row in enumerate(LUMA_FAILURES)),
    *(pytest.param(heygen.VENDOR, *row, id=f"heygen-{number}") for number, row in enumerate(HEYGEN_FAILURES)),
    *(pytest.param(elevenlabs.VENDOR, *row, id=f"elevenlabs-{number}") for number, row in enumerate(ELEVENLABS_FAILURES)),
    *(pytest.param(gpt_image_1_5.VENDOR, *row, id=f"images-{number}") for number, row in enumerate(OPENAI_FAILURES)),
    *(pytest.param(openai_tts.VENDOR, *row, id=f"speech-{number}") for number, row in enumerate(OPENAI_FAILURES)),
    *(pytest.param(runway_gen4.VENDOR, *row, id=f"runway-{number}") for number, row in enumerate(RUNWAY_FAILURES)),
    *(pytest.param(creatomate.VENDOR, *row, id=f"creatomate-{number}") for number, row in enumerate(CREATOMATE_FAILURES)),
]


@pytest.mark.parametrize(("vendor", "polling", "status", "body", "meaning"), RECORDED)
def test_a_recorded_failure_has_its_code_and_says_whether_to_come_back(
    vendor: Vendor, polling: bool, status: int, body: Any, meaning: str
) -> None:
    error = failure(vendor, answer(status, body), polling=polling)
    code, *rest = meaning.split()
    assert isinstance(error, classify.AccountError) == (code == "account")
    assert error.code == ("provider_error" if code == "account" else code)
    assert (error.retryable, error.accepted) == ("retry" in rest, "accepted" in rest)
    assert str(status) in error.detail


def test_moderation_reasons_are_kept_for_the_timeline() -> None:
    body = {"id": "x", "status": "Content Moderated", "details": {"Moderation Reasons": ["Sexual Content"]}}
    assert "Sexual Content" in failure(flux_2_pro.VENDOR, answer(200, body), polling=True).detail


def test_a_long_answer_is_kept_short() -> None:
    assert len(failure(flux_2_pro.VENDOR, answer(500, b"x" * 100_000), polling=True).detail) < 600


@pytest.mark.parametrize(
    ("told", "percent"),
    [(0.5, 50), (55, 55), (1, 99), (100, 99), (-3, 0), (None, None), ("half", None), (True, None), (float("nan"), None)],
)
def test_progress_is_read_as_a_fraction_or_as_percent(told: Any, percent: int | None) -> None:
    running = flux_2_pro.VENDOR.read_poll(answer(200, {"id": "x", "status": "Pending", "progress": told}), "ref")
    assert running == Running("ref", percent)


@pytest.mark.parametrize("status", ["waiting", "pending", "queued", "processing", "something new"])
def test_every_word_heygen_has_for_unfinished_is_running(status: str) -> None:
    assert heygen.VENDOR.read_poll(answer(200, heygen_video(status)), "v") == Running("v")


def test_a_luma_order_is_taken_whatever_state_the_answer_names() -> None:
    for state in ("queued", "processing", "completed", "something new", None):
        assert luma_ray3.VENDOR.read_submit(answer(201, {"id": "g", "state": state, "output": []})) == Running("g")


def test_finished_work_is_a_link() -> None:
    done = {"state": "completed", "output": [{"type": "video", "url": "https://cdn.example.com/v.mp4"}]}
    assert luma_ray3.VENDOR.read_poll(answer(200, done), "g") == Ready(url="https://cdn.example.com/v.mp4")
    assert heygen.VENDOR.read_poll(answer(200, heygen_video("completed", url="https://x/v")), "v") == Ready(url="https://x/v")


@pytest.mark.parametrize("status", ["PENDING", "THROTTLED", "RUNNING", "SOMETHING_NEW"])
def test_every_word_runway_has_for_unfinished_is_running(status: str) -> None:
    told = {"id": "t", "status": status, "progress": 0.4} if status == "RUNNING" else {"id": "t", "status": status}
    assert runway_gen4.VENDOR.read_poll(answer(200, told), "t") == Running("t", 40 if status == "RUNNING" else None)


@pytest.mark.parametrize("status", ["planned", "waiting", "transcribing", "rendering", "something new"])
def test_a_creatomate_link_means_nothing_before_the_render_has_succeeded(status: str) -> None:
    assert creatomate.VENDOR.read_poll(answer(200, creatomate_render(status)), "r") == Running("r")


def test_a_warning_that_names_no_slot_stops_nothing() -> None:
    told = creatomate_render("planned", warnings=["The image is stretched, and the audio is quiet."], errors=[])
    assert creatomate.VENDOR.read_submit(answer(202, told)) == Running("r")


def test_an_elevenlabs_key_that_may_only_speak_is_a_good_key() -> None:
    narrow = answer(401, elevenlabs_error("authentication_error", "missing_permissions"))
    assert "may not read" in elevenlabs.VENDOR.read_check(narrow)


def test_the_day_on_which_openai_ends_a_model_is_told() -> None:
    assert "2026-12-01" in gpt_image_1_5.VENDOR.read_check(answer(200, {"id": "m", "shutdown_date": "2026-12-01"}))
    assert gpt_image_1_5.VENDOR.read_check(answer(200, {"id": "m", "shutdown_date": None})) == ""


def test_retry_after_is_taken_from_the_answer() -> None:
    limited = answer(429, {"detail": "Too many concurrent jobs"}, **{"retry-after": "60"})
    assert failure(luma_ray3.VENDOR, limited, polling=False).retry_after_seconds == 60
    dated = answer(429, {}, **{"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"})
    assert failure(luma_ray3.VENDOR, dated, polling=False).retry_after_seconds is None
