"""HeyGen's idempotency key, against its server: an unanswered submit may be repeated, and is paid once."""

import dataclasses
from collections.abc import Iterator

import pytest

from creative_hub.providers import heygen
from creative_hub.providers.ports import Brief, ProviderError
from tests.providers.fakes import heygen as fake_heygen
from tests.providers.fakes import script
from wevion.http.blocking import BlockingDoor
from wevion.http.errors import TimedOut
from wevion.http.messages import Response


@pytest.fixture
def studio() -> Iterator[tuple[fake_heygen.FakeHeyGen, BlockingDoor]]:
    with fake_heygen.serve() as fake:
        door = BlockingDoor(allow=frozenset({fake.address}))
        yield fake, door
        door.close()


def film(fake: fake_heygen.FakeHeyGen, door: BlockingDoor, case: str, key: str, timeout_seconds: float = 10) -> Response:
    brief = Brief("avatar", f"Hello [{case}]", {"avatar_id": "anna"})
    request = heygen.VENDOR.submit_request(fake.account, brief, key)
    return door.send(dataclasses.replace(request, timeout_seconds=timeout_seconds))


def test_repeating_an_unanswered_submit_with_its_key_is_paid_once(studio: tuple[fake_heygen.FakeHeyGen, BlockingDoor]) -> None:
    fake, door = studio
    first, second = (heygen.VENDOR.read_submit(film(fake, door, script.OK, "key-1")) for _ in range(2))
    assert first == second
    assert len(fake.orders) == 1
    heygen.VENDOR.read_submit(film(fake, door, script.OK, "key-2"))
    assert len(fake.orders) == 2


def test_repeating_while_the_first_is_still_taken_in_says_to_come_back(
    studio: tuple[fake_heygen.FakeHeyGen, BlockingDoor],
) -> None:
    fake, door = studio
    with pytest.raises(TimedOut):
        film(fake, door, script.HANG, "key-1", timeout_seconds=0.3)
    with pytest.raises(ProviderError) as caught:
        heygen.VENDOR.read_submit(film(fake, door, script.HANG, "key-1"))
    error = caught.value
    assert (error.retryable, error.accepted, error.retry_after_seconds) == (True, True, heygen.VENDOR.poll_seconds)
    assert len(fake.orders) == 1
