"""ElevenLabs text-to-speech: synchronous, the answer to the submit is the audio itself (MP3). Nothing to poll.

An answer that is lost is lost with the money: there is no idempotency key and no link. Being out of credit comes as 402, and
as 401 `quota_exceeded` or `payment_required`.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from creative_hub.providers import classify
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "ElevenLabs"
BASE_URL = "https://api.elevenlabs.io"
TIMEOUT_SECONDS = 180
MAX_AUDIO_BYTES = 60_000_000
# The multilingual model finds the language by itself and takes no `language_code`; the flash model obeys one.
_DETECTING_MODEL, _DETECTING_MAX_CHARS = "eleven_multilingual_v2", 10_000
_OBEYING_MODEL, _OBEYING_MAX_CHARS = "eleven_flash_v2_5", 40_000
_LANGUAGE = re.compile(r"[a-z]{2}")

_ACCOUNT_CODES = {
    "insufficient_credits",
    "quota_exceeded",
    "payment_required",
    "invalid_api_key",
    "model_not_found",  # retired, or not in our plan: nothing that the person chose
}
_RATE_CODES = {
    "rate_limit_exceeded",
    "concurrent_limit_exceeded",
    "too_many_concurrent_requests",
    "system_busy",
}


class ElevenLabs:
    idempotent = False
    poll_seconds = 5.0

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        given = classify.options(brief, ("voice_id", "language"), LABEL)
        if "voice_id" not in given:
            raise classify.unsupported(f"{LABEL} needs voice_id.")
        return Request(
            "POST",
            f"{account.base_url}/v1/text-to-speech/{quote(given['voice_id'], safe='')}?output_format=mp3_44100_128",
            headers={"xi-api-key": account.api_key, "Accept": "audio/mpeg"},
            json=_body(brief, given.get("language")),
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=MAX_AUDIO_BYTES,
        )

    def read_submit(self, response: Response) -> Running | Ready:
        if classify.succeeded(response):
            if response.body and response.headers.get("content-type", "").startswith("audio/"):
                return Ready(content=response.body)
            raise classify.by_status(response, submitting=True)
        detail, codes = classify.words(response), _codes(response)
        if codes & _ACCOUNT_CODES:
            raise classify.AccountError(detail)
        if "content_against_policy" in codes or classify.mentions_policy(response):
            raise ProviderError("content_rejected", detail=detail)
        if codes & _RATE_CODES:
            after = response.retry_after_seconds
            raise ProviderError("rate_limited", detail=detail, retryable=True, retry_after_seconds=after)
        raise classify.by_status(response, submitting=True)

    def poll_request(self, account: Account, ref: str) -> Request:
        """Always raises ProviderError: there is never anything to ask again."""
        raise ProviderError("provider_error", detail=f"{LABEL} answers at once; there is nothing to look in on", accepted=True)

    def read_poll(self, response: Response, ref: str) -> Running | Ready:
        """As read_submit: the only answer there is."""
        return self.read_submit(response)

    def check_request(self, account: Account) -> Request:
        return Request("GET", f"{account.base_url}/v1/user/subscription", headers={"xi-api-key": account.api_key})

    def read_check(self, response: Response) -> str:
        """A key that may speak but not read the account is a good key."""
        if "missing_permissions" in _codes(response):
            return "the key may not read how many characters are left"
        told = classify.checked(response)
        return f"{told.get('character_count')} of {told.get('character_limit')} characters used"


def _body(brief: Brief, language: str | None) -> dict[str, str]:
    if language is None:
        return {"text": classify.text_within(brief, _DETECTING_MAX_CHARS, LABEL), "model_id": _DETECTING_MODEL}
    if not _LANGUAGE.fullmatch(language):
        raise classify.unsupported(f"{LABEL} takes language as two letters, such as en or de; not {language}.")
    text = classify.text_within(brief, _OBEYING_MAX_CHARS, LABEL)
    return {"text": text, "model_id": _OBEYING_MODEL, "language_code": language}


def _codes(response: Response) -> set[str]:
    """Every name the error goes by: its code, its type and its legacy status."""
    detail: Mapping[str, Any] | object = classify.parsed(response).get("detail")
    if not isinstance(detail, dict):
        return set()
    return {str(detail[name]) for name in ("code", "type", "status") if name in detail}


VENDOR = ElevenLabs()
