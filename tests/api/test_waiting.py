"""A pending job says why it waits."""

from dataclasses import replace
from typing import Any

from jobs import admission, submission
from jobs.models import Job, ProviderHealth
from jobs.models.provider import OPEN_AFTER
from jobs.representation import represent_own
from tests.engine.workshop import order
from wevion.accounts.models import Membership


def image(member: Membership) -> Job:
    return submission.submit(member, replace(order(cents=1), provider="local_image"))


def seen(member: Membership, job: Job) -> Any:
    found = represent_own(member.user, job.pk)
    assert found
    return found["waiting"]


def test_a_job_behind_the_teams_busy_slots_tells_its_place(bob: Membership, settings: Any) -> None:
    settings.TEAM_SLOTS = 2
    jobs = [image(bob) for _ in range(4)]
    admission.admit()
    assert seen(bob, jobs[0]) is None
    assert (seen(bob, jobs[2])["reason"], seen(bob, jobs[2])["position"]) == ("your team's 2 slots are busy", 1)
    assert seen(bob, jobs[3])["position"] == 2


def test_a_job_for_a_provider_in_trouble_says_so_and_waits(bob: Membership) -> None:
    for _ in range(OPEN_AFTER):
        ProviderHealth.failed("local_image")
    job = image(bob)
    assert admission.admit() == 0
    assert "has trouble" in seen(bob, job)["reason"]


def test_when_the_breaker_has_cooled_down_one_item_tries_and_an_answer_closes_it(bob: Membership) -> None:
    for _ in range(OPEN_AFTER):
        ProviderHealth.failed("local_image")
    image(bob)
    image(bob)
    ProviderHealth.objects.update(open_until="2020-01-01T00:00:00Z")
    assert admission.admit() == 1
    ProviderHealth.answered("local_image")
    assert admission.admit() == 1
