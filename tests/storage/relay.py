"""What stands between us and a bucket, and may fail: it passes everything on, or does what `trouble` says."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from aiohttp import web

from tests.http.servers import serve

REFUSAL = '<?xml version="1.0"?><Error><Code>{code}</Code><Message>{code} at http://10.0.0.5/secret</Message></Error>'
CODES = {"error": (500, "InternalError"), "denied": (403, "AccessDenied"), "slow down": (503, "SlowDown")}


class Relay:
    """`trouble`: a key of CODES, `hang`, `reset`, or `half` (keeps the first half of each file, and says that all is well)."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.trouble = ""
        self.address = ""

    @property
    def url(self) -> str:
        return f"http://{self.address}"

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        match self.trouble:
            case "hang":
                await asyncio.Event().wait()
            case "reset":
                assert request.transport
                request.transport.abort()
            case "half" if request.method == "PUT":
                content = content[: len(content) // 2]
            case "error" | "denied" | "slow down":
                status, code = CODES[self.trouble]
                return web.Response(status=status, text=REFUSAL.format(code=code), content_type="application/xml")
        headers = {
            name: value for name, value in request.headers.items() if name.lower() not in ("content-length", "content-md5")
        }
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(request.method, self.target + request.path_qs, headers=headers, data=content) as answer,
        ):
            kept = {
                name: value for name, value in answer.headers.items() if name.lower() not in ("transfer-encoding", "connection")
            }
            return web.Response(status=answer.status, headers=kept, body=await answer.read())


@contextmanager
def relaying(target: str) -> Iterator[Relay]:
    relay = Relay(target)
    app = web.Application(client_max_size=100_000_000)
    app.router.add_route("*", "/{path:.*}", relay.pass_on)
    with serve(app) as relay.address:
        yield relay
