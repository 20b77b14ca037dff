"""F25, on a disk: a storage that is full, closed, or keeps only half of what it is given. Nothing is charged unseen."""

import errno
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, default_storage

from creative_hub.models import Asset
from jobs import clock, sweeper
from jobs.models import CreditAccount, ItemRun, Job, UnknownOutcome
from tests.faults.acts import all_ended, finish, image, pass_time, result, until_to_be_fetched, work
from tests.faults.invariants import check
from tests.line.test_vendors import configured, sound, submitted
from tests.providers.fakes import elevenlabs
from tests.providers.fakes.bfl import FakeBfl
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


class FullDisk(FileSystemStorage):
    """Takes the first half of a file, and then there is no space left."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        super()._save(name, ContentFile(content.read()[:100]))  # type: ignore[misc]
        raise OSError(errno.ENOSPC, "No space left on device")


class Closed(FileSystemStorage):
    """Lets nobody write."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        raise PermissionError(errno.EACCES, "Permission denied")


class Forgetful(FileSystemStorage):
    """Says that it kept everything, and kept the half of it."""

    def _save(self, name: str, content: "File[bytes]") -> str:
        return str(super()._save(name, ContentFile(content.read()[:100])))  # type: ignore[misc]


class Unreadable(FileSystemStorage):
    """Keeps what it is given, and cannot give it back."""

    def _open(self, name: str, mode: str = "rb") -> "File[bytes]":
        raise OSError(errno.EIO, "Input/output error")


Become = Callable[[type[FileSystemStorage]], None]


@pytest.fixture
def storage(settings: Any) -> Become:
    def become(kind: type[FileSystemStorage]) -> None:
        backend = f"{kind.__module__}.{kind.__qualname__}"
        settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "BACKEND": backend}}

    return become


def standing(job: Job) -> tuple[tuple[str, str], int, int]:
    """How the job ended, what the team was charged, and how many files the library has."""
    return result(job), 1000 - CreditAccount.objects.get(team=job.team).posted_cents, Asset.objects.count()


def close_to_the_deadline() -> None:
    """There is no time left for the longer waits."""
    pass_time(minutes=27)
    work("media")
    finish()


@pytest.mark.parametrize("trouble", [FullDisk, Closed, Unreadable])
def test_f25_a_storage_that_recovers_costs_time_only(
    trouble: type[FileSystemStorage], storage: Become, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    storage(trouble)
    for _ in range(3):
        work("media")
    assert standing(job) == (("processing", ""), 0, 0)
    storage(FileSystemStorage)
    finish()
    assert standing(job) == (("completed", ""), job.cost_cents, 1)
    assert len(bfl.submits) == 1
    check(bfl)


@pytest.mark.parametrize("trouble", [FullDisk, Closed, Unreadable, Forgetful])
def test_f25_a_storage_that_stays_so_fails_the_job_uncharged(
    trouble: type[FileSystemStorage], storage: Become, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    storage(trouble)
    close_to_the_deadline()
    assert standing(job) == (("failed", "storage_error"), 0, 0)
    assert UnknownOutcome.objects.get().job == job  # the vendor has made it: a person may still file it
    check(bfl)


def test_f25_a_storage_that_is_away_for_twenty_minutes_is_waited_for(storage: Become, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    storage(Closed)
    waits: list[float] = []
    while sum(waits) < 20 * 60:
        work("media")
        wake_at = ItemRun.objects.get().wake_at
        assert wake_at
        waits.append((wake_at - clock.now()).total_seconds())
        pass_time(seconds=waits[-1])
        sweeper.sweep()
    assert standing(job) == (("processing", ""), 0, 0)
    assert [round(wait) for wait in waits[:8]] == [2, 5, 15, 30, 60, 120, 240, 240]
    storage(FileSystemStorage)
    finish()
    assert standing(job) == (("completed", ""), job.cost_cents, 1)
    assert len(bfl.submits) == 1
    check(bfl)


def test_f25_an_answer_that_is_the_file_waits_for_the_storage_too(storage: Become, settings: Any, bob: Membership) -> None:
    """The vendor gives it once."""
    with elevenlabs.serve() as fake, configured(fake, "elevenlabs", settings):
        fake.result = sound()
        storage(Closed)
        job = submitted(bob, "tts", provider="elevenlabs", text="Hello", voice_id="v1")
        for _ in range(3):
            work()
        assert standing(job) == (("processing", ""), 0, 0)
        storage(FileSystemStorage)
        finish()
    assert standing(job) == (("completed", ""), job.cost_cents, 1)
    assert len(fake.submits) == 1
    with default_storage.open(str(Asset.objects.get().file)) as stored:
        assert stored.read() == fake.result
    check(fake)


def test_f25_a_half_file_that_a_full_disk_left_is_replaced(storage: Become, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    storage(FullDisk)
    work("media")
    (half,) = default_storage.listdir(f"results/{job.pk}")[1]
    assert default_storage.size(f"results/{job.pk}/{half}") == 100
    storage(FileSystemStorage)
    finish()
    assert standing(job) == (("completed", ""), job.cost_cents, 1)
    assert default_storage.size(f"results/{job.pk}/{half}") == len(bfl.result)
    check(bfl)


def test_f25_at_the_deadline_it_fails_uncharged(storage: Become, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    storage(Closed)
    work("media")
    assert not all_ended()
    pass_time(minutes=31)
    sweeper.sweep()
    storage(FileSystemStorage)
    finish()
    assert standing(job) == (("failed", "provider_timeout"), 0, 0)
    check(bfl)
