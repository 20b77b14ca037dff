"""The web application: both vendors, their file host, the control and the witness."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import Any

from aiohttp import web

from bench.simulator.bfl import Bfl
from bench.simulator.callbacks import Callbacks
from bench.simulator.desk import Desk
from bench.simulator.files import Files
from bench.simulator.heygen import HeyGen
from bench.simulator.profiles import Profile, changed


def application(seed: int, profile: Profile) -> web.Application:
    desk = Desk(seed, profile)
    callbacks = Callbacks(desk)
    bfl, heygen, files = Bfl(desk, callbacks), HeyGen(desk, callbacks), Files(desk)

    async def control(request: web.Request) -> web.Response:
        try:
            wish = await request.json()
            callbacks.origin = wish.pop("callback_origin", callbacks.origin)
            desk.profile = changed(desk.profile, wish)
        except (ValueError, TypeError, AttributeError) as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response(asdict(desk.profile))

    async def witness(request: web.Request) -> web.Response:
        return web.json_response(seen(desk))

    async def sending(app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(callbacks.send_forever())
        yield
        task.cancel()

    app = web.Application(client_max_size=50_000_000)
    app.router.add_get("/v1/get_result", bfl.look)
    app.router.add_get("/v3/videos/{id}", heygen.look)
    app.router.add_post("/v1/flux-2-pro", bfl.submit)
    app.router.add_post("/v3/videos", heygen.submit)
    app.router.add_get("/files/{id}/{minted}", files.file)
    app.router.add_post("/control", control)
    app.router.add_get("/witness", witness)
    app.cleanup_ctx.append(sending)
    return app


def seen(desk: Desk) -> dict[str, Any]:
    """`orders`: for each vendor, how often each work was taken. `fates`: of works that do not
    simply succeed. `complaints`: what no well-behaved client does."""
    return {
        "profile": asdict(desk.profile),
        "orders": {vendor: dict(works) for vendor, works in desk.taken.items()},
        "keys": {key: order.work for key, order in desk.by_key.items()},
        "fates": {order.work: order.fate for order in desk.orders.values() if order.fate},
        "counts": dict(desk.counts),
        "complaints": desk.complaints,
    }
