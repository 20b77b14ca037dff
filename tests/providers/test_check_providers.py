"""manage.py check_providers: what operators read, and what their monitoring sees."""

from collections.abc import Iterator
from contextlib import ExitStack
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from creative_hub.catalog import CATALOG
from creative_hub.storage.door import door
from tests.http.servers import closed_port
from tests.providers.fakes import bfl, creatomate, elevenlabs, heygen, luma, openai, runway
from tests.providers.fakes.server import FakeVendor

SERVERS: dict[str, Any] = {
    "bfl": bfl.serve,
    "luma": luma.serve,
    "heygen": heygen.serve,
    "elevenlabs": elevenlabs.serve,
    "openai": openai.serve_images,
    "runway": runway.serve,
    "creatomate": creatomate.serve,
}


@pytest.fixture
def fakes(settings: Any) -> Iterator[dict[str, FakeVendor]]:
    """All vendors, configured and reachable."""
    with ExitStack() as stack:
        fakes = {name: stack.enter_context(serve()) for name, serve in SERVERS.items()}
        settings.VENDORS = {name: (fake.account.base_url, fake.api_key) for name, fake in fakes.items()}
        settings.VENDOR_MODELS = {"gpt_image_1_5": "image-9", "openai_tts": "speech-9"}  # no day ends these
        settings.HTTP_ALLOW_PRIVATE = frozenset(fake.address for fake in fakes.values())
        door.cache_clear()
        yield fakes
        door().close()
        door.cache_clear()


def told() -> tuple[dict[str, str], str]:
    """What it says of each provider, and the error that it ends with."""
    out = StringIO()
    error = ""
    try:
        call_command("check_providers", stdout=out)
    except CommandError as raised:
        error = str(raised)
    return dict(line.split(maxsplit=1) for line in out.getvalue().splitlines()), error


def test_every_provider_is_asked_for_nothing_but_its_opinion_of_the_key(fakes: dict[str, FakeVendor]) -> None:
    said, error = told()
    assert (list(said), error) == ([row.slug for row in CATALOG], "")
    assert all("takes the key" in said[row.slug] for row in CATALOG if row.vendor and not row.parts)
    assert all("is made with" in said[row.slug] for row in CATALOG if row.parts)
    assert "41.2 usd left" in said["heygen"]
    assert "712.5 credits left" in said["flux_2_pro"]
    assert "ends this model on 2026-12-01" in said["gpt_image_1_5"]
    assert all(fake.submits == [] and fake.complaints == [] for fake in fakes.values())


def test_a_refused_key_fails_the_check_and_is_not_printed(fakes: dict[str, FakeVendor], settings: Any) -> None:
    settings.VENDORS = settings.VENDORS | {"runway": (fakes["runway"].account.base_url, "wrong-key-0815")}
    said, error = told()
    assert said["runway_gen4"].startswith("refuses our key")
    assert error == "Not usable: runway_gen4."
    assert "0815" not in str(said)


def test_a_vendor_that_does_not_answer_fails_the_check(fakes: dict[str, FakeVendor], settings: Any) -> None:
    address = closed_port()
    settings.HTTP_ALLOW_PRIVATE |= {address}
    settings.VENDORS = settings.VENDORS | {"luma": (f"http://{address}/v1", "key")}
    door.cache_clear()
    said, error = told()
    assert "does not answer" in said["luma_ray3"]
    assert error == "Not usable: luma_ray3."


def test_without_keys_all_is_well_and_each_vendor_names_its_variable(settings: Any) -> None:
    settings.VENDORS = {name: (base_url, "") for name, (base_url, _) in settings.VENDORS.items()}
    said, error = told()
    assert (said["gpt_image_1_5"], error) == ("not configured: set OPENAI_API_KEY", "")
