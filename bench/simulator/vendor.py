"""What the two vendors have in common: the order of events in a submit and in a look, and where faults strike."""

import time
from abc import ABC, abstractmethod
from typing import Any

from aiohttp import web

from bench.simulator import misbehaviour
from bench.simulator.callbacks import Callbacks
from bench.simulator.desk import IN_FLIGHT_SECONDS, Desk, Order

REFUSED = ("429", "429 with Retry-After", "503", "moderated")


class Service(ABC):
    name: str

    def __init__(self, desk: Desk, callbacks: Callbacks) -> None:
        self.desk = desk
        self.callbacks = callbacks

    async def submit(self, request: web.Request) -> web.StreamResponse:
        if not self.authorised(request):
            return self.refusal("unauthorized")
        try:
            body = await request.json()
        except ValueError:
            body = {}
        if problem := self.problem(request, body):
            self.desk.complaints.append(f"{self.name}: {problem}")
            return self.refusal("invalid", problem)
        self.desk.counts[f"{self.name}: submits"] += 1
        return self.again(request) or await self._first(request, body)

    async def _first(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        fault = self.desk.fault("submit")
        if fault in REFUSED:
            return self.refusal(fault)
        if fault == "reset before it is taken":
            return misbehaviour.reset(request)
        order = self.desk.take(self.name, self.work(body), self.key(request))
        self.callbacks.plan(
            order, self.callback_url(body), self.callback(order, body, "done"), self.callback(order, body, "running")
        )
        match fault:
            case "taken, then hang":
                order.taken_in_at = time.monotonic() + IN_FLIGHT_SECONDS
                return await misbehaviour.hang(request)
            case "taken, then reset":
                return misbehaviour.reset(request)
            case "taken, then garbage":
                return misbehaviour.garbage()
            case "taken, then 500":
                return self.refusal("500")
        return self.accepted(request, order, body)

    async def look(self, request: web.Request) -> web.StreamResponse:
        if not self.authorised(request):
            return self.refusal("unauthorized")
        self.desk.counts[f"{self.name}: looks"] += 1
        fault = self.desk.fault("look")
        match fault:
            case "429" | "429 with Retry-After" | "500":
                return self.refusal(fault)
            case "hang":
                return await misbehaviour.hang(request)
            case "reset":
                return misbehaviour.reset(request)
            case "garbage":
                return misbehaviour.garbage()
        order = self.desk.orders.get(self.ref(request))
        if order is None or fault == "not found":
            return self.refusal("unknown order")
        return self.state(request, order, self.phase(order, fault))

    def phase(self, order: Order, fault: str) -> str:
        """`running`, `unknown status`, `backwards`, `done`, `moderated later` or `failed later`."""
        if time.monotonic() < order.ready_at:
            return fault if fault in ("unknown status", "backwards") else "running"
        return order.fate if order.fate in ("moderated later", "failed later") else "done"

    def again(self, request: web.Request) -> web.Response | None:
        """The answer to a submit under a key that was seen before, where the vendor honours keys."""
        return None

    def key(self, request: web.Request) -> str:
        return ""

    @abstractmethod
    def authorised(self, request: web.Request) -> bool: ...

    @abstractmethod
    def problem(self, request: web.Request, body: dict[str, Any]) -> str:
        """What is wrong with a submit, naming the field; empty when it is well formed."""

    @abstractmethod
    def work(self, body: dict[str, Any]) -> str:
        """Names what is asked for; the same for a repeated order."""

    @abstractmethod
    def ref(self, request: web.Request) -> str: ...

    @abstractmethod
    def accepted(self, request: web.Request, order: Order, body: dict[str, Any]) -> web.Response: ...

    @abstractmethod
    def state(self, request: web.Request, order: Order, phase: str) -> web.Response: ...

    @abstractmethod
    def refusal(self, reason: str, problem: str = "") -> web.Response: ...

    @abstractmethod
    def callback_url(self, body: dict[str, Any]) -> str: ...

    @abstractmethod
    def callback(self, order: Order, body: dict[str, Any], phase: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers, signed, of the callback that tells of this phase."""


def origin(request: web.Request) -> str:
    return f"http://{request.host}"


def file_url(request: web.Request, order: Order) -> str:
    return f"http://{request.host}/files/{order.id}/{time.monotonic()!r}"


def unknown_fields(body: dict[str, Any], known: frozenset[str]) -> str:
    return ", ".join(f"unknown field {name}" for name in sorted(body.keys() - known))
