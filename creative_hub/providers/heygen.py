"""HeyGen avatar videos, API v3 (v2 is past its announced removal). Honours Idempotency-Key for 24 hours, so an unanswered
submit may be repeated with the same key. No progress and no cancel. Every look gives a fresh result link.

The schema is strict: an unknown field is a 400.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from creative_hub.providers import classify
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "HeyGen"
BASE_URL = "https://api.heygen.com"
ASPECT_RATIOS = ("16:9", "9:16", "4:5", "5:4", "1:1")
MAX_SCRIPT_CHARS = 5000
_KEY = re.compile(r"[A-Za-z0-9_\-:.]{1,255}")

# `error.code` of a 4xx answer; codes not listed are told by HTTP status.
_CODES = {
    "content_policy_violation": "content_rejected",
    "avatar_not_usable": "content_rejected",
    "invalid_parameter": "invalid_request",
    "voice_unavailable": "invalid_request",
    "download_failed": "invalid_request",
    "avatar_not_found": "invalid_request",
    "voice_not_found": "invalid_request",
    "asset_not_found": "invalid_request",
    "resource_access_denied": "invalid_request",  # an avatar or voice of another account, named by the person
    "payload_too_large": "invalid_request",
}
# `failure_code` of a video that failed; codes not listed are provider_error.
_FAILURES = _CODES | {"gateway_timeout": "provider_timeout"}
_ACCOUNT_CODES = (
    "insufficient_credit",
    "plan_upgrade_required",
    "subscription_required",
    "trial_limit_exceeded",
    "unauthorized",
    "authentication_failed",
)


class HeyGen:
    idempotent = True
    poll_seconds = 10.0

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        """`key` must be 1 to 255 of letters, digits and `_-:.` (ValueError), or the vendor would not honour it."""
        if not _KEY.fullmatch(key):
            raise ValueError("not a valid idempotency key")
        given = classify.options(brief, ("avatar_id", "voice_id", "aspect_ratio"), LABEL)
        if "avatar_id" not in given:
            raise classify.unsupported(f"{LABEL} needs avatar_id.")
        ratio = classify.one_of(given, "aspect_ratio", ASPECT_RATIOS, LABEL)
        body = {"type": "avatar", "script": classify.text_within(brief, MAX_SCRIPT_CHARS, LABEL)}
        body |= {name: given[name] for name in ("avatar_id", "voice_id") if name in given}
        if ratio:
            body["aspect_ratio"] = ratio
        if brief.callback_url:
            body["callback_url"] = brief.callback_url
        headers = {**_headers(account), "Idempotency-Key": key}
        return Request("POST", f"{account.base_url}/v3/videos", headers=headers, json=body)

    def read_submit(self, response: Response) -> Running | Ready:
        data = _part(response, "data")
        if classify.succeeded(response) and isinstance(data.get("video_id"), str):
            return Running(data["video_id"])
        raise self._error(response, submitting=True)

    def poll_request(self, account: Account, ref: str) -> Request:
        return Request("GET", f"{account.base_url}/v3/videos/{quote(ref, safe='')}", headers=_headers(account))

    def read_poll(self, response: Response, ref: str) -> Running | Ready:
        data = _part(response, "data")
        match data.get("status"):
            case "completed" if isinstance(url := data.get("video_url"), str) and url:
                return Ready(url=url)
            case "failed":
                code = _FAILURES.get(str(data.get("failure_code")), "provider_error")
                raise ProviderError(code, detail=classify.words(response))
            case str(status) if classify.succeeded(response) and status != "completed":
                return Running(ref)
        raise self._error(response, submitting=False)

    def check_request(self, account: Account) -> Request:
        return Request("GET", f"{account.base_url}/v3/users/me", headers=_headers(account))

    def read_check(self, response: Response) -> str:
        if not classify.succeeded(response):
            raise self._error(response, submitting=False)
        match _part(response, "data"):
            case {"wallet": {"currency": str(currency), "remaining_balance": int() | float() as left}}:
                return f"{left} {currency} left in the API wallet"
        return ""  # an account that is billed otherwise

    def _error(self, response: Response, *, submitting: bool) -> ProviderError:
        code, detail = str(_part(response, "error").get("code")), classify.words(response)
        if code in _ACCOUNT_CODES:
            return classify.AccountError(detail, retryable=not submitting)
        if code in _CODES:
            return ProviderError(_CODES[code], detail=detail)
        if code == "request_in_progress":
            # Our first attempt is still being taken in: the same key will be answered with its video.
            after = response.retry_after_seconds or self.poll_seconds
            return ProviderError("provider_error", detail=detail, retryable=True, accepted=True, retry_after_seconds=after)
        return classify.by_status(response, submitting=submitting, idempotent=self.idempotent)


def _headers(account: Account) -> dict[str, str]:
    return {"X-Api-Key": account.api_key, "Accept": "application/json"}


def _part(response: Response, name: str) -> Mapping[str, Any]:
    """`data` or `error` of the envelope; empty when it is not an object."""
    part = classify.parsed(response).get(name)
    return part if isinstance(part, dict) else {}


VENDOR = HeyGen()
