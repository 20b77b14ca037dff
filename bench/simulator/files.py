"""The vendors' file host: links without credentials, some of them bad."""

import time

from aiohttp import web

from bench.simulator import media, misbehaviour
from bench.simulator.desk import Desk, Order

LINK_SECONDS = 600
OVERSIZED_BYTES = 3_000_000_000


class Files:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.picture, self.clip = media.picture(), media.clip()

    async def file(self, request: web.Request) -> web.StreamResponse:
        self.desk.counts["downloads"] += 1
        if request.headers.get("x-key") or request.headers.get("X-Api-Key"):
            self.desk.complaints.append("a key was sent to the file host")
        order = self.desk.orders.get(request.match_info["id"])
        if order is None or self._expired(order, float(request.match_info["minted"])):
            return web.Response(status=403, text="Request has expired")
        fault = self.desk.fault("file")
        content, mime = self._content(order)
        match fault:
            case "500":
                return web.Response(status=500)
            case "gone":
                return web.Response(status=410)
            case "reset":
                return misbehaviour.reset(request)
            case "damaged":
                return web.Response(body=b"\xff\xd8\xff not a picture", content_type=mime)
            case "truncated":
                return await _announced(request, content[: len(content) // 2], len(content), mime)
            case "oversized":
                return await _announced(request, content, OVERSIZED_BYTES, mime)
        return web.Response(body=content, content_type=mime)

    def _expired(self, order: Order, minted: float) -> bool:
        lives = self.desk.profile.short_link_seconds if order.fate == "short link" else LINK_SECONDS
        return time.monotonic() >= minted + lives

    def _content(self, order: Order) -> tuple[bytes, str]:
        if order.vendor == "bfl":
            return media.marked_picture(self.picture, order.work), "image/jpeg"
        return media.marked_clip(self.clip, order.work), "video/mp4"


async def _announced(request: web.Request, content: bytes, size: int, mime: str) -> web.StreamResponse:
    """Announces `size` bytes, sends `content`, and ends the connection."""
    answer = web.StreamResponse(headers={"Content-Length": str(size), "Content-Type": mime})
    await answer.prepare(request)
    await answer.write(content)
    if request.transport is not None:
        request.transport.close()
    return answer
