"""A member is removed while a job of theirs ends: both come through, whichever is first."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from jobs import admission, failpoints, reconciliation, runner, submission
from jobs.models import ItemRun, Job, MemberMonth
from jobs.models.ledger import month_of
from tests.engine.workshop import order
from tests.processes import wait_until
from wevion.accounts import members
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


class Beside(threading.Thread):
    """Does the act on a connection of its own; `join` raises what it raised."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self.act = act
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        try:
            self.act()
        except Exception as error:
            self.error = error
        finally:
            connection.close()

    def join(self, timeout: float | None = None) -> None:
        super().join(timeout)
        if self.error:
            raise self.error

    def waits_or_has_ended(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # within a transaction the first answer would be kept
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return not self.is_alive() or cursor.fetchone()[0] > 0


@pytest.fixture
def last_step(bob: Membership) -> Job:
    """A job of last month with one step to its end, which makes the member's row of this month."""
    job = submission.submit(bob, order())
    admission.admit()
    assert runner.advance("media")
    assert ItemRun.objects.get().lane == "io"
    last_month = job.created_at.replace(day=1) - timedelta(days=1)
    Job.objects.update(created_at=last_month)
    MemberMonth.objects.update(month=month_of(last_month))
    return job


def ended(job: Job) -> None:
    job.refresh_from_db()
    assert (job.status, job.cost_cents) == ("completed", 25)
    assert not Membership.objects.filter(user_id=job.user_id).exists()
    assert not MemberMonth.objects.exists()
    assert not {name: rows for name, rows in reconciliation.findings() if rows}


def test_a_member_who_is_removed_as_the_job_ends_is_removed_after_it(
    last_step: Job, alice: Membership, bob: Membership, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = tmp_path / "go-on"
    monkeypatch.setattr(failpoints, "_rules", {"inside_settle": ("pause", str(go_on), 0)})
    monkeypatch.setattr(failpoints, "_log", str(tmp_path / "log"))
    end = Beside(lambda: runner.advance("io"))
    wait_until((tmp_path / "log").exists, what="an end that is written and not committed")
    removal = Beside(lambda: members.remove(alice, bob.pk))
    wait_until(removal.waits_or_has_ended)
    go_on.touch()
    end.join()
    removal.join()
    ended(last_step)


def test_a_job_that_ends_as_its_member_is_removed_ends_after_it(last_step: Job, alice: Membership, bob: Membership) -> None:
    with transaction.atomic():
        members.remove(alice, bob.pk)
        end = Beside(lambda: runner.advance("io"))
        wait_until(end.waits_or_has_ended)
    end.join()
    ended(last_step)
