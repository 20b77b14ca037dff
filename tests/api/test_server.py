"""What only a real web server shows: bodies without a length, and the database going away."""

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from jobs.models import Job
from tests.api.calling import BASE, standing
from tests.api.relay import Relay
from tests.conftest import redis_url
from tests.processes import START_SECONDS, Stack, wait_until
from wevion.accounts.models import Membership

WEB = ["-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--no-ws", "--workers", "1", "--blocking-threads", "2"]


@pytest.fixture
def relay(transactional_db: None) -> Iterator[Relay]:
    relay = Relay(connection.settings_dict)
    yield relay
    relay.cut()


@pytest.fixture
def web(relay: Relay, tmp_path: Path) -> Iterator[Stack]:
    """The web server alone, as production runs it, with the database behind the relay."""
    stack = Stack({**connection.settings_dict, "HOST": "127.0.0.1", "PORT": relay.port}, redis_url(), tmp_path)
    try:
        stack.spawn("web", [*WEB, "--port", str(stack.port), "wevion.wsgi:application"], DATABASE_POOL="1")
        wait_until(stack.answers, START_SECONDS, "the web server")
        yield stack
    finally:
        stack.stop()


def call(web: Stack, method: str, path: str, key: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
    """Status, headers (lower case), and JSON."""
    client = HTTPConnection("127.0.0.1", web.port, timeout=60)
    headers = {"x-api-key": key, "content-type": "application/json"} | headers
    with contextlib.closing(client), contextlib.suppress(BrokenPipeError, ConnectionResetError):
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has heard us out
            client.request(method, f"{BASE}/{path}", body, headers, encode_chunked=not isinstance(body, bytes | None))
        answer = client.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, json.loads(answer.read())
    raise AssertionError("the server closed the connection without an answer")


def pieces(*parts: bytes) -> Iterable[bytes]:
    yield from parts


def test_a_body_may_come_in_pieces_without_a_length(web: Stack, bob: Membership, key_of: Callable[[Membership], str]) -> None:
    body = pieces(b'{"prompt": "a red ', b'bicycle"}')
    status, headers, answer = call(web, "POST", "image", key_of(bob), body, **{"transfer-encoding": "chunked"})
    assert (status, headers["location"]) == (202, f"{web.url}{BASE}/jobs/{answer['job_id']}")
    assert Job.objects.get().prompt == "a red bicycle"


def test_twenty_megabytes_are_too_large_with_a_length_and_without(
    web: Stack, bob: Membership, key_of: Callable[[Membership], str]
) -> None:
    key, before = key_of(bob), standing()
    large = b'{"prompt": "' + b"a" * 20_000_000 + b'"}'
    status, _, answer = call(web, "POST", "image", key, large)
    assert (status, answer["error"]) == (413, "payload_too_large")
    parts = (large[start : start + 65536] for start in range(0, len(large), 65536))
    status, _, answer = call(web, "POST", "image", key, parts, **{"transfer-encoding": "chunked"})
    assert (status, answer["error"]) == (413, "payload_too_large")
    assert standing() == before


def test_pieces_of_something_else_than_json_are_refused_like_the_whole(
    web: Stack, bob: Membership, key_of: Callable[[Membership], str]
) -> None:
    key, chunked = key_of(bob), {"transfer-encoding": "chunked"}
    status, _, answer = call(web, "POST", "image", key, pieces(b"[1,"), **chunked)
    assert (status, answer["error"]) == (400, "invalid_json")
    status, _, answer = call(web, "POST", "image", key, pieces(b"a=b"), **chunked | {"content-type": "text/plain"})
    assert (status, answer["error"]) == (415, "unsupported_media_type")


def test_while_the_database_is_away_requests_are_told_to_come_back_and_then_served(
    web: Stack, relay: Relay, bob: Membership, key_of: Callable[[Membership], str]
) -> None:
    key = key_of(bob)
    assert call(web, "GET", "jobs", key)[0] == 200
    relay.cut()
    for method, path, body in (("GET", "jobs", None), ("POST", "image", b'{"prompt": "a red bicycle"}')):
        status, headers, answer = call(web, method, path, key, body)
        assert (status, answer["error"], headers["retry-after"]) == (503, "unavailable", "5")
        assert set(answer) == {"error", "message", "details", "request_id"}
    relay.mend()
    wait_until(lambda: call(web, "GET", "jobs", key)[0] == 200, what="the database's return")
    assert not Job.objects.exists()
