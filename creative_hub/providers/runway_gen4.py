"""Runway, model gen4.5: from words, or from a picture as the first frame. Submit, then look at the task.

No idempotency key and no callback. Over its limit of parallel tasks Runway queues (`THROTTLED`) and does not refuse. An empty
account is a 400 told by its words alone. Result links live a day or two and every look mints fresh ones.
Pictures are fetched by HTTPS from a domain name, without following redirects; a data: address may hold up to 5 MB.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from creative_hub.providers import classify
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "Runway Gen-4.5"
BASE_URL = "https://api.dev.runwayml.com"
VERSION = "2024-11-06"
MAX_PROMPT_UNITS = 1000  # UTF-16 code units: an emoji counts as two
MAX_URL_CHARS = 2048
DURATIONS = (5, 10)
RATIOS = {
    "16:9": "1280:720",
    "9:16": "720:1280",
    "1:1": "960:960",
    "4:3": "1104:832",
    "3:4": "832:1104",
    "21:9": "1584:672",
}
_WITHOUT_PICTURE = ("16:9", "9:16")


class RunwayGen4:
    idempotent = False
    poll_seconds = 6.5  # looks are spread by a fifth either way, and Runway wants at most one in five seconds

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        given = classify.options(brief, ("duration", "aspect_ratio", "image_url"), LABEL)
        ratio = classify.one_of(given, "aspect_ratio", RATIOS, LABEL) or "16:9"
        body = {
            "model": "gen4.5",
            "promptText": _prompt(brief),
            "ratio": RATIOS[ratio],
            "duration": classify.one_of(given, "duration", DURATIONS, LABEL) or 5,
        }
        if "image_url" in given:
            if len(given["image_url"]) > MAX_URL_CHARS and not given["image_url"].startswith("data:image/"):
                raise classify.unsupported(f"{LABEL} takes an image_url of at most {MAX_URL_CHARS:,} characters.")
            path, body["promptImage"] = "image_to_video", given["image_url"]
        elif ratio not in _WITHOUT_PICTURE:
            raise classify.unsupported(
                f"{LABEL} takes aspect_ratio {' or '.join(_WITHOUT_PICTURE)} without image_url; not {ratio}."
            )
        else:
            path = "text_to_video"
        return Request("POST", f"{account.base_url}/v1/{path}", headers=_headers(account), json=body)

    def read_submit(self, response: Response) -> Running | Ready:
        ref = classify.parsed(response).get("id")
        if classify.succeeded(response) and isinstance(ref, str):
            return Running(ref)
        raise _error(response, submitting=True)

    def poll_request(self, account: Account, ref: str) -> Request:
        return Request("GET", f"{account.base_url}/v1/tasks/{quote(ref, safe='')}", headers=_headers(account))

    def read_poll(self, response: Response, ref: str) -> Running | Ready:
        body = classify.parsed(response)
        match body.get("status"):
            case "SUCCEEDED" if url := _url(body):
                return Ready(url=url)
            case "FAILED":
                raise _failure(response, str(body.get("failureCode")))
            case "CANCELLED":
                raise ProviderError("provider_error", detail=classify.words(response))
            case str(status) if classify.succeeded(response) and status != "SUCCEEDED":
                return Running(ref, classify.percent(body.get("progress")))
        raise _error(response, submitting=False)

    def check_request(self, account: Account) -> Request:
        return Request("GET", f"{account.base_url}/v1/organization", headers=_headers(account))

    def read_check(self, response: Response) -> str:
        if not classify.succeeded(response):
            raise _error(response, submitting=False)
        return f"{classify.parsed(response).get('creditBalance')} credits left"


def _headers(account: Account) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.api_key}", "X-Runway-Version": VERSION}


def _prompt(brief: Brief) -> str:
    units = len(brief.text.encode("utf-16-le")) // 2
    if units > MAX_PROMPT_UNITS:
        raise classify.unsupported(
            f"{LABEL} takes at most {MAX_PROMPT_UNITS:,} characters, emoji counting twice; this text has {units:,}."
        )
    return brief.text


def _url(body: Mapping[str, Any]) -> str:
    match body.get("output"):
        case [str(url), *_]:
            return url
    return ""


def _failure(response: Response, code: str) -> ProviderError:
    """What a task's failureCode means. Codes are dotted paths, such as SAFETY.INPUT.TEXT or INPUT_PREPROCESSING.SAFETY.TEXT."""
    detail, parts = classify.words(response), code.split(".")
    if "SAFETY" in parts:
        return ProviderError("content_rejected", detail=detail)
    if parts[0] == "ASSET":
        return ProviderError("invalid_request", detail=detail)
    return ProviderError("provider_error", detail=detail)


def _error(response: Response, *, submitting: bool) -> ProviderError:
    said = classify.parsed(response).get("error")
    if response.status == 400 and isinstance(said, str) and "enough credits" in said.lower():
        return classify.AccountError(classify.words(response), retryable=not submitting)
    if submitting and classify.mentions_policy(response):
        return ProviderError("content_rejected", detail=classify.words(response))
    return classify.by_status(response, submitting=submitting)


VENDOR = RunwayGen4()
