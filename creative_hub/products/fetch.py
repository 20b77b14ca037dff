"""A product's page, brought here: at most three megabytes in twenty seconds, and only where the shop's robots.txt lets us."""

import io
import sys
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from creative_hub.products.page import NoProduct, Product, parse
from creative_hub.storage.addresses import unfetched
from creative_hub.storage.door import door
from wevion.http.errors import HttpError

MAX_PAGE_BYTES: Final = 3_000_000
MAX_ROBOTS_BYTES: Final = 512_000  # what RFC 9309 asks for at least; the rest is not read
SECONDS: Final = 20
AGENT: Final = "Wevion-Creative-Hub"
"""As the door's User-Agent calls us."""


class _Enough(Exception):
    pass


class _Beginning(io.BytesIO):
    """Raises _Enough when MAX_ROBOTS_BYTES are in it and more would come."""

    def write(self, chunk: Any) -> int:
        room = MAX_ROBOTS_BYTES - self.tell()
        written = super().write(chunk[:room])
        if len(chunk) > room:
            raise _Enough
        return written


def product_at(url: str, tick: Callable[[], None]) -> Product:
    """The product that the page shows. `tick` is called every second, and what it raises ends the call.

    Raises NoProduct for a page that shows none, and ProviderError for one that cannot be had: both in words for the person.
    """
    if not _allowed(url, tick):
        raise NoProduct("The shop's robots.txt asks programs not to read this page.")
    try:
        body, content_type = _fetched(url, MAX_PAGE_BYTES, tick)
    except HttpError as error:
        raise unfetched(error, url, "page", MAX_PAGE_BYTES) from None
    if content_type and "html" not in content_type:
        raise NoProduct(f"The address is not a page: it answers {content_type}.")
    return parse(body.decode("utf-8", "replace"), url)


def _allowed(url: str, tick: Callable[[], None]) -> bool:
    """What robots.txt says; a shop that has none, or does not hand it out, forbids nothing."""
    parts = urlsplit(url)
    robots, sink, cut_off = RobotFileParser(), _Beginning(), False
    address = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
    try:
        door().download(address, sink, max_bytes=sys.maxsize, timeout_seconds=SECONDS, tick=tick)
    except _Enough:
        cut_off = True
    except HttpError:
        return True
    lines = sink.getvalue().decode("utf-8", "replace").splitlines()
    robots.parse(lines[:-1] if cut_off else lines)  # half of a rule would forbid more than the whole
    return robots.can_fetch(AGENT, url)


def _fetched(url: str, most: int, tick: Callable[[], None]) -> tuple[bytes, str]:
    sink = io.BytesIO()
    got = door().download(url, sink, max_bytes=most, timeout_seconds=SECONDS, tick=tick)
    return sink.getvalue(), got.content_type
