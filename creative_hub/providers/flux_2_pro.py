"""Black Forest Labs, FLUX.2 [pro]: submit, then look at the polling URL it answers with. No cancel, no idempotency key.

Error bodies come in several shapes, so HTTP errors are told by status alone. Moderation is a 200 with a terminal status.
The result link lives ten minutes.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from creative_hub.providers import classify
from creative_hub.providers.origin import belongs
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "FLUX.2 [pro]"
BASE_URL = "https://api.bfl.ai"
MAX_PIXELS = 4_000_000
# The vendor knows no aspect ratio. Each size keeps the ratio in multiples of 16 and within the first megapixel (2**20) billed.
SIZES = {
    "1:1": (1024, 1024),
    "16:9": (1280, 720),
    "9:16": (720, 1280),
    "4:3": (1152, 864),
    "3:4": (864, 1152),
    "3:2": (1248, 832),
    "2:3": (832, 1248),
    "4:5": (896, 1120),
    "5:4": (1120, 896),
    "21:9": (1344, 576),
}


class Flux2Pro:
    idempotent = False
    poll_seconds = 2.0

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        given = classify.options(brief, ("aspect_ratio", "width", "height", "num_variants", "seed"), LABEL)
        body: dict[str, Any] = {"prompt": brief.text, "output_format": "jpeg", **_size(given)}
        if "seed" in given:
            body["seed"] = given["seed"] + brief.position
        for number, picture in enumerate(brief.references, 1):  # plain base64, and not as a data: address
            body["input_image" if number == 1 else f"input_image_{number}"] = picture.partition(",")[2]
        return Request("POST", f"{account.base_url}/v1/flux-2-pro", headers=_headers(account), json=body)

    def read_submit(self, response: Response) -> Running | Ready:
        body = classify.parsed(response)
        if not classify.succeeded(response):
            raise _submit_error(response, body)
        ref = body.get("polling_url") or body.get("id")
        if not isinstance(ref, str):
            raise classify.by_status(response, submitting=True)
        return Running(ref)

    def poll_request(self, account: Account, ref: str) -> Request:
        """`ref` is the polling URL, whose host is regional; a bare task id when the vendor gave none."""
        url = ref if "://" in ref else f"{account.base_url}/v1/get_result?id={quote(ref, safe='')}"
        if not belongs(url, account.base_url):
            raise ProviderError(
                "provider_error", detail=f"the polling URL leaves the vendor's domain: {url[:200]}", accepted=True
            )
        return Request("GET", url, headers=_headers(account))

    def read_poll(self, response: Response, ref: str) -> Running | Ready:
        body = classify.parsed(response)
        match body.get("status"):
            case "Ready" if isinstance(url := _sample(body), str):
                return Ready(url=url)
            case "Request Moderated" | "Content Moderated":
                raise ProviderError("content_rejected", detail=classify.words(response))
            case "Error" | "Failed":
                raise ProviderError("provider_error", detail=classify.words(response))
            case "Task not found":
                # Also seen for a moment after the submit.
                raise ProviderError("provider_error", detail=classify.words(response), retryable=True)
            case str(status) if classify.succeeded(response) and status != "Ready":
                return Running(ref, classify.percent(body.get("progress")))
        raise classify.by_status(response, submitting=False)

    def check_request(self, account: Account) -> Request:
        return Request("GET", f"{account.base_url}/v1/credits", headers=_headers(account))

    def read_check(self, response: Response) -> str:
        return f"{classify.checked(response).get('credits')} credits left"


def _headers(account: Account) -> dict[str, str]:
    return {"x-key": account.api_key, "Accept": "application/json"}


def _size(given: Mapping[str, Any]) -> dict[str, int]:
    ratio = classify.one_of(given, "aspect_ratio", SIZES, LABEL)
    width, height = given.get("width"), given.get("height")
    if width is None and height is None:
        return dict(zip(("width", "height"), SIZES[ratio or "1:1"], strict=True))
    if width is None or height is None or ratio is not None:
        raise classify.unsupported(f"{LABEL} takes either aspect_ratio, or width and height together.")
    if width % 16 or height % 16 or min(width, height) < 64 or width * height > MAX_PIXELS:
        raise classify.unsupported(
            f"{LABEL} takes width and height in multiples of 16, from 64, up to {MAX_PIXELS:,} pixels in all."
        )
    return {"width": width, "height": height}


def _sample(body: Mapping[str, Any]) -> object:
    result = body.get("result")
    return result.get("sample") if isinstance(result, dict) else None


def _submit_error(response: Response, body: Mapping[str, Any]) -> ProviderError:
    detail = body.get("detail")
    if response.status == 422 and isinstance(detail, str) and "key" in detail.lower():
        # A malformed key is answered like a malformed field, but with a string.
        return classify.AccountError(classify.words(response))
    if classify.mentions_policy(response):
        return ProviderError("content_rejected", detail=classify.words(response))
    return classify.by_status(response, submitting=True)


VENDOR = Flux2Pro()
