import asyncio
import hashlib
import io
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tests.http.door_server import CONTENT, Server, running
from tests.http.servers import raw_server, read_request
from wevion.http.door import Door, Downloaded, Pace
from wevion.http.errors import BadStatus, Broken, HttpError, Refused, TimedOut, TooLarge


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def server(shared: Server) -> Server:
    shared.seen.clear()
    shared.connections.clear()
    return shared


def download(url: str, *allow: str, max_bytes: int = 10_000_000, pace: Pace | None = None) -> tuple[Downloaded, bytes]:
    sink = io.BytesIO()

    async def call() -> Downloaded:
        async with Door(allow=frozenset(allow)) as door:
            return await door.download(url, sink, max_bytes=max_bytes, timeout_seconds=20, pace=pace)

    return asyncio.run(call()), sink.getvalue()


def test_a_download_is_streamed_hashed_and_typed(server: Server) -> None:
    got, content = download(server.url("/redirect/1"), server.address)
    assert content == CONTENT
    assert got == Downloaded(len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), "video/mp4")


def test_three_redirects_are_followed_and_not_four(server: Server) -> None:
    assert download(server.url("/redirect/2"), server.address)[0].bytes == len(CONTENT)
    with pytest.raises(Broken):
        download(server.url("/redirect/3"), server.address)


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:1/", "https://169.254.169.254/latest", "//localhost/", "file:///etc/passwd"]
)
def test_a_redirect_into_private_space_is_refused(server: Server, target: str) -> None:
    with pytest.raises(Refused):
        download(server.url(f"/away?to={target}"), server.address)


def test_a_place_that_the_caller_does_not_admit_is_refused_also_after_a_redirect(server: Server) -> None:
    async def call(admitted: str) -> Downloaded:
        async with Door(allow=frozenset({server.address})) as door:
            url = server.url("/redirect/1")
            return await door.download(url, io.BytesIO(), max_bytes=10_000_000, admits=lambda hop: admitted in hop)

    assert asyncio.run(call(server.address)).bytes == len(CONTENT)
    for admitted in ("redirect", "elsewhere.example.com"):
        with pytest.raises(Refused, match="no files are fetched from"):
            asyncio.run(call(admitted))


def test_a_private_address_is_refused_from_the_start(server: Server) -> None:
    with pytest.raises(Refused):
        download(server.url("/file"))
    assert server.seen == []


def test_a_link_that_has_expired_tells_its_status(server: Server) -> None:
    with pytest.raises(BadStatus) as caught:
        download(server.url("/echo?status=403"), server.address)
    assert caught.value.status == 403


@pytest.mark.parametrize(
    ("path", "error"),
    [("/endless", TooLarge), ("/file", TooLarge), ("/bomb", TooLarge), ("/stall", TimedOut), ("/trickle", TimedOut)],
)
def test_a_download_that_is_too_large_or_too_slow_is_given_up(server: Server, path: str, error: type[HttpError]) -> None:
    with pytest.raises(error):
        download(server.url(path), server.address, max_bytes=500_000, pace=Pace(window_seconds=0.3, bytes_per_second=10_000))


def test_a_trickle_is_given_up_for_its_pace_long_before_its_time_is_over(server: Server) -> None:
    with pytest.raises(TimedOut, match="slower than"):
        download(server.url("/trickle"), server.address, pace=Pace(window_seconds=0.3, bytes_per_second=10_000))


def test_a_truncated_download_is_an_error() -> None:
    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")

    with raw_server(talk) as address, pytest.raises(Broken):
        download(f"http://{address}/file", address)


class FullDisk(io.BytesIO):
    def write(self, _data: Any) -> int:
        raise OSError(28, "No space left on device")


def test_a_sink_that_cannot_be_written_is_not_blamed_on_the_network(server: Server) -> None:
    async def call() -> None:
        async with Door(allow=frozenset({server.address})) as door:
            await door.download(server.url("/file"), FullDisk(), max_bytes=10_000_000)

    with pytest.raises(OSError, match="No space left"):
        asyncio.run(call())
