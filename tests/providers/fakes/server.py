"""What all fake vendors have in common: the life of an order, the misbehaviour a script asks for, and what they remember."""

import asyncio
import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from creative_hub.providers.ports import Account
from tests.http.servers import serve
from tests.providers.fakes import script


@dataclass
class Order:
    """Paid work that the vendor has taken. `key` is the idempotency key, where the vendor honours one."""

    text: str
    body: dict[str, Any]
    key: str = ""
    looks: int = 0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def case(self) -> str:
        return script.case_of(self.text)


class FakeVendor(ABC):
    """`submits` holds the body of every well-formed submit, `orders` the paid work: one submit may not become two orders.

    `complaints` lists what a well-behaved client never does (unknown fields, a key sent to the file host).
    """

    api_key = "fake-vendor-key"
    base_path = ""
    check_path = "/never"  # where the free question about the key is asked
    result = b"\x00\x00\x00\x18ftypmp42 a fake result"
    result_type = "video/mp4"

    def __init__(self, looks: int = 2) -> None:
        self.looks = looks
        self.address = ""
        self.submits: list[dict[str, Any]] = []
        self.orders: dict[str, Order] = {}
        self.complaints: list[str] = []

    @property
    def origin(self) -> str:
        return f"http://{self.address}"

    @property
    def account(self) -> Account:
        return Account(self.origin + self.base_path, self.api_key)

    def app(self) -> web.Application:
        app = web.Application(client_max_size=50_000_000)
        app.router.add_get("/files/{id}", self.file)
        app.router.add_get(f"{self.base_path}{self.check_path}", self.check)
        self.add_routes(app.router)
        return app

    async def submit(self, request: web.Request) -> web.StreamResponse:
        if not self.authorised(request):
            return self.refusal("unauthorized")
        body = await request.json()
        if problem := self.problem(request, body):
            self.complaints.append(problem)
            return self.refusal("invalid", problem)
        text = self.text(body)
        again = body in self.submits
        self.submits.append(body)
        case = script.case_of(text)
        if case in (script.MODERATED, script.OUT_OF_CREDIT, script.SERVER_ERROR):
            return self.refusal(case)
        if case == script.RATE_LIMITED and not again:
            return self.refusal(case)
        if case == script.ECHO:
            return web.json_response({"error": f"refused: {dict(request.headers)}"}, status=400)
        return await self.take(request, Order(text, body, self.key(request)))

    async def take(self, request: web.Request, order: Order) -> web.StreamResponse:
        self.orders[order.id] = order
        match order.case:
            case script.HANG:
                await asyncio.Event().wait()
            case script.RESET:
                assert request.transport
                request.transport.abort()
            case script.GARBAGE:
                return garbage()
        return self.accepted(order)

    async def look(self, request: web.Request) -> web.StreamResponse:
        if not self.authorised(request):
            return self.refusal("unauthorized")
        order = self.orders.get(request.match_info.get("id") or request.query.get("id", ""))
        if order is None:
            return self.refusal("unknown order")
        order.looks += 1
        if order.looks == 1 and order.case == script.GARBAGE_LATER:
            return garbage()
        if order.looks == 1 and order.case == script.BUSY_LATER:
            return self.refusal(script.SERVER_ERROR)
        if order.looks <= self.looks:
            return self.state(order, "invented" if order.case == script.NEW_STATUS else "running")
        return self.state(order, order.case if order.case in (script.MODERATED_LATER, script.FAILED_LATER) else "done")

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Presigned: whoever sends the key with it has given it away. A link is for the look that it was handed out by."""
        if self.authorised(request):
            self.complaints.append("the key was sent to the file host")
        case = self.orders[request.match_info["id"]].case
        first = request.query["look"] == str(self.looks + 1)
        if case == script.DEAD_LINK or (case == script.EXPIRED_LINK and first):
            return web.Response(status=403, text="<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>")
        return web.Response(body=self.result, content_type=self.result_type)

    async def check(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self.about()) if self.authorised(request) else self.refusal("unauthorized")

    def about(self) -> Any:
        """The answer to the free question about the key."""
        return {}

    def file_url(self, order: Order) -> str:
        return f"{self.origin}/files/{order.id}?look={order.looks}"

    def key(self, request: web.Request) -> str:
        return ""

    @abstractmethod
    def add_routes(self, router: web.UrlDispatcher) -> None: ...

    @abstractmethod
    def authorised(self, request: web.Request) -> bool: ...

    @abstractmethod
    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        """What is wrong with a submit, naming the field; empty when it is well formed."""

    @abstractmethod
    def text(self, body: dict[str, Any]) -> str: ...

    @abstractmethod
    def accepted(self, order: Order) -> web.StreamResponse: ...

    @abstractmethod
    def state(self, order: Order, state: str) -> web.StreamResponse:
        """The answer to a look: `running`, `invented`, `done`, or one of the script's later cases."""

    @abstractmethod
    def refusal(self, reason: str, problem: str = "") -> web.Response:
        """`unauthorized`, `invalid`, `unknown order`, or one of the script's cases."""


Fake = TypeVar("Fake", bound=FakeVendor)


@contextmanager
def running(fake: Fake) -> Iterator[Fake]:
    with serve(fake.app()) as fake.address:
        yield fake


def garbage() -> web.Response:
    return web.Response(text="<html>upstream is being upgraded</html>", content_type="application/json")


def unknown_fields(body: dict[str, Any], *known: str) -> str:
    return ", ".join(f"unknown field {name}" for name in sorted(body.keys() - set(known)))
