"""The simulator as a test sees it: driven through the product's adapters and its door."""

import dataclasses
import io
import json
import urllib.request
import uuid
from typing import Any

from creative_hub.providers import classify, flux_2_pro, heygen
from creative_hub.providers.ports import Account, Brief, Ready, Running, Vendor
from wevion.http.blocking import BlockingDoor
from wevion.http.errors import HttpError
from wevion.http.messages import Request

ADAPTERS: dict[str, tuple[Vendor, str, dict[str, Any]]] = {
    "bfl": (flux_2_pro.VENDOR, "image", {"aspect_ratio": "16:9", "num_variants": 2, "seed": 7}),
    "heygen": (heygen.VENDOR, "avatar", {"avatar_id": "anna", "voice_id": "v1", "aspect_ratio": "1:1"}),
}


class Simulator:
    def __init__(self, address: str) -> None:
        self.address = address
        self.account = Account(f"http://{address}", "key")
        self.door = BlockingDoor(allow=frozenset({address}))

    def submit(self, name: str, text: str, key: str = "", timeout_seconds: float = 10) -> Running | Ready:
        vendor, kind, settings = ADAPTERS[name]
        request = vendor.submit_request(self.account, Brief(kind, text, settings), key or uuid.uuid4().hex)
        return vendor.read_submit(self._send(vendor, request, timeout_seconds, submitting=True))

    def look(self, name: str, ref: str, timeout_seconds: float = 10) -> Running | Ready:
        vendor = ADAPTERS[name][0]
        request = vendor.poll_request(self.account, ref)
        return vendor.read_poll(self._send(vendor, request, timeout_seconds, submitting=False), ref)

    def download(self, url: str) -> bytes:
        sink = io.BytesIO()
        self.door.download(url, sink, max_bytes=1_000_000)
        return sink.getvalue()

    def _send(self, vendor: Vendor, request: Request, timeout_seconds: float, *, submitting: bool) -> Any:
        try:
            return self.door.send(dataclasses.replace(request, timeout_seconds=timeout_seconds))
        except HttpError as error:
            raise classify.by_http_error(error, vendor, submitting=submitting) from error

    def control(self, **wish: Any) -> None:
        self.post("/control", wish)

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> dict[str, Any]:
        """Past the adapters, for what they do not ask for."""
        found: dict[str, Any] = self._ask(path, json.dumps(body).encode(), headers or {})
        return found

    def witness(self) -> dict[str, Any]:
        found: dict[str, Any] = self._ask("/witness")
        return found

    def orders(self, name: str, text: str) -> int:
        """How often work with this text was taken."""
        return sum(count for work, count in self.witness()["orders"][name].items() if work.startswith(text))

    def answers(self) -> bool:
        try:
            return bool(self.witness())
        except OSError:
            return False

    def _ask(self, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Any:
        request = urllib.request.Request(f"http://{self.address}{path}", body, headers or {})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
