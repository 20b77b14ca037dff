"""Clients that cost almost nothing themselves: HTTP/1.1 on kept connections, over plain sockets."""

import itertools
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


def get(port: int, path: str, **headers: str) -> bytes:
    return request("GET", port, path, b"", headers)


def post(port: int, path: str, body: Any, **headers: str) -> bytes:
    content = json.dumps(body).encode()
    return request("POST", port, path, content, {"Content-Type": "application/json", **headers})


def request(method: str, port: int, path: str, content: bytes, headers: dict[str, str]) -> bytes:
    """Header names come with underscores for hyphens."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


class Connection:
    """One kept connection. `send` returns status and body; raises OSError when the server breaks it off."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> tuple[int, bytes]:
        self.socket.sendall(request)
        received = b""
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        head, body = received[:end].lower(), received[end + 4 :]
        status = int(head[9:12])
        if b"transfer-encoding: chunked" in head:
            while not body.endswith(b"0\r\n\r\n"):
                body += self._more()
            return status, body
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        while len(body) < length:
            body += self._more()
        return status, body

    def _more(self) -> bytes:
        piece = self.socket.recv(262144)
        if not piece:
            raise ConnectionResetError("the server closed the connection")
        return piece

    def close(self) -> None:
        self.socket.close()


@dataclass
class Heard:
    """What came back: seconds of each request, statuses that were not expected, and the time from first to last."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.elapsed

    def ms(self, percent: float) -> float:
        return percentile(self.seconds, percent) * 1000


def percentile(values: Iterable[float], percent: float) -> float:
    """Nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def closed(port: int, requests: Sequence[bytes], expected: int, seconds: float, connections: int = 4) -> Heard:
    """As many as the server answers: each connection sends its next when it has the answer."""
    heard, turn = Heard(), itertools.cycle(requests)
    start = time.perf_counter()

    def client() -> None:
        connection = Connection(port)
        while (began := time.perf_counter()) < start + seconds:
            status, _ = connection.send(next(turn))
            heard.seconds.append(time.perf_counter() - began)
            if status != expected:
                heard.wrong.append(status)
        connection.close()

    in_threads(client, connections)
    heard.elapsed = time.perf_counter() - start
    return heard


def open_loop(port: int, requests: Sequence[bytes], expected: int, per_second: float, connections: int = 16) -> Heard:
    """Each request at its moment, whether or not the server keeps up; its time counts from that moment."""
    heard, turn = Heard(), iter(enumerate(requests))
    start, lock = time.perf_counter() + 0.1, threading.Lock()

    def client() -> None:
        connection = Connection(port)
        while True:
            with lock:
                number, request = next(turn, (0, b""))
            if not request:
                return connection.close()
            due = start + number / per_second
            time.sleep(max(0.0, due - time.perf_counter()))
            status, _ = connection.send(request)
            heard.seconds.append(time.perf_counter() - due)
            if status != expected:
                heard.wrong.append(status)

    in_threads(client, connections)
    heard.elapsed = time.perf_counter() - start
    return heard


def all_of(port: int, requests: Sequence[bytes], expected: int, connections: int = 4) -> Heard:
    """Every request once, as fast as they are answered."""
    return open_loop(port, requests, expected, per_second=1e9, connections=connections)


def in_threads(act: Callable[[], None], number: int) -> None:
    """Runs it in this many threads at once; raises what the first of them raised."""
    errors: list[BaseException] = []

    def guarded() -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, daemon=True) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
