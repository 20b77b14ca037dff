"""Ads whose parts vendors make, through the whole engine: each part ordered once, cut here, charged once."""

import base64
import io
import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from django.core.files.storage import default_storage
from PIL import Image

from creative_hub import catalog
from creative_hub.models import Asset
from creative_hub.orders import ORDERS
from creative_hub.providers.local.ad import timing
from creative_hub.providers.local.ffmpeg import ffmpeg_path
from creative_hub.storage import work
from creative_hub.storage.door import door
from jobs.models import Job
from tests.http.servers import serve
from tests.line.test_vendors import configured, submitted, to_the_end
from tests.providers.fakes import heygen, openai, runway
from tests.providers.fakes.server import FakeVendor
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "Aurora Desk Lamp"


TONE = ("-f", "lavfi", "-i", "aevalsrc='0.6*sin(2*PI*300*t)*lt(mod(t\\,1)\\,0.8)':s=22050")
"""With a pause in every second."""


def made(out: Path, *sources: str, seconds: int) -> bytes:
    """What a vendor might have made."""
    command = [ffmpeg_path(), "-loglevel", "error", "-y", *sources, "-t", str(seconds), str(out)]
    subprocess.run(command, check=True)
    return out.read_bytes()


def coloured(colour: str) -> tuple[str, ...]:
    return ("-f", "lavfi", "-i", f"color=c={colour}:s=360x640:r=10,format=yuv420p")


def shop(title: str) -> web.Application:
    async def page(request: web.Request) -> web.Response:
        product = {"@type": "Product", "name": title, "description": "A warm light.", "image": "/lamp.png"}
        data = f'<script type="application/ld+json">{json.dumps(product)}</script>'
        return web.Response(text=f"<html><head>{data}</head></html>", content_type="text/html")

    async def photo(request: web.Request) -> web.Response:
        out = io.BytesIO()
        Image.new("RGB", (400, 300), (250, 120, 0)).save(out, "PNG")
        return web.Response(body=out.getvalue(), content_type="image/png")

    app = web.Application()
    app.add_routes([web.get("/lamp", page), web.get("/lamp.png", photo)])
    return app


@contextmanager
def open_to(settings: Any, vendors: dict[str, FakeVendor], title: str = TITLE) -> Iterator[str]:
    """The address of the product's page; the door is open to it and to the vendors."""
    with ExitStack() as stack:
        for name, fake in vendors.items():
            stack.enter_context(configured(fake, name, settings))
        address = stack.enter_context(serve(shop(title)))
        settings.HTTP_ALLOW_PRIVATE = frozenset({address, *(fake.address for fake in vendors.values())})
        door.cache_clear()
        yield f"http://{address}/lamp"


