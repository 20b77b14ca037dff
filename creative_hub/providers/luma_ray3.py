"""Luma Ray 3.2 through the Luma Agents API (Ray 3 is not in the older Dream Machine API).

One object answers the submit (201) and every look (200). No cancel, webhook, progress or idempotency key. The result link
lives an hour and every look mints a fresh one.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from creative_hub.providers import classify
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "Luma Ray 3"
BASE_URL = "https://agents.lumalabs.ai/v1"
ASPECT_RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")
DURATIONS = (5, 10)
MAX_PROMPT_CHARS = 6000

# A failed generation is over: looking again is pointless, so none of these is retryable.
_FAILURES = {
    "content_moderated": "content_rejected",
    "rate_limited": "rate_limited",
    "invalid_request": "invalid_request",
    "image_too_large": "invalid_request",
    "unsupported_format": "invalid_request",
    "corrupt_input": "invalid_request",
}


class LumaRay3:
    idempotent = False
    poll_seconds = 5.0

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        given = classify.options(brief, ("duration", "aspect_ratio", "image_url"), LABEL)
        video: dict[str, Any] = {
            "resolution": "720p",
            "duration": f"{classify.one_of(given, 'duration', DURATIONS, LABEL) or 5}s",
        }
        if "image_url" in given:
            # `start_frame` would say the same but is not taken with ten seconds; a keyframe at 0 always is.
            video |= {"keyframes": [{"url": given["image_url"]}], "keyframe_indexes": [0]}
        body = {
            "model": "ray-3.2",
            "type": "video",
            "prompt": classify.text_within(brief, MAX_PROMPT_CHARS, LABEL),
            "aspect_ratio": classify.one_of(given, "aspect_ratio", ASPECT_RATIOS, LABEL),
            "video": video,
        }
        return Request("POST", f"{account.base_url}/generations", headers=_headers(account), json=body)

    def read_submit(self, response: Response) -> Running | Ready:
        body = classify.parsed(response)
        if isinstance(ref := body.get("id"), str) and classify.succeeded(response):
            if body.get("state") == "failed":
                raise _failure(response, body)
            return Running(ref)
        if classify.mentions_policy(response):
            raise ProviderError("content_rejected", detail=classify.words(response))
        raise classify.by_status(response, submitting=True)

    def poll_request(self, account: Account, ref: str) -> Request:
        return Request("GET", f"{account.base_url}/generations/{quote(ref, safe='')}", headers=_headers(account))

    def read_poll(self, response: Response, ref: str) -> Running | Ready:
        return _state(response, classify.parsed(response), ref)

    def check_request(self, account: Account) -> Request:
        """Luma offers no free question: it is asked for a generation that does not exist."""
        return self.poll_request(account, "00000000-0000-0000-0000-000000000000")

    def read_check(self, response: Response) -> str:
        if response.status != 404:
            classify.checked(response)
        return ""


def _headers(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.api_key}", "Accept": "application/json"}


def _state(response: Response, body: Mapping[str, Any], ref: str) -> Running | Ready:
    match body.get("state"):
        case "completed" if url := _url(body):
            return Ready(url=url)
        case "failed":
            raise _failure(response, body)
        case str(state) if classify.succeeded(response) and state != "completed":
            return Running(ref)
    raise classify.by_status(response, submitting=False)


def _failure(response: Response, body: Mapping[str, Any]) -> ProviderError:
    if body.get("failure_code") == "budget_exhausted":
        return classify.AccountError(classify.words(response))
    code = _FAILURES.get(str(body.get("failure_code")), "provider_error")
    return ProviderError(code, detail=classify.words(response))


def _url(body: Mapping[str, Any]) -> str:
    match body.get("output"):
        case [{"url": str(url)}, *_]:
            return url
    return ""


VENDOR = LumaRay3()
