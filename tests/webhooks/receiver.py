"""A team's own system, over real HTTP: keeps what it is sent, and answers as it is told to."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks.webhooks import Webhook

from jobs.webhooks.send import door
from tests.http.servers import serve


@dataclass
class Receiver:
    """`answer` is a status for every message, `hang` how long to sit on each. `got` holds headers and raw body."""

    address: str = ""
    answer: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"thank you"
    hang: float = 0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.address}/hook"

    @property
    def events(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.got]

    def verified(self, secret: str, nth: int = -1) -> dict[str, Any]:
        """The nth message, if the reference library takes its signature; else it raises."""
        headers, body = self.got[nth]
        found: dict[str, Any] = Webhook(secret).verify(body, headers)
        return found

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(({name.lower(): value for name, value in request.headers.items()}, await request.read()))
        await asyncio.sleep(self.hang)
        return web.Response(status=self.answer, headers=self.headers, body=self.body)


@contextmanager
def receiving(settings: Any, *, count: int = 1) -> Iterator[list[Receiver]]:
    """So many receivers, and the door open to them."""
    apps = [web.Application() for _ in range(count)]
    found = [Receiver() for _ in apps]
    with _serving(apps, found):
        settings.HTTP_ALLOW_PRIVATE |= {receiver.address for receiver in found}
        door.cache_clear()
        yield found
        door().close()
        door.cache_clear()


@contextmanager
def _serving(apps: list[web.Application], found: list[Receiver]) -> Iterator[None]:
    if not apps:
        yield
        return
    apps[0].router.add_post("/hook", found[0].take)
    with serve(apps[0]) as found[0].address, _serving(apps[1:], found[1:]):
        yield