def middle(clip: Path, second: float) -> tuple[int, ...]:
    """The colour in the middle of a frame."""
    command = [ffmpeg_path(), "-loglevel", "error", "-ss", str(second), "-i", str(clip), "-frames:v", "1"]
    raw = subprocess.run(
        [*command, "-vf", "crop=8:8,scale=1:1", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"], check=True, capture_output=True
    ).stdout
    return tuple(raw)


def delivered(job: Job) -> Path:
    assert (job.status, job.error_message) == ("completed", "")
    asset = Asset.objects.get(item__job=job)
    assert (asset.kind, bool(asset.thumbnail), round(asset.duration_seconds or 0)) == ("video", True, 15)
    assert work.names(f"work/{job.pk}") == []
    return Path(default_storage.path(str(asset.file)))


def test_a_presenter_is_ordered_once_and_cut_with_the_products_picture(bob: Membership, settings: Any, tmp_path: Path) -> None:
    with heygen.serve(looks=1) as fake, open_to(settings, {"heygen": fake}) as page:
        fake.result = made(tmp_path / "presenter.mp4", *coloured("0x00a040"), *TONE, seconds=8)
        job = to_the_end(submitted(bob, "ad", provider="heygen_ad", urls=[page], avatar_id="a1", aspect_ratio="9:16"), 300)
    assert (len(fake.orders), fake.complaints) == (1, [])
    (order,) = fake.orders.values()
    assert TITLE in order.text
    assert order.key == f"{job.pk}:0:ordering:1"
    assert job.cost_cents == job.estimated_cost_cents == catalog.model("heygen").cost_cents("-" * 210, {}) + 30
    clip = delivered(job)
    green, orange = middle(clip, 0.5), middle(clip, 9)
    assert green[1] > green[0] + 60
    assert orange[0] > orange[2] + 100


def test_a_products_clip_and_its_voice_are_ordered_once_each(bob: Membership, settings: Any, tmp_path: Path) -> None:
    with (
        openai.serve_speech() as voice,
        runway.serve(looks=1) as film,
        open_to(settings, {"openai": voice, "runway": film}) as page,
    ):
        voice.result = made(tmp_path / "voice.mp3", *TONE, seconds=8)
        film.result = made(tmp_path / "film.mp4", *coloured("0x2040c0"), seconds=2)
        job = to_the_end(submitted(bob, "ad", provider="runway_ad", urls=[page]), 300)
    assert (len(voice.orders), len(film.orders), voice.complaints, film.complaints) == (1, 1, [], [])
    (order,) = film.orders.values()
    start = Image.open(io.BytesIO(base64.b64decode(order.body["promptImage"].partition(",")[2])))
    assert start.size == (720, 1280)
    assert order.body["ratio"] == "720:1280"
    parts = catalog.model("runway_gen4").cost_cents("", {"duration": 5}) + catalog.model("openai_tts").cost_cents("-" * 210, {})
    assert job.cost_cents == job.estimated_cost_cents == parts + 30
    blue = middle(delivered(job), 0.5)
    assert blue[2] > blue[0] + 80


def test_a_part_that_is_refused_names_its_stage_and_nothing_is_charged(bob: Membership, settings: Any, tmp_path: Path) -> None:
    with openai.serve_speech() as voice, runway.serve(looks=1) as film:
        voice.result = made(tmp_path / "voice.mp3", *TONE, seconds=1)
        with open_to(settings, {"openai": voice, "runway": film}, "A lamp [moderated later]") as page:
            job = to_the_end(submitted(bob, "ad", provider="runway_ad", urls=[page]))
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "content_rejected", 0)
    assert job.items.get().stage == "filming"
    assert (len(voice.orders), len(film.orders)) == (1, 1)


def test_a_vendor_that_takes_a_part_and_breaks_off_is_not_asked_again(bob: Membership, settings: Any) -> None:
    with (
        openai.serve_speech() as voice,
        runway.serve(looks=1) as film,
        open_to(settings, {"openai": voice, "runway": film}, "A lamp [reset]") as page,
    ):
        job = to_the_end(submitted(bob, "ad", provider="runway_ad", urls=[page]))
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "outcome_unknown", 0)
    assert (len(voice.orders), film.submits) == (1, [])


def test_a_script_that_does_not_fit_is_refused_before_anything_is_ordered(bob: Membership, settings: Any) -> None:
    with heygen.serve() as fake, open_to(settings, {"heygen": fake}) as page:
        script = "This lamp is warm. " * 20
        job = to_the_end(submitted(bob, "ad", provider="heygen_ad", urls=[page], avatar_id="a1", override_script=script))
    assert (job.error_code, job.cost_cents, fake.submits) == ("invalid_request", 0, [])
    assert "27 seconds to say, and the ad has 15" in job.error_message


def test_what_a_part_needs_and_a_missing_key_are_told_at_the_order(bob: Membership, settings: Any) -> None:
    def refused(**fields: Any) -> str:
        order = ORDERS["ad"](data={"urls": ["https://shop.example/lamp"], **fields}, context={"membership": bob})
        assert not order.is_valid()
        return str(order.errors)

    keys = dict.fromkeys(settings.VENDORS, ("https://vendor.example", ""))
    settings.VENDORS = keys
    assert "set OPENAI_API_KEY and RUNWAY_API_KEY" in refused(provider="runway_ad")
    settings.VENDORS = {**keys, "heygen": ("https://vendor.example", "key")}
    assert "HeyGen needs avatar_id" in refused(provider="heygen_ad")


def test_lines_are_timed_by_their_length_and_end_in_the_pauses_that_are_heard() -> None:
    levels = [1.0] * 40 + [0.0] * 10 + [1.0] * 50 + [0.0] * 25
    said = timing.spoken(["Forty and some.", "Fifty and more.", "..."], levels, 25)
    assert [sentence.text for sentence in said] == ["Forty and some.", "Fifty and more."]
    assert said[0].end_seconds == said[1].start_seconds == pytest.approx(1.8, abs=0.1)
    assert (said[0].start_seconds, said[1].end_seconds) == (0.0, 4.0)
