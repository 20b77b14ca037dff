"""The door: every outgoing HTTP call passes here, under one policy for addresses, time, size, redirects and cookies."""

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, BinaryIO, Self
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver

from wevion.http.errors import BadStatus, Broken, ConnectFailed, HttpError, Refused, TimedOut, TooLarge, UnknownHost
from wevion.http.guard import GuardedResolver, check_url
from wevion.http.messages import Request, Response

MAX_REDIRECTS = 3
CHUNK_BYTES = 256 * 1024
_FAILURES = (TimeoutError, aiohttp.ClientError, OSError)
_NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}  # the rest is the resolver's own trouble
# A compressed body is still decoded, within `max_bytes` of decoded bytes, should a server send one unasked.
_HEADERS = {"User-Agent": "Wevion-Creative-Hub/1", "Accept-Encoding": "identity"}


@dataclass(frozen=True, slots=True)
class Downloaded:
    """What was written to the sink. `content_type` is lower case, without parameters, empty when the server gave none."""

    bytes: int
    sha256: str
    content_type: str


@dataclass(frozen=True, slots=True)
class Pace:
    """How slow a download may be: it fails after a silence of `window_seconds`, or a window below `bytes_per_second`."""

    window_seconds: float = 30
    bytes_per_second: int = 20_000


class Door:
    """Make it inside the event loop that uses it, and close it there (`async with`).

    It bounds each call, not their number: callers limit how many run at once. Names are looked up through `resolver`.
    """

    def __init__(
        self,
        *,
        allow: frozenset[str] = frozenset(),
        resolver: AbstractResolver | None = None,
        connect_timeout_seconds: float = 5,
    ) -> None:
        self._allow = allow
        self._connect_timeout = connect_timeout_seconds
        self._resolver = GuardedResolver(allow, resolver)
        self._kept = self._session(force_close=False)
        # A connection kept alive may be closed by the server just as we write to it. For a paid POST that would leave
        # "was it sent?" open, so whatever is not a GET gets a connection of its own.
        self._fresh = self._session(force_close=True)

    async def send(self, request: Request) -> Response:
        """One exchange; a redirect is returned as it is. Raises HttpError, whose `maybe_sent` tells if it may have arrived."""
        timeout = self._timeout(request.timeout_seconds)
        async with self._exchange(request, timeout) as answer:
            body = bytearray()
            async for chunk in _body(answer, request.max_bytes):
                body += chunk
            headers: dict[str, str] = {}
            for name, value in answer.headers.items():
                key = name.lower()
                headers[key] = f"{headers[key]}, {value}" if key in headers else value
            return Response(status=answer.status, headers=headers, body=bytes(body))

    async def download(
        self,
        url: str,
        sink: BinaryIO,
        *,
        max_bytes: int,
        timeout_seconds: float = 600,
        pace: Pace | None = None,
        admits: Callable[[str], bool] | None = None,
    ) -> Downloaded:
        """Stream what `url` holds into `sink`, following up to three redirects, each checked like the first.

        Raises HttpError; the sink may then hold a part. `timeout_seconds` bounds each hop. Sends no credentials. `admits`
        narrows where the file may come from: it is asked about each hop.
        The sink is written on the event loop: give it a file.
        """
        pace = pace or Pace()
        timeout = self._timeout(timeout_seconds, silence=pace.window_seconds)
        for _ in range(MAX_REDIRECTS + 1):
            if admits and not admits(url):
                raise Refused(f"no files are fetched from {url.partition('?')[0][:200]}")
            async with self._exchange(Request("GET", url), timeout) as answer:
                if answer.status in (301, 302, 303, 307, 308) and "Location" in answer.headers:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status != 200:
                    raise BadStatus(answer.status)
                return await _pour(answer, sink, max_bytes, pace)
        raise Broken(f"more than {MAX_REDIRECTS} redirects")

    async def close(self) -> None:
        await self._kept.close()
        await self._fresh.close()
        await self._resolver.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

    def _session(self, *, force_close: bool) -> aiohttp.ClientSession:
        connected = aiohttp.TraceConfig()
        connected.on_connection_create_end.append(_note_connected)
        connected.on_connection_reuseconn.append(_note_connected)
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=self._resolver, limit=0, force_close=force_close),
            cookie_jar=aiohttp.DummyCookieJar(),
            trace_configs=[connected],
            trust_env=False,
            headers=_HEADERS,
        )

    def _timeout(self, total: float, silence: float | None = None) -> aiohttp.ClientTimeout:
        return aiohttp.ClientTimeout(total=total, connect=self._connect_timeout, sock_read=silence)

    @asynccontextmanager
    async def _exchange(self, request: Request, timeout: aiohttp.ClientTimeout) -> AsyncIterator[aiohttp.ClientResponse]:
        """The answer, with its body unread."""
        url = check_url(request.url, allow=self._allow)
        session = self._kept if request.method == "GET" else self._fresh
        progress = SimpleNamespace(connected=False)
        body: dict[str, Any] = {"data": request.content} if request.content is not None else {"json": request.json}
        try:
            answer = await session.request(
                request.method,
                url,
                headers=request.headers,
                timeout=timeout,
                allow_redirects=False,
                trace_request_ctx=progress,
                **body,
            )
        except _FAILURES as error:
            raise _translated(error, connected=progress.connected) from error
        try:
            yield answer
        finally:
            # A body read to its end has already given the connection back; one that was not ends it.
            answer.close()


async def _note_connected(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    context.trace_request_ctx.connected = True


def _translated(error: Exception, *, connected: bool) -> HttpError:
    reason = f"{type(error).__name__}: {error}"
    if isinstance(error, aiohttp.ClientConnectorDNSError) and error.os_error.errno in _NO_SUCH_NAME:
        return UnknownHost(error.host, reason)
    if not connected:
        return ConnectFailed(reason)
    return TimedOut(reason) if isinstance(error, TimeoutError) else Broken(reason)


async def _body(answer: aiohttp.ClientResponse, max_bytes: int) -> AsyncIterator[bytes]:
    """The decoded body, never more of it than `max_bytes`: then TooLarge."""
    if (answer.content_length or 0) > max_bytes:
        raise TooLarge(f"{answer.content_length} bytes announced, {max_bytes} allowed")
    total = 0
    while chunk := await _read(answer):
        total += len(chunk)
        if total > max_bytes:
            raise TooLarge(f"more than {max_bytes} bytes")
        yield chunk


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    """The next piece of the decoded body, empty at its end. Only the network's errors become HttpError: a full disk stays one."""
    try:
        return await answer.content.read(CHUNK_BYTES)
    except _FAILURES as error:
        raise _translated(error, connected=True) from error


async def _pour(answer: aiohttp.ClientResponse, sink: BinaryIO, max_bytes: int, pace: Pace) -> Downloaded:
    clock = asyncio.get_running_loop().time
    digest, total = hashlib.sha256(), 0
    window_start, window_bytes = clock(), 0
    async for chunk in _body(answer, max_bytes):
        sink.write(chunk)
        digest.update(chunk)
        total += len(chunk)
        window_bytes += len(chunk)
        if (passed := clock() - window_start) >= pace.window_seconds:
            if window_bytes < pace.bytes_per_second * passed:
                raise TimedOut(f"slower than {pace.bytes_per_second} bytes/s")
            window_start, window_bytes = clock(), 0
    content_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return Downloaded(bytes=total, sha256=digest.hexdigest(), content_type=content_type)
