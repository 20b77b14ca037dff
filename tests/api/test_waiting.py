"""A pending job says why it waits."""

from dataclasses import replace
from typing import Any

from creative_hub import catalog
from jobs import admission, submission
from jobs.models import Job, ProviderHealth
from jobs.models.provider import OPEN_AFTER
from jobs.representation import represent_own
from jobs.waiting import waiting, with_waits
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
    assert (seen(bob, jobs[2])["reason"], seen(bob, jobs[2])["position"]) == ("your team's 2 places are taken", 1)
    assert seen(bob, jobs[3])["position"] == 2


def test_a_job_for_a_provider_in_trouble_says_so_and_waits(bob: Membership) -> None:
    for _ in range(OPEN_AFTER):
        ProviderHealth.failed("local_image")
    job = image(bob)
    assert admission.admit() == 0
    assert "has trouble" in seen(bob, job)["reason"]
    assert seen(bob, job)["about_seconds"] is None


def test_the_time_is_that_of_the_narrowest_place(bob: Membership, charlie: Membership, settings: Any) -> None:
    slots, usual = catalog.model("local_video").slots, catalog.model("local_video").typical_seconds[0]
    settings.TEAM_SLOTS = slots + 2
    theirs = [submission.submit(charlie, replace(order(cents=1), provider="local_video")) for _ in range(slots)]
    admission.admit()
    mine = [submission.submit(bob, replace(order(cents=1), provider="local_video")) for _ in range(2 * slots + 1)]
    picture = image(bob)
    assert seen(charlie, theirs[0]) is None
    assert seen(bob, mine[0]) == {
        "reason": f"all {slots} places at Local preview are taken",
        "position": 1,
        "about_seconds": usual,
    }
    assert seen(bob, mine[-1])["about_seconds"] == 2 * usual
    assert seen(bob, picture)["position"] == len(mine) + 1
    assert seen(bob, picture)["about_seconds"] == round(len(mine) * usual / settings.TEAM_SLOTS)


def test_the_queue_is_gone_through_once_for_all_rows(bob: Membership, django_assert_num_queries: Any, settings: Any) -> None:
    settings.TEAM_SLOTS = 1
    jobs = [image(bob) for _ in range(9)]
    admission.admit()
    listed = with_waits(Job.objects.of(bob.user), bob.user)
    with django_assert_num_queries(1):
        told = {job.pk: waiting(job) for job in listed}
    assert [wait and wait.position for job in jobs if (wait := told[job.pk])] == list(range(1, 9))
    plan = listed.explain()
    assert ("InitPlan" in plan, "SubPlan" in plan) == (True, False), plan  # PostgreSQL's words for once, and for each row


def test_when_the_breaker_has_cooled_down_one_item_tries_and_an_answer_closes_it(bob: Membership) -> None:
    for _ in range(OPEN_AFTER):
        ProviderHealth.failed("local_image")
    image(bob)
    image(bob)
    ProviderHealth.objects.update(open_until="2020-01-01T00:00:00Z")
    assert admission.admit() == 1
    ProviderHealth.answered("local_image")
    assert admission.admit() == 1
