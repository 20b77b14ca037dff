"""A provider's callback is a nudge to look, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from jobs import admission, callbacks, clock, runner, submission
from jobs.models import Item, ItemRun
from tests.engine.workshop import order
from wevion.accounts.models import Membership


@pytest.fixture
def address(bob: Membership, settings: Any) -> str:
    """The path of an item that waits an hour for its next look."""
    settings.SITE_URL = "https://hub.example.com"
    submission.submit(bob, order("polled"))
    admission.admit()
    runner.advance("io")
    ItemRun.objects.update(wake_at=clock.now() + timedelta(hours=1))
    return callbacks.address(Item.objects.get().pk).removeprefix(settings.SITE_URL)


def is_due() -> bool:
    return ItemRun.objects.filter(wake_at__lte=clock.now()).exists()


def test_a_callback_lets_the_poller_look_at_once_whatever_it_says(address: str, client: Client) -> None:
    assert client.post(address, b"<not json>", content_type="application/json").status_code == 204
    assert is_due()
    assert Item.objects.get().status == "processing", "the truth stays with the look"


def test_the_same_callback_ten_times_does_no_more(address: str, client: Client) -> None:
    before = ItemRun.objects.get().attempt
    for _ in range(10):
        assert client.post(address).status_code == 204
    assert ItemRun.objects.get().attempt == before


def test_a_forged_callback_is_not_found_and_nudges_nobody(address: str, client: Client) -> None:
    assert client.post(address[:-3] + "abc").status_code == 404
    assert client.post(f"/hooks/{Item.objects.get().pk}").status_code == 404
    assert not is_due()


def test_a_callback_after_the_end_is_harmless(address: str, client: Client) -> None:
    ItemRun.objects.all().delete()
    assert client.post(address).status_code == 204


def test_a_callback_before_the_submit_was_answered_changes_nothing(bob: Membership, settings: Any, client: Client) -> None:
    settings.SITE_URL = "https://hub.example.com"
    submission.submit(bob, order("polled"))
    path = callbacks.address(Item.objects.get().pk).removeprefix(settings.SITE_URL)
    assert client.post(path).status_code == 204
    assert ItemRun.objects.get().wake_at is None


def test_without_a_public_address_no_provider_is_told_one(settings: Any) -> None:
    settings.SITE_URL = "http://127.0.0.1:8000"
    assert callbacks.address(1) == ""
