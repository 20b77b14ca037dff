"""A vendor's job through the whole engine: submitted by a worker, looked in on by the poller, fetched, stored, charged."""

import asyncio
import base64
import dataclasses
import io
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from creative_hub import catalog
from creative_hub.models import Asset, Folder
from creative_hub.orders import ORDERS
from creative_hub.providers.local.ffmpeg import ffmpeg_path
from creative_hub.storage.door import door
from jobs import admission, clock, poller, runner, submission
from jobs.models import ItemRun, Job, Lane
from tests.processes import wait_until
from tests.providers.fakes import bfl, creatomate, elevenlabs, heygen, luma, openai, runway
from tests.providers.fakes.server import FakeVendor
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def picture() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, "JPEG")
    return out.getvalue()


def made(*arguments: str) -> bytes:
    """A second of media from ffmpeg's own test sources."""
    command = [ffmpeg_path(), "-loglevel", "error", *arguments, "-movflags", "frag_keyframe+empty_moov", "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def clip() -> bytes:
    return made("-f", "lavfi", "-i", "testsrc=d=1:s=320x180:r=10", "-pix_fmt", "yuv420p", "-f", "mp4")


def sound() -> bytes:
    command = [ffmpeg_path(), "-loglevel", "error", "-f", "lavfi", "-i", "sine=d=1", "-f", "mp3", "pipe:1"]
    return subprocess.run(command, check=True, capture_output=True).stdout


@contextmanager
def configured(fake: FakeVendor, name: str, settings: Any) -> Iterator[None]:
    """The vendor's key and address in the settings, and the door open to it alone."""
    settings.VENDORS = {**settings.VENDORS, name: (fake.account.base_url, fake.account.api_key)}
    settings.VENDOR_MODELS = {}  # the adapters' own, whatever the day
    settings.HTTP_ALLOW_PRIVATE = frozenset({fake.address})
    door.cache_clear()
    yield
    door().close()
    door.cache_clear()


@contextmanager
def polling() -> Iterator[None]:
    """The poller, in a thread of this process."""
    stop = asyncio.Event()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=lambda: loop.run_until_complete(poller.run(stop)))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def to_the_end(job: Job, seconds: float = 60) -> Job:
    """Works as the two Celery lanes would, until the job has ended."""

    def ended() -> bool:
        admission.admit()
        ItemRun.objects.filter(lane=Lane.POLL, lease_until=None).update(wake_at=clock.now())  # no waiting between looks
        runner.advance("io")
        runner.advance("media")
        job.refresh_from_db()
        return not job.is_active

    with polling():
        wait_until(ended, seconds, f"the end of {job}")
    return job


def submitted(member: Membership, job_type: str, **fields: Any) -> Job:
    order = ORDERS[job_type](data=fields, context={"membership": member})
    order.is_valid(raise_exception=True)
    return submission.submit(member, order.order())


CASES: dict[str, tuple[Any, str, str, dict[str, str], Any]] = {
    "flux_2_pro": (bfl.serve, "bfl", "image", {"prompt": "a lamp"}, picture),
    "luma_ray3": (luma.serve, "luma", "video", {"prompt": "a lamp"}, clip),
    "heygen": (heygen.serve, "heygen", "avatar", {"script": "Hello", "avatar_id": "a1", "voice_id": "v1"}, clip),
    "elevenlabs": (elevenlabs.serve, "elevenlabs", "tts", {"text": "Hello", "voice_id": "v1"}, sound),
    "gpt_image_1_5": (openai.serve_images, "openai", "image", {"prompt": "a lamp"}, picture),
    "openai_tts": (openai.serve_speech, "openai", "tts", {"text": "Hello", "voice_id": "marin"}, sound),
    "runway_gen4": (runway.serve, "runway", "video", {"prompt": "a lamp"}, clip),
    "creatomate": (creatomate.serve, "creatomate", "composite", {"headline_text": "A lamp", "template_id": "t-1"}, clip),
}
TEXTS = {"image": "prompt", "video": "prompt", "avatar": "script", "tts": "text", "composite": "headline_text"}


def serving(serve: Any) -> AbstractContextManager[FakeVendor]:
    found: AbstractContextManager[FakeVendor] = serve(looks=1)
    return found


def ordered(provider: str, member: Membership, settings: Any, case: str, result: bytes | None = None) -> tuple[Job, FakeVendor]:
    """A job of the provider, with the case in its text, taken to its end."""
    serve, name, job_type, fields, made = CASES[provider]
    text = {TEXTS[job_type]: f"a lamp [{case}]"}
    with serving(serve) as fake, configured(fake, name, settings):
        fake.result = made() if result is None else result
        return to_the_end(submitted(member, job_type, provider=provider, **{**fields, **text})), fake


@pytest.mark.parametrize("provider", CASES)
def test_a_vendors_work_is_ordered_once_fetched_stored_and_charged(provider: str, bob: Membership, settings: Any) -> None:
    serve, name, job_type, fields, result = CASES[provider]
    with serving(serve) as fake, configured(fake, name, settings):
        fake.result = result()
        job = to_the_end(submitted(bob, job_type, provider=provider, **fields))
    assert (job.status, job.error_message) == ("completed", "")
    assert job.cost_cents == job.estimated_cost_cents > 0
    assert len(fake.orders) == 1
    assert fake.complaints == []
    asset = Asset.objects.get(item__job=job)
    assert default_storage.open(str(asset.file)).read() == fake.result
    assert asset.thumbnail


