"""Bringing the finished file home: from where, of what kind, how often asked for."""

from typing import Any

import pytest

from creative_hub.models import Asset
from creative_hub.storage.door import door
from jobs.models import Job
from tests.line.test_vendors import clip, configured, ordered, picture, serving, submitted, to_the_end
from tests.providers.fakes import luma
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)

UNWANTED = {
    "a page": b"<!doctype html><html><script>alert(1)</script></html>",
    "a drawing that runs scripts": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "nothing": b"",
    "a picture instead of a clip": picture(),
}


def details(job: Job) -> str:
    return " ".join(event.detail for event in job.events.all())


@pytest.mark.parametrize("provider", ["flux_2_pro", "luma_ray3", "heygen", "runway_gen4", "creatomate"])
def test_a_link_that_expired_is_asked_for_anew_and_nothing_is_ordered_twice(
    provider: str, bob: Membership, settings: Any
) -> None:
    job, fake = ordered(provider, bob, settings, "expired link")
    assert (job.status, job.error_message) == ("completed", "")
    assert [order.looks for order in fake.orders.values()] == [fake.looks + 2]
    assert fake.complaints == []


def test_a_link_that_never_works_fails_the_job_uncharged(bob: Membership, settings: Any) -> None:
    job, fake = ordered("luma_ray3", bob, settings, "dead link")
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "provider_error", 0)
    assert [order.looks for order in fake.orders.values()] == [fake.looks + 2]
    assert "HTTP 403" in details(job)


@pytest.mark.parametrize("sent", UNWANTED)
def test_what_is_not_a_clip_by_its_bytes_is_not_kept(sent: str, bob: Membership, settings: Any) -> None:
    job, _ = ordered("luma_ray3", bob, settings, "ok", UNWANTED[sent])
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "provider_error", 0)
    assert not Asset.objects.exists()


def test_a_file_is_not_fetched_from_a_place_that_is_not_the_vendors(
    bob: Membership, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other server may be reached, and would serve the file: it is only not on the vendor's list."""
    with serving(luma.serve) as elsewhere, serving(luma.serve) as fake, configured(fake, "luma", settings):
        settings.HTTP_ALLOW_PRIVATE = frozenset({fake.address, elsewhere.address})
        door.cache_clear()
        elsewhere.result = clip()
        monkeypatch.setattr(fake, "file_url", lambda order: f"{elsewhere.origin}/files/{order.id}?look=9")
        job = to_the_end(submitted(bob, "video", provider="luma_ray3", prompt="a lamp"))
    assert (job.status, job.error_code, job.cost_cents) == ("failed", "provider_error", 0)
    assert elsewhere.address in details(job)
