"""OpenAI text-to-speech: synchronous, the answer to the submit is the audio itself (MP3). Nothing to poll.

`account.model` names the model. OpenAI ends its speech models, and with them this endpoint, on 6 January 2027. The language is
heard from the text; the API has no field for it.
"""

from creative_hub.providers import classify, openai
from creative_hub.providers.ports import Account, Brief, ProviderError, Ready, Running
from wevion.http.messages import Request, Response

LABEL = "OpenAI TTS"
MODEL = "gpt-4o-mini-tts"
TIMEOUT_SECONDS = 180
MAX_AUDIO_BYTES = 60_000_000
MAX_TEXT_CHARS = 4096
VOICES = {
    "alloy": "Alloy",
    "ash": "Ash",
    "ballad": "Ballad",
    "cedar": "Cedar",
    "coral": "Coral",
    "echo": "Echo",
    "fable": "Fable",
    "marin": "Marin",
    "nova": "Nova",
    "onyx": "Onyx",
    "sage": "Sage",
    "shimmer": "Shimmer",
    "verse": "Verse",
}


class OpenAiTts:
    idempotent = False
    poll_seconds = 5.0

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request:
        given = classify.options(brief, ("voice_id",), LABEL)
        body = {
            "model": account.model or MODEL,
            "input": classify.text_within(brief, MAX_TEXT_CHARS, LABEL),
            "voice": classify.one_of(given, "voice_id", VOICES, LABEL) or "alloy",
            "response_format": "mp3",
        }
        return Request(
            "POST",
            f"{account.base_url}/audio/speech",
            headers=openai.headers(account),
            json=body,
            timeout_seconds=TIMEOUT_SECONDS,
            max_bytes=MAX_AUDIO_BYTES,
        )

    def read_submit(self, response: Response) -> Running | Ready:
        if not classify.succeeded(response):
            raise openai.error(response)
        if response.body and response.headers.get("content-type", "").startswith("audio/"):
            return Ready(content=response.body)
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


VENDOR = OpenAiTts()
