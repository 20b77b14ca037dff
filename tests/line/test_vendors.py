"""A vendor's job through the whole engine: submitted by a worker, looked in on by the poller, fetched, stored, charged."""

import asyncio
import io
import subprocess
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from PIL import Image

from creative_hub.models import Asset
from creative_hub.orders import ORDERS
from creative_hub.providers.local.ffmpeg import ffmpeg_path
from creative_hub.storage.door import door
from jobs import admission, clock, poller, runner, submission
from jobs.models import ItemRun, Job, Lane
from tests.processes import wait_until
from tests.providers.fakes import bfl, elevenlabs, heygen, luma
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


def to_the_end(job: Job) -> Job:
    """Works as the two Celery lanes would, until the job has ended."""

    def ended() -> bool:
        admission.admit()
        ItemRun.objects.filter(lane=Lane.POLL, lease_until=None).update(wake_at=clock.now())  # no waiting between looks
        runner.advance("io")
        runner.advance("media")
        job.refresh_from_db()
        return not job.is_active

    with polling():
        wait_until(ended, 60, f"the end of {job}")
    return job


def submitted(member: Membership, job_type: str, **fields: Any) -> Job:
    order = ORDERS[job_type](data=fields, context={"membership": member})
    order.is_valid(raise_exception=True)
    return submission.submit(member, order.order())


CASES: dict[str, tuple[Any, str, str, dict[str, str], Any]] = {
    "flux_2_pro": (bfl, "bfl", "image", {"prompt": "a lamp"}, picture),
    "luma_ray3": (luma, "luma", "video", {"prompt": "a lamp"}, clip),
    "heygen": (heygen, "heygen", "avatar", {"script": "Hello", "avatar_id": "a1", "voice_id": "v1"}, clip),
    "elevenlabs": (elevenlabs, "elevenlabs", "tts", {"text": "Hello", "voice_id": "v1"}, sound),
}


def serving(module: Any) -> AbstractContextManager[FakeVendor]:
    found: AbstractContextManager[FakeVendor] = module.serve(looks=1)
    return found


@pytest.mark.parametrize("provider", CASES)
def test_a_vendors_work_is_ordered_once_fetched_stored_and_charged(provider: str, bob: Membership, settings: Any) -> None:
    module, name, job_type, fields, result = CASES[provider]
    with serving(module) as fake, configured(fake, name, settings):
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
    with serving(bfl) as fake, configured(fake, "bfl", settings):
        job = to_the_end(submitted(bob, "image", provider="flux_2_pro", prompt=f"a lamp [{case}]"))
    bob.team.credit.refresh_from_db()
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "content_rejected", 0)
    assert (bob.team.credit.posted_cents, bob.team.credit.held_cents) == (1000, 0)


def test_a_vendor_that_takes_the_order_and_breaks_off_is_not_asked_again(bob: Membership, settings: Any) -> None:
    with serving(bfl) as fake, configured(fake, "bfl", settings):
        job = to_the_end(submitted(bob, "image", provider="flux_2_pro", prompt="a lamp [reset]"))
    assert (job.status, job.error_code, len(fake.orders)) == ("failed", "outcome_unknown", 1)


def test_a_vendor_without_a_key_cannot_be_chosen(bob: Membership) -> None:
    order = ORDERS["image"](data={"prompt": "a lamp", "provider": "flux_2_pro"}, context={"membership": bob})
    assert not order.is_valid()
    assert "BFL_API_KEY" in str(order.errors["provider"][0])


def test_the_key_never_reaches_a_row_or_the_timeline(bob: Membership, settings: Any) -> None:
    with serving(bfl) as fake, configured(fake, "bfl", settings):
        to_the_end(submitted(bob, "image", provider="flux_2_pro", prompt="a lamp [server error]"))
        secret = fake.account.api_key
    with connection.cursor() as cursor:
        for table in ("jobs_job", "jobs_item", "jobs_itemrun", "jobs_jobevent"):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"])  # noqa: S608
            assert cursor.fetchone()[0] == 0
