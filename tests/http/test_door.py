import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp.abc import AbstractResolver

from tests.http.door_server import Server, running
from tests.http.servers import closed_port, raw_server, read_request, reset
from tests.http.test_guard import FixedResolver
from wevion.http.door import Door
from wevion.http.errors import Broken, ConnectFailed, Refused, TimedOut, TooLarge, UnknownHost
from wevion.http.messages import Request, Response


@pytest.fixture(scope="module")
def shared() -> Iterator[Server]:
    with running() as server:
        yield server


@pytest.fixture
def server(shared: Server) -> Server:
    shared.seen.clear()
    shared.connections.clear()
    return shared


def send(request: Request, *allow: str, resolver: AbstractResolver | None = None) -> Response:
    async def call() -> Response:
        async with Door(allow=frozenset(allow), resolver=resolver, connect_timeout_seconds=2) as door:
            return await door.send(request)

    return asyncio.run(call())


def test_an_exchange_brings_back_status_lower_case_headers_and_body(server: Server) -> None:
    answer = send(Request("POST", server.url("/echo?status=418"), headers={"X-Key": "k"}, json={"a": 1}), server.address)
    assert (answer.status, answer.json(), answer.headers["x-method"]) == (418, {"a": 1}, "POST")
    assert answer.headers["x-twice"] == "a, b"
    assert server.seen[0].headers["X-Key"] == "k"
    assert server.seen[0].content_type == "application/json"


def test_exact_bytes_are_sent_as_they_are(server: Server) -> None:
    headers = {"Content-Type": "application/json"}
    answer = send(Request("POST", server.url("/echo"), headers=headers, content=b'{"a":  1}'), server.address)
    assert answer.body == b'{"a":  1}'
    assert server.seen[0].headers["Content-Type"] == "application/json"


def test_no_cookie_and_no_proxy_of_the_environment_is_used(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://{closed_port()}")

    async def twice() -> None:
        async with Door(allow=frozenset({server.address})) as door:
            await door.send(Request("GET", server.url("/echo")))
            await door.send(Request("GET", server.url("/echo")))

    asyncio.run(twice())
    assert [dict(request.cookies) for request in server.seen] == [{}, {}]


def test_looks_share_a_connection_and_a_post_has_one_of_its_own(server: Server) -> None:
    async def calls() -> None:
        async with Door(allow=frozenset({server.address})) as door:
            for method in ("GET", "POST", "GET", "POST"):
                await door.send(Request(method, server.url("/echo")))

    asyncio.run(calls())
    assert len({port for method, port in server.connections if method == "GET"}) == 1
    assert len({port for method, port in server.connections if method == "POST"}) == 2


def test_a_redirected_call_is_not_followed(server: Server) -> None:
    answer = send(Request("POST", server.url("/away?to=/echo"), json={}), server.address)
    assert (answer.status, answer.headers["location"]) == (307, "/echo")
    assert len(server.seen) == 1


def test_a_body_beyond_the_cap_is_cut_off_whether_announced_or_not(server: Server) -> None:
    for path in ("/file", "/endless"):
        with pytest.raises(TooLarge):
            send(Request("GET", server.url(path), max_bytes=100_000), server.address)


def test_a_compression_bomb_is_bounded_by_the_cap_on_what_it_expands_to(server: Server) -> None:
    with pytest.raises(TooLarge):
        send(Request("GET", server.url("/bomb"), max_bytes=1_000_000), server.address)
    assert server.seen[0].headers["Accept-Encoding"] == "identity"


def test_a_body_compressed_unasked_is_still_understood(server: Server) -> None:
    assert send(Request("GET", server.url("/zipped")), server.address).json() == {"a": 1}


def test_silence_after_the_request_times_out_as_maybe_sent(server: Server) -> None:
    for path in ("/hang", "/stall"):
        with pytest.raises(TimedOut) as caught:
            send(Request("POST", server.url(path), timeout_seconds=0.3), server.address)
        assert caught.value.maybe_sent
    assert len(server.seen) == 2


def test_nobody_listening_is_a_failure_to_connect_with_nothing_sent() -> None:
    address = closed_port()
    with pytest.raises(ConnectFailed) as caught:
        send(Request("POST", f"http://{address}/"), address)
    assert not caught.value.maybe_sent


def test_a_name_that_does_not_resolve_is_a_failure_to_connect() -> None:
    with pytest.raises(ConnectFailed):
        send(Request("POST", "https://no-such-name.invalid/"))


class Nameless(FixedResolver):
    """Says of every name why there is no address."""

    def __init__(self, why: int) -> None:
        self.why = why

    async def resolve(self, *args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(self.why, "as the C library says it")


@pytest.mark.parametrize("why", [socket.EAI_NONAME, socket.EAI_NODATA])
def test_a_name_that_does_not_exist_is_told_from_a_resolver_that_cannot_say(why: int) -> None:
    with pytest.raises(UnknownHost) as caught:
        send(Request("GET", "https://shop.example.com/lamp"), resolver=Nameless(why))
    assert (caught.value.host, caught.value.maybe_sent) == ("shop.example.com", False)
    for trouble in (socket.EAI_AGAIN, socket.EAI_FAIL, socket.EAI_SYSTEM, socket.EAI_MEMORY):
        with pytest.raises(ConnectFailed) as unclear:
            send(Request("GET", "https://shop.example.com/lamp"), resolver=Nameless(trouble))
        assert not isinstance(unclear.value, UnknownHost)


def test_a_failed_tls_handshake_is_a_failure_to_connect() -> None:
    def answer_in_clear(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with raw_server(answer_in_clear) as address, pytest.raises(ConnectFailed):
        send(Request("POST", f"https://{address}/", json={}), address)


def test_a_tls_handshake_that_never_ends_is_a_failure_to_connect_even_when_the_whole_time_runs_out() -> None:
    over = threading.Event()
    with raw_server(lambda connection: (connection.recv(65536), over.wait(10), None)[-1]) as address:
        with pytest.raises(ConnectFailed):
            send(Request("POST", f"https://{address}/", json={}, timeout_seconds=0.3), address)
        over.set()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"220 smtp.example.com ESMTP\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
    ],
    ids=["no answer", "truncated", "unfinished chunks", "not HTTP", "not gzip"],
)
def test_half_an_answer_is_broken_and_maybe_sent(answer: bytes) -> None:
    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer)

    with raw_server(talk) as address:
        with pytest.raises(Broken) as caught:
            send(Request("POST", f"http://{address}/", json={}), address)
        assert caught.value.maybe_sent


