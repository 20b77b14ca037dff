"""Whose turn it is."""

from collections.abc import Callable
from typing import Any

from jobs import admission, submission
from jobs.models import ItemRun
from tests.engine import workshop
from tests.engine.workshop import order
from wevion.accounts.models import Membership

Drain = Callable[[], int]


def admitted() -> set[Any]:
    return set(ItemRun.objects.exclude(wake_at=None).values_list("item__job_id", flat=True))


def test_a_team_gets_its_slots_and_no_more(bob: Membership, settings: Any) -> None:
    settings.TEAM_SLOTS = 3
    for _ in range(5):
        submission.submit(bob, order())
    assert admission.admit() == 3
    assert admission.admit() == 0
    assert ItemRun.objects.filter(wake_at=None).count() == 2


def test_a_freed_slot_goes_to_the_longest_waiting(bob: Membership, settings: Any, drain: Drain) -> None:
    settings.TEAM_SLOTS = 1
    jobs = [submission.submit(bob, order()) for _ in range(3)]
    order_of_starts = []
    for _ in range(3):
        admission.admit()
        order_of_starts += list(admitted())
        ItemRun.objects.exclude(wake_at=None).delete()
    assert order_of_starts == [job.pk for job in jobs]


def test_a_teams_many_jobs_do_not_delay_anothers_one(bob: Membership, charlie: Membership, settings: Any) -> None:
    settings.TEAM_SLOTS = 100
    many = [submission.submit(bob, order(cents=1)) for _ in range(20)]
    one = submission.submit(charlie, order())
    assert admission.admit() == workshop.SLOTS["free"]
    assert one.pk in admitted()
    assert many[0].pk in admitted()


def test_a_full_provider_does_not_hold_back_another(bob: Membership, settings: Any) -> None:
    settings.TEAM_SLOTS = 10
    for _ in range(9):
        submission.submit(bob, order("free", cents=1))
    other = submission.submit(bob, order("paid", cents=1))
    admission.admit()
    assert other.pk in admitted()
