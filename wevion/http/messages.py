"""A request to make and the answer to it, as plain values: what a sans-IO adapter builds and reads."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP call, its body given as `json` or as the exact bytes `content` (for signed and multipart bodies), or not at all.

    `timeout_seconds` bounds the whole exchange, `max_bytes` the body that is read. Headers carry keys, so they stay out of repr.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Any = None
    content: bytes | None = field(default=None, repr=False)
    timeout_seconds: float = 20
    max_bytes: int = 2_000_000


@dataclass(frozen=True, slots=True)
class Response:
    """The whole answer. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The parsed body; raises ValueError when it is not JSON."""
        return json.loads(self.body)

    @property
    def retry_after_seconds(self) -> float | None:
        """`Retry-After` when it is a whole number of seconds; anything else, the date form too, is treated as absent."""
        value = self.headers.get("retry-after", "").strip()
        return float(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