@pytest.mark.parametrize("case", ["moderated", "moderated later"])
def test_what_the_vendor_refuses_fails_uncharged_with_a_remedy(case: str, bob: Membership, settings: Any) -> None:
    job, _ = ordered("flux_2_pro", bob, settings, case)
    bob.team.credit.refresh_from_db()
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "content_rejected", 0)
    assert (bob.team.credit.posted_cents, bob.team.credit.held_cents) == (1000, 0)


def test_a_vendor_that_takes_the_order_and_breaks_off_is_not_asked_again(bob: Membership, settings: Any) -> None:
    job, fake = ordered("flux_2_pro", bob, settings, "reset")
    assert (job.status, job.error_code, len(fake.orders)) == ("failed", "outcome_unknown", 1)


STORY = {
    "prompt": "Mia's day",
    "characters": [{"name": "Mia", "appearance": "red curls"}, {"name": "Rex", "appearance": "a dog"}],
    "scenes": ["Mia wakes up.", "A wide meadow with Rex in it.", "Mia runs with Rex."],
}


@pytest.mark.parametrize(("provider", "cents"), [("flux_2_pro", [4, 4, 7]), ("gpt_image_1_5", [5, 5, 5])])
def test_a_story_is_ordered_scene_by_scene_with_the_pictures_that_show_its_characters(
    provider: str, cents: list[int], bob: Membership, settings: Any
) -> None:
    serve, name, *_ = CASES[provider]
    with serving(serve) as fake, configured(fake, name, settings):
        fake.result = picture()
        job = to_the_end(submitted(bob, "story", provider=f"{provider}_story", **STORY))
    assert (job.status, job.error_message, len(fake.orders)) == ("completed", "", 3)
    assert fake.complaints == []
    seen = [str(order).count(base64.b64encode(fake.result).decode()) for order in fake.submits]
    assert seen == [0, 0, 2]
    assert "the given pictures" in fake.submits[2]["prompt"]
    assert [item.cost_cents for item in job.items_in_order()] == cents
    assert Asset.objects.filter(item__job=job).count() == 3


def test_a_vendor_without_a_key_cannot_be_chosen(bob: Membership, settings: Any) -> None:
    settings.VENDORS = {name: (base_url, "") for name, (base_url, _) in settings.VENDORS.items()}
    for provider, (_, name, job_type, fields, _) in CASES.items():
        order = ORDERS[job_type](data={**fields, "provider": provider}, context={"membership": bob})
        assert not order.is_valid()
        assert f"set {name.upper()}_API_KEY" in str(order.errors["provider"][0])


def test_a_model_that_its_vendor_has_ended_cannot_be_chosen_until_another_is_named(settings: Any) -> None:
    settings.VENDORS = {**settings.VENDORS, "openai": ("https://api.openai.com/v1", "key")}
    settings.VENDOR_MODELS = {"openai_tts": "tts-1"}
    row = dataclasses.replace(catalog.model("openai_tts"), ends={"tts-1": "2026-01-06"})
    assert row.unavailable == "no longer offered by its vendor since 2026-01-06"
    settings.VENDOR_MODELS = {"openai_tts": "tts-9"}
    assert row.unavailable == ""


def test_what_the_adapter_cannot_express_is_refused_before_a_job_is_made(bob: Membership, settings: Any) -> None:
    settings.VENDORS = {**settings.VENDORS, "runway": ("https://api.dev.runwayml.com", "key")}
    order = ORDERS["video"](
        data={"prompt": "a lamp", "provider": "runway_gen4", "aspect_ratio": "1:1"}, context={"membership": bob}
    )
    assert not order.is_valid()
    assert "16:9 or 9:16" in str(order.errors["aspect_ratio"][0])


def in_library(member: Membership) -> Asset:
    """A picture of the member's."""
    where = {"team": member.team, "owner": member.user, "folder": Folder.objects.root_of(member.user, member.team)}
    return Asset.objects.create(**where, name="a.png", file="a.png", kind="image", mime="image/png", bytes=1, sha256="0" * 64)


def test_a_file_of_the_library_needs_a_public_address_for_the_vendor_to_fetch_it(bob: Membership, settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    asset = in_library(bob)
    with serving(runway.serve) as fake, configured(fake, "runway", settings):
        job = to_the_end(submitted(bob, "video", provider="runway_gen4", prompt="a lamp", image_url=str(asset.pk)))
    assert (job.error_code, job.cost_cents, fake.submits) == ("invalid_request", 0, [])
    assert "image_url" in job.error_message


def test_a_file_of_the_library_is_handed_to_the_vendor_as_a_signed_link(bob: Membership, settings: Any) -> None:
    settings.SITE_URL = "https://hub.example.com"
    asset = in_library(bob)
    with serving(runway.serve) as fake, configured(fake, "runway", settings):
        fake.result = clip()
        job = to_the_end(submitted(bob, "video", provider="runway_gen4", prompt="a lamp", image_url=str(asset.pk)))
    assert job.status == "completed"
    assert fake.submits[0]["promptImage"].startswith("https://hub.example.com/")
