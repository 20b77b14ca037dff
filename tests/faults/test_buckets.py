"""F25, in a bucket: errors, refusals, silence and half a file. Time is lost, never money, and the timeline gives nothing away."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.config import Config
from django.core.files.storage import default_storage

from jobs.models import Job
from tests.faults.acts import finish, image, until_to_be_fetched, work
from tests.faults.invariants import check
from tests.faults.test_storage import close_to_the_deadline, standing
from tests.providers.fakes.bfl import FakeBfl
from tests.storage.conftest import bucket_at, made
from tests.storage.relay import Relay, relaying
from wevion import s3
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)

QUICK = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=1,
    read_timeout=0.3,
    retries={"mode": "standard", "total_max_attempts": 1},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@pytest.fixture
def relay(s3_server: str, settings: Any) -> Iterator[Relay]:
    """The way to the bucket that is the default storage, with a client that soon loses its patience."""
    with made(s3_server), relaying(s3_server) as relay:
        found = s3.storages(bucket_at(relay.url))
        found["default"]["OPTIONS"]["client_config"] = QUICK
        settings.STORAGES = {**settings.STORAGES, **found}
        yield relay
        relay.trouble = ""


def timeline(job: Job) -> str:
    return "\n".join(f"{event.note} {event.detail}" for event in job.events.all())


@pytest.mark.parametrize("trouble", ["error", "denied", "hang"])
def test_f25_a_bucket_that_recovers_costs_time_only(trouble: str, relay: Relay, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    relay.trouble = trouble
    for _ in range(2):
        work("media")
    assert standing(job) == (("processing", ""), 0, 0)
    assert "storing: " in timeline(job)
    assert "10.0.0.5" not in timeline(job)
    assert relay.address not in timeline(job)
    relay.trouble = ""
    finish()
    assert standing(job) == (("completed", ""), job.cost_cents, 1)
    assert len(bfl.submits) == 1
    check(bfl)


@pytest.mark.parametrize("trouble", ["slow down", "denied", "reset"])
def test_f25_a_bucket_that_stays_so_fails_the_job_uncharged(trouble: str, relay: Relay, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    relay.trouble = trouble
    close_to_the_deadline()
    assert standing(job) == (("failed", "storage_error"), 0, 0)
    relay.trouble = ""
    check(bfl)


def test_f25_a_bucket_that_kept_half_a_file_fails_the_job_and_the_half_is_removed(
    relay: Relay, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    relay.trouble = "half"
    finish()
    assert standing(job) == (("failed", "storage_error"), 0, 0)
    relay.trouble = ""
    assert default_storage.listdir(f"results/{job.pk}")[1] == []
    check(bfl)


def test_f25_a_bucket_that_fails_while_it_is_read_back_is_asked_again(relay: Relay, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    work("media")
    job.refresh_from_db()
    relay.trouble = "error"
    work("media")
    relay.trouble = ""
    finish()
    assert standing(job) == (("completed", ""), job.cost_cents, 1)
    check(bfl)
