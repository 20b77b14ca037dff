"""The two ports through which media is made.

A `Vendor` is sans-IO: it builds requests and reads answers, and never opens a connection, sleeps or loops, so the
same adapter serves Celery tasks and the poller. A `Renderer` runs on this machine and reports its progress.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from wevion.http.messages import Request, Response


@dataclass(frozen=True, slots=True)
class Brief:
    """What one item asks of its provider.

    `text` is the prompt (image, video), the script (avatar), the text (tts) or the headline (composite).
    `settings` are the validated fields of the order, under their documented names. `position` is the variant, from 0.
    `inputs` are local files for the settings that name media (`image_url`, `product_video`, `image`, `audio`).
    `references` are pictures (as data: addresses) whose characters the new one shall show, for image models.
    `callback_url` is where a vendor that calls back may say that it is done; empty if nowhere.
    """

    type: str
    text: str
    settings: Mapping[str, Any]
    position: int = 0
    inputs: Mapping[str, Path] = field(default_factory=dict)
    references: Sequence[str] = ()
    callback_url: str = ""


class ProviderError(Exception):
    """The provider did not make it.

    `code` is one of the closed failure codes (jobs.models.status.FAILURES). `retryable` says the same call may succeed
    later; `accepted` says the provider may have taken the order all the same, so it must not be sent again; `detail` is
    the provider's own words, for the backoffice; `message` is for the person, or empty for the code's own text.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        *,
        detail: str = "",
        retryable: bool = False,
        accepted: bool = False,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__(f"{code}: {message or detail}")
        self.code = code
        self.message = message
        self.detail = detail
        self.retryable = retryable
        self.accepted = accepted
        self.retry_after_seconds = retry_after_seconds


@dataclass(frozen=True, slots=True)
class Running:
    """The provider works on it. `ref` is how to ask again (a task id or polling URL); `progress_percent` only if it tells."""

    ref: str
    progress_percent: int | None = None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """The provider is done: either a URL to download without credentials, or the bytes themselves."""

    url: str = ""
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach a vendor: its base URL without a trailing slash, and the secret key. The key stays out of repr.

    `model` is the vendor's name for the model where the operator may choose another; empty for the adapter's own.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str = ""


class Vendor(Protocol):
    """A provider behind HTTP. Every method is pure. The `read_` methods raise ProviderError for a failure they can name."""

    idempotent: bool
    """Whether the vendor takes an idempotency key, so that an unanswered submit may be repeated."""
    poll_seconds: float
    """How long to wait between two looks when the vendor does not say."""

    def submit_request(self, account: Account, brief: Brief, key: str) -> Request: ...
    def read_submit(self, response: Response) -> Running | Ready: ...
    def poll_request(self, account: Account, ref: str) -> Request: ...
    def read_poll(self, response: Response, ref: str) -> Running | Ready: ...

    def check_request(self, account: Account) -> Request:
        """A free question that orders nothing and that only a valid key is answered."""
        ...

    def read_check(self, response: Response) -> str:
        """Returns when the key is accepted, with what operators want to know (credit left), or an empty text."""
        ...


class Renderer(Protocol):
    """A provider on this machine: writes `out`, calling `report(percent)` at least every five seconds."""

    def __call__(self, brief: Brief, out: Path, report: Callable[[int], None]) -> None: ...
