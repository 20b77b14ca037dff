"""F29: new code rolls out while jobs run. F30: everything runs twice."""

from functools import partial
from typing import Any

import pytest
from django.db import connection

from jobs import admission, sweeper
from jobs.models import ItemRun, JobEvent
from tests.faults.acts import finish, image, pass_time, result, ringing, start, until_with_the_vendor
from tests.faults.invariants import check
from tests.line.test_vendors import polling, submitted
from tests.processes import START_SECONDS, Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from tests.threads import at_once
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def test_f29_processes_told_to_end_give_back_what_they_hold_and_no_job_fails(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    """SIGTERM to all in the middle of the work; none leaves a lease behind, and new ones go on."""
    names = ("io", "media", "poller")
    for name in names:
        start(crew, name)
    for name in ("io", "media"):
        wait_until(partial(crew.said, name, "ready."), START_SECONDS, f"the {name} worker")
    speech = submitted(bob, "tts", text="Hello there. " * 60)
    pictures = [image(bob, f"lamp {number}") for number in range(3)]
    wait_until(lambda: ItemRun.objects.exclude(lease_until=None).exists() and bfl.submits, 30, "work in hand")
    for name in names:
        crew.processes[name].terminate()
    assert {name: crew.processes[name].wait(40) for name in names} == dict.fromkeys(names, 0)
    assert not ItemRun.objects.exclude(lease_until=None).exists()
    assert not ItemRun.objects.filter(crashes__gt=0).exists()
    finish()
    assert {result(job) for job in (speech, *pictures)} == {("completed", "")}
    assert len(bfl.submits) == 3
    check(bfl)


def test_f29_old_code_works_on_while_a_migration_adds_columns(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    """A process that was started before the migration names its columns, and so does not see the new ones."""
    start(crew, "io")
    wait_until(partial(crew.said, "io", "ready."), START_SECONDS, "the worker")
    first = image(bob, "before")
    wait_until(ringing("io", lambda: len(bfl.submits) == 1), 30, "the first order")
    tables = ("jobs_job", "jobs_item", "jobs_itemrun")
    try:
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ADD COLUMN new_code_only integer NOT NULL DEFAULT 0")
        second = image(bob, "after")
        admission.admit()
        wait_until(ringing("io", lambda: len(bfl.submits) == 2), 30, "the second order")
        finish()
        assert [result(first), result(second)] == [("completed", "")] * 2
        check(bfl)
    finally:
        crew.stop()
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS new_code_only")


def test_f30_two_pollers_share_the_work(bfl: FakeBfl, bob: Membership) -> None:
    jobs = [image(bob, f"lamp {number}") for number in range(4)]
    with polling():
        finish()  # with a poller of its own
    assert {result(job) for job in jobs} == {("completed", "")}
    assert len(bfl.submits) == 4
    check(bfl)


def test_f30_sweepers_at_the_same_time_end_each_job_once(bfl: FakeBfl, bob: Membership) -> None:
    jobs = [image(bob, f"lamp {number}") for number in range(4)]
    until_with_the_vendor(bfl, orders=4)
    pass_time(minutes=31)
    at_once(4, sweeper.sweep)
    sweeper.sweep()
    assert {result(job) for job in jobs} == {("failed", "provider_timeout")}
    assert JobEvent.objects.filter(to_status="failed").count() == 4
    check(bfl)


def test_f30_admissions_at_the_same_time_respect_the_slots(bob: Membership, bfl: FakeBfl, settings: Any) -> None:
    settings.TEAM_SLOTS = 2
    for number in range(6):
        image(bob, f"lamp {number}")
    ItemRun.objects.update(wake_at=None)  # the submits have admitted already
    assert sorted(at_once(6, admission.admit), key=str) == [0, 0, 0, 0, 0, 2]
    assert ItemRun.objects.exclude(wake_at=None).count() == 2
    finish()
    assert len(bfl.submits) == 6
    check(bfl)
