"""OpenAI's image models, GPT Image 1.5 by default: the answer to the submit is the picture, in base64. Nothing to poll.

`account.model` names the model. OpenAI ends gpt-image-1.5 on 1 December 2026; its successors take the same request.
The quality is fixed, because "auto" has no price that could be told beforehand.
"""

import base64
import binascii
from typing import Any

from creative_hub.providers import classify, openai
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "GPT Image"
MODEL = "gpt-image-1.5"
TIMEOUT_SECONDS = 240
MAX_ANSWER_BYTES = 60_000_000
MAX_PROMPT_CHARS = 32_000
SIZES = {"1:1": "1024x1024", "3:2": "1536x1024", "2:3": "1024x1536"}


class GptImage:
    idempotent = False
    poll_seconds = 5.0

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        given = classify.options(brief, ("aspect_ratio", "num_variants"), LABEL)
        ratio = classify.one_of(given, "aspect_ratio", SIZES, LABEL) or "1:1"
        body: dict[str, Any] = {
            "model": account.model or MODEL,
            "prompt": classify.text_within(brief, MAX_PROMPT_CHARS, LABEL),
            "n": 1,
            "size": SIZES[ratio],
            "quality": "medium",
            "output_format": "png",
        }
        if brief.references:
            body["images"] = [{"image_url": picture} for picture in brief.references]
        return Request(
            "POST",
            f"{account.base_url}/images/{'edits' if brief.references else 'generations'}",
            headers=openai.headers(account),
            json=body,
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=MAX_ANSWER_BYTES,
        )

    def read_submit(self, response: Response) -> Running | Ready:
        if not classify.succeeded(response):
            raise openai.error(response)
        match classify.parsed(response).get("data"):
            case [{"b64_json": str(encoded)}, *_] if picture := _decoded(encoded):
                return Ready(content=picture)
        raise classify.by_status(response, submitting=True)

    def poll_request(self, account: Account, ref: str) -> Request:
        """Always raises ProviderError: there is never anything to ask again."""
        raise ProviderError("provider_error", detail=f"{LABEL} answers at once; there is nothing to look in on", accepted=True)

    def read_poll(self, response: Response, ref: str) -> Running | Ready:
        """As read_submit: the only answer there is."""
        return self.read_submit(response)

    def check_request(self, account: Account) -> Request:
        return openai.check_request(account, account.model or MODEL)

    def read_check(self, response: Response) -> str:
        return openai.read_check(response)


def _decoded(encoded: str) -> bytes:
    """Empty when it is not base64."""
    try:
        return base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return b""


VENDOR = GptImage()