def test_a_reset_after_the_request_is_broken_and_the_post_is_not_repeated() -> None:
    requests: list[bytes] = []

    def talk(connection: socket.socket) -> None:
        requests.append(read_request(connection))
        reset(connection)

    with raw_server(talk) as address, pytest.raises(Broken):
        send(Request("POST", f"http://{address}/", json={}), address)
    assert len(requests) == 1


def test_a_private_address_is_refused_before_anything_connects(server: Server) -> None:
    other = f"127.0.0.1:{int(server.address.split(':')[1]) + 1}"
    with pytest.raises(Refused) as caught:
        send(Request("GET", server.url("/echo")), other)
    assert not caught.value.maybe_sent
    assert server.seen == []


def test_a_name_that_resolves_to_this_machine_is_refused(server: Server) -> None:
    port = server.address.split(":")[1]
    with pytest.raises(Refused):
        send(Request("GET", f"https://rebind.example.com:{port}/"), resolver=FixedResolver("127.0.0.1"))


def test_an_allowed_name_is_reached_on_its_port(server: Server) -> None:
    name = f"localhost:{server.address.split(':')[1]}"
    assert send(Request("GET", f"http://{name}/echo"), name, resolver=FixedResolver("127.0.0.1")).status == 200


class Rebinding(FixedResolver):
    """Names an address of public space that nobody has been given at first, and this machine from then on."""

    def __init__(self) -> None:
        super().__init__("2d00::1")
        self.asked = 0

    async def resolve(self, *args: Any, **kwargs: Any) -> Any:
        self.asked += 1
        self.addresses = ("127.0.0.1",) if self.asked > 1 else self.addresses
        return await super().resolve(*args, **kwargs)


def test_the_connection_goes_to_the_address_that_was_checked_and_not_to_a_second_answer(server: Server) -> None:
    resolver, port = Rebinding(), server.address.split(":")[1]

    async def call() -> None:
        async with Door(resolver=resolver, connect_timeout_seconds=0.2) as door:
            with pytest.raises(ConnectFailed):
                await door.send(Request("POST", f"https://rebind.example.com:{port}/"))

    asyncio.run(call())
    assert resolver.asked == 1
    assert server.seen == []
