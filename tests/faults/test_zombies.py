"""A process that stands still for longer than its lease, and then goes on as if nothing had been."""

import os
import signal
from functools import partial
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from jobs.models import Job, JobEvent
from tests.faults.acts import (
    avatar,
    carried_on,
    fired,
    image,
    leases_run_out,
    pass_time,
    result,
    ringing,
    start,
    until_to_be_fetched,
    until_with_the_vendor,
)
from tests.faults.invariants import check
from tests.processes import Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from tests.providers.fakes.heygen import FakeHeyGen
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def frozen(crew: Stack, name: str, point: str) -> Path:
    """The process stopped at the failpoint. The file, once it exists, lets it pass, when it wakes."""
    gate = crew.folder / "gate"
    start(crew, name, f"{point}=pause:{gate}")
    wait_until(ringing(name, lambda: f"{point} pause" in fired(crew)), what=f"{name} at {point}")
    os.killpg(crew.processes[name].pid, signal.SIGSTOP)
    return gate


def wakes(crew: Stack, name: str, gate: Path) -> None:
    gate.touch()
    os.killpg(crew.processes[name].pid, signal.SIGCONT)


def told(job: Job) -> tuple[int, tuple[str, str]]:
    return JobEvent.objects.filter(job=job).count(), result(job)


def test_f18_a_worker_that_wakes_with_a_reference_after_its_lease_writes_nothing(
    crew: Stack, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    gate = frozen(crew, "io", "before_ref")
    assert carried_on(job, bfl) == ("failed", "outcome_unknown")
    before = told(job)
    wakes(crew, "io", gate)
    wait_until(partial(crew.said, "io", "was taken over"), what="the zombie's attempt to write")
    assert told(job) == before
    check(bfl)


def test_f18_the_same_where_the_work_was_done_meanwhile_under_the_same_key(
    crew: Stack, heygen: FakeHeyGen, bob: Membership
) -> None:
    job = avatar(bob)
    gate = frozen(crew, "io", "before_ref")
    assert carried_on(job, heygen) == ("completed", "")
    before = told(job)
    wakes(crew, "io", gate)
    wait_until(partial(crew.said, "io", "was taken over"), what="the zombie's attempt to write")
    assert told(job) == before
    check(heygen)


def test_f18_a_worker_that_wakes_with_a_download_after_its_lease_stores_nothing_twice(
    crew: Stack, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    gate = frozen(crew, "media", "during_fetch")
    assert carried_on(job, bfl) == ("completed", "")
    before = told(job)
    wakes(crew, "media", gate)
    wait_until(partial(crew.said, "media", "was taken over"), what="the zombie's attempt to write")
    assert told(job) == before
    _, stored = default_storage.listdir(f"results/{job.pk}")
    assert len(stored) == 2, "the picture and its thumbnail"
    check(bfl)


def test_f18_a_poller_that_wakes_with_an_answer_after_the_deadline_changes_nothing(
    crew: Stack, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    until_with_the_vendor(bfl)
    pass_time(seconds=30)
    gate = frozen(crew, "poller", "before_looks_settled")
    pass_time(minutes=31)
    assert carried_on(job, bfl) == ("failed", "provider_timeout")
    before = told(job)
    wakes(crew, "poller", gate)
    crew.processes["poller"].terminate()
    assert crew.processes["poller"].wait(30) == 0
    assert told(job) == before
    leases_run_out()
    check(bfl)
