"""What a fault looks like on the wire."""

import asyncio
import socket
import struct

from aiohttp import web

RETRY_AFTER_SECONDS = 2


async def hang(request: web.Request) -> web.Response:
    """Never answers; ends when the client has gone."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets that event")


def reset(request: web.Request) -> web.Response:
    """Ends the connection with a TCP reset. The answer is for aiohttp, which finds nobody to send it to."""
    transport = request.transport
    if transport is not None:
        opened = transport.get_extra_info("socket")
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response(status=500)


def garbage() -> web.Response:
    return web.Response(text="<html><title>We are upgrading</title>", content_type="application/json")


def retry_after(fault: str) -> dict[str, str]:
    return {"Retry-After": str(RETRY_AFTER_SECONDS)} if fault == "429 with Retry-After" else {}
