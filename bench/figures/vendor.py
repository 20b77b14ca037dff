"""Vendors that take no time, as one process: `python -m bench.figures.vendor PORT SIDE`. SIDE is the picture's, in pixels.

They remember when they were called, on the clock that the database also has: the machine's. FLUX and ElevenLabs answer
at once; Luma and HeyGen are never done. GET /seen gives the times, POST /forget drops them.
"""

import io
import sys
import time
import wave
from collections import defaultdict
from typing import Any

from aiohttp import web
from PIL import Image

KEY = "bench"
Times = dict[str, list[float]]


def picture(side: int) -> bytes:
    """A JPEG as heavy as a photograph (280 kB for a megapixel): a plain one would be decoded and stored in no time."""
    out = io.BytesIO()
    noise = Image.effect_noise((side, side), 20)
    Image.merge("RGB", (noise, Image.linear_gradient("L").resize((side, side)), noise)).save(out, "JPEG", quality=85)
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as tone:
        tone.setnchannels(1)
        tone.setsampwidth(2)
        tone.setframerate(22050)
        tone.writeframes(bytes(22050 * 2))
    return out.getvalue()


class Vendors:
    """`seen` has for each order, by its text, when its calls came and were answered; `looks` when endless ones were."""

    def __init__(self, side: int) -> None:
        self.picture, self.sound = picture(side), sound()
        self.seen: defaultdict[str, Times] = defaultdict(dict)
        self.looks: defaultdict[str, list[float]] = defaultdict(list)

    def note(self, order: str, call: str, came: float) -> None:
        self.seen[order][call] = [came, time.time()]

    async def flux_submit(self, request: web.Request) -> web.Response:
        came, body = time.time(), await request.json()
        order = body["prompt"]
        answer = web.json_response({"id": order, "polling_url": f"http://{request.host}/v1/get_result?id={order}"})
        self.note(order, "submit", came)
        return answer

    async def flux_look(self, request: web.Request) -> web.Response:
        came, order = time.time(), request.query["id"]
        result = {"sample": f"http://{request.host}/files/{order}"}
        self.note(order, "look", came)
        return web.json_response({"id": order, "status": "Ready", "result": result})

    async def file(self, request: web.Request) -> web.Response:
        self.note(request.match_info["order"], "file", time.time())
        return web.Response(body=self.picture, content_type="image/jpeg")

    async def speak(self, request: web.Request) -> web.Response:
        came, body = time.time(), await request.json()
        self.note(body["text"], "submit", came)
        return web.Response(body=self.sound, content_type="audio/wav")

    async def luma_look(self, request: web.Request) -> web.Response:
        order = request.match_info["order"]
        self.looks[order].append(time.time())
        return web.json_response({"id": order, "state": "dreaming"})

    async def heygen_look(self, request: web.Request) -> web.Response:
        order = request.match_info["order"]
        self.looks[order].append(time.time())
        return web.json_response({"error": None, "data": {"id": order, "status": "processing"}})

    async def tell(self, request: web.Request) -> web.Response:
        return web.json_response({"seen": self.seen, "looks": self.looks})

    async def forget(self, request: web.Request) -> web.Response:
        self.seen.clear()
        self.looks.clear()
        return web.Response()


def application(side: int) -> web.Application:
    vendors, app = Vendors(side), web.Application()
    app.router.add_post("/v1/flux-2-pro", vendors.flux_submit)
    app.router.add_get("/v1/get_result", vendors.flux_look)
    app.router.add_get("/files/{order}", vendors.file)
    app.router.add_post("/v1/text-to-speech/{voice}", vendors.speak)
    app.router.add_get("/generations/{order}", vendors.luma_look)
    app.router.add_get("/v3/videos/{order}", vendors.heygen_look)
    app.router.add_get("/seen", vendors.tell)
    app.router.add_post("/forget", vendors.forget)
    return app


def main(port: str, side: str) -> Any:
    web.run_app(application(int(side)), host="127.0.0.1", port=int(port), print=None, access_log=None, keepalive_timeout=600)


if __name__ == "__main__":
    main(*sys.argv[1:])
