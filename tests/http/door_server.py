"""A well-spoken server that also redirects, stalls, trickles and bombs, for the tests of the door."""

import asyncio
import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.http.servers import serve

CONTENT = os.urandom(700_000)
BOMB = gzip.compress(bytes(30_000_000))


@dataclass
class Server:
    """A well-spoken server that also redirects, stalls, trickles and bombs; it remembers the requests it got."""

    address: str = ""
    seen: list[web.Request] = field(default_factory=list)
    connections: list[tuple[str, Any]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://{self.address}{path}"

    @web.middleware
    async def remember(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        await request.read()
        self.seen.append(request)
        assert request.transport
        self.connections.append((request.method, request.transport.get_extra_info("peername")))
        answer: web.StreamResponse = await handler(request)
        return answer

    async def echo(self, request: web.Request) -> web.Response:
        answer = web.Response(body=await request.read(), status=int(request.query.get("status", 200)))
        answer.headers["X-Method"] = request.method
        answer.headers.add("X-Twice", "a")
        answer.headers.add("X-Twice", "b")
        answer.set_cookie("session", "1")
        return answer

    async def file(self, _request: web.Request) -> web.Response:
        return web.Response(body=CONTENT, content_type="video/mp4")

    async def endless(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x" * 65536)

    async def hang(self, _request: web.Request) -> web.Response:
        await asyncio.Event().wait()
        raise AssertionError

    async def stall(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        await answer.write(b"x")
        await asyncio.Event().wait()
        return answer

    async def trickle(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b"x")
            await asyncio.sleep(0.02)

    async def bomb(self, _request: web.Request) -> web.Response:
        return web.Response(body=BOMB, headers={"Content-Encoding": "gzip"})

    async def zipped(self, _request: web.Request) -> web.Response:
        return web.Response(body=gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"})

    async def redirect(self, request: web.Request) -> web.Response:
        left = int(request.match_info["left"])
        target = f"/redirect/{left - 1}" if left else "/file"
        return web.Response(status=302, headers={"Location": target})

    async def away(self, request: web.Request) -> web.Response:
        return web.Response(status=307, headers={"Location": request.query["to"]})


@contextmanager
def running() -> Iterator[Server]:
    server = Server()
    app = web.Application(middlewares=[server.remember], client_max_size=50_000_000)
    app.router.add_route("*", "/echo", server.echo)
    for path in ("file", "endless", "hang", "stall", "trickle", "bomb", "zipped", "away"):
        app.router.add_route("*", f"/{path}", getattr(server, path))
    app.router.add_get("/redirect/{left}", server.redirect)
    with serve(app) as server.address:
        yield server
