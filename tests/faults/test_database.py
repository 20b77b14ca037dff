"""F20, F21: the database breaks off, refuses, or takes a commit and never says so."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from rest_framework.test import APIClient

from jobs import runner
from jobs.models import Item, ItemRun, Job
from tests.api.calling import BASE, error_of, standing
from tests.api.relay import Relay
from tests.conftest import redis_url
from tests.faults.acts import (
    all_ended,
    carried_on,
    fired,
    image,
    result,
    ringing,
    start,
    until_to_be_fetched,
)
from tests.faults.invariants import check
from tests.processes import START_SECONDS, Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def execute(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def terminate_others() -> None:
    """What a restart of the server does to everybody else's connections."""
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


@contextmanager
def terminated() -> Iterator[None]:
    terminate_others()
    yield


def alter_database(change: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {connection.ops.quote_name(connection.settings_dict['NAME'])} {change}")


@contextmanager
def without_connections() -> Iterator[None]:
    """No connection can be had, as when all are taken."""
    alter_database("ALLOW_CONNECTIONS false")
    try:
        terminate_others()
        yield
    finally:
        alter_database("ALLOW_CONNECTIONS true")


@contextmanager
def read_only() -> Iterator[None]:
    """Connections lead to a server that takes no writes, until they are cut again."""
    alter_database("SET default_transaction_read_only = on")
    try:
        terminate_others()
        yield
    finally:
        alter_database("RESET default_transaction_read_only")
        terminate_others()


@contextmanager
def another_session() -> Iterator[Any]:
    """A cursor of a second connection, in a transaction that ends with the block."""
    other = connection.copy()
    other.set_autocommit(False)
    try:
        with other.cursor() as cursor:
            yield cursor
        other.rollback()
    finally:
        other.close()


def says_more(crew: Stack, lines: int) -> bool:
    return crew.log("poller").count("\n") > lines


def test_f20_workers_and_poller_come_back_by_themselves(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    def ended() -> bool:
        runner.advance("media")
        return all_ended()

    for name in ("io", "poller"):
        start(crew, name)
    wait_until(partial(crew.said, "io", "ready."), START_SECONDS, "the worker")
    image(bob, "before")
    wait_until(ended, 60, "the first job's end")
    for fault in (terminated, without_connections, read_only):
        said = crew.log("poller").count("\n")
        with fault():
            if fault is not terminated:
                wait_until(partial(says_more, crew, said), 30, f"the poller to notice {fault.__name__}")
        image(bob, f"after it was {fault.__name__}")
        wait_until(ended, 90, f"the end of the job after {fault.__name__}")
    assert set(Job.objects.values_list("status", flat=True)) == {"completed"}
    assert len(bfl.submits) == 4
    check(bfl)


def test_f20_a_submit_that_cannot_have_the_account_is_told_to_come_back(
    bfl: FakeBfl, bob: Membership, key_of: Callable[[Membership], str]
) -> None:
    client = APIClient(headers={"x-api-key": key_of(bob)})
    before = standing()
    execute("SET lock_timeout = '300ms'")
    with another_session() as other:
        other.execute("SELECT * FROM jobs_creditaccount FOR UPDATE")
        answer = client.post(f"{BASE}/image", {"prompt": "a lamp", "provider": "flux_2_pro"}, format="json")
    execute("RESET lock_timeout")
    error_of(answer, 503, "unavailable")
    assert answer["Retry-After"] == "5"
    assert standing() == before
    check(bfl)


def test_f20_an_end_that_cannot_have_the_account_is_written_later(bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    execute("SET lock_timeout = '300ms'")
    with another_session() as other:
        other.execute("SELECT * FROM jobs_creditaccount FOR UPDATE")
        with pytest.raises(OperationalError):
            runner.advance("media")
    execute("RESET lock_timeout")
    assert result(job) == ("processing", "")
    assert carried_on(job, bfl) == ("completed", "")
    assert len(bfl.submits) == 1


def test_f20_a_deadlock_costs_one_of_the_two_its_turn_and_nobody_a_cent(bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    broken: list[Exception] = []

    def finishing() -> None:
        try:
            runner.advance("media")
        except OperationalError as error:
            broken.append(error)
        finally:
            connection.close()

    worker = threading.Thread(target=finishing)
    with another_session() as other:
        other.execute("SELECT * FROM jobs_creditaccount FOR UPDATE")
        worker.start()
        wait_until(waits_for_a_lock, 30, "the worker at the account")
        try:
            other.execute("SELECT * FROM jobs_job FOR UPDATE")
        except OperationalError as error:
            broken.append(error)
    worker.join()
    assert "deadlock detected" in str(broken)
    assert carried_on(job, bfl) == ("completed", "")
    assert len(bfl.submits) == 1


def waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            " AND query LIKE '%jobs_creditaccount%'"
        )
        return bool(cursor.fetchone()[0])


class Hole(Relay):
    """A way to the database that can swallow what is sent through it, in one direction, as a dying network does."""

    deaf = ""  # "questions" or "answers"

    def _pump(self, source: Any, sink: Any) -> None:
        # The sockets come in pairs: near, far. What is read from the far one is an answer.
        kind = "answers" if self.open.index(source) % 2 else "questions"
        try:
            while data := source.recv(65536):
                if self.deaf != kind:
                    sink.sendall(data)
        except OSError:
            pass
        self._end(sink)


@pytest.fixture
def hole(transactional_db: None) -> Iterator[Hole]:
    hole = Hole(connection.settings_dict)
    yield hole
    hole.cut()


@pytest.fixture
def far_worker(hole: Hole, tmp_path: Path) -> Iterator[Stack]:
    """Processes, not yet started, that reach the database through the hole."""
    stack = Stack({**connection.settings_dict, "HOST": "127.0.0.1", "PORT": hole.port}, redis_url(), tmp_path)
    stack.environment["FAILPOINTS_LOG"] = str(tmp_path / "failpoints.log")
    yield stack
    stack.stop()


@pytest.mark.parametrize("lost", ["answers", "questions"])
def test_f21_a_commit_of_unknown_outcome_is_decided_by_the_row(
    lost: str, hole: Hole, far_worker: Stack, bfl: FakeBfl, bob: Membership
) -> None:
    """The worker says COMMIT. The server hears it and the worker never learns of it; or the server never hears it."""
    job = image(bob)
    until_to_be_fetched(bfl)
    gate = far_worker.folder / "gate"
    start(far_worker, "media", f"inside_settle=pause:{gate}")
    wait_until(ringing("media", lambda: bool(fired(far_worker))), what="the worker about to commit")
    hole.deaf = lost
    gate.touch()
    if lost == "answers":
        wait_until(all_ended, 30, "the commit")
    else:
        time.sleep(0.5)  # the COMMIT is on its way to nowhere
        assert result(job) == ("processing", "")
    hole.cut()
    wait_until(partial(far_worker.said, "media", "database away"), what="the worker to notice")
    wait_until(nobody_else_is_in_a_transaction, 40, "the server to notice")
    assert carried_on(job, bfl) == ("completed", "")
    assert Item.objects.get(job=job).status == "completed"
    assert not ItemRun.objects.exists()


def nobody_else_is_in_a_transaction() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND state LIKE 'idle in transaction%'"
        )
        return not cursor.fetchone()[0]
