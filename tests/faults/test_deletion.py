"""F33: what is taken away while a job ends."""

from collections.abc import Callable
from functools import partial

import pytest
from django.db.models import ProtectedError

from creative_hub.models import Asset, Folder
from jobs import submission
from jobs.models import Job
from jobs.submission import StillActive
from tests.faults.acts import finish, image, result, until_to_be_fetched, work
from tests.faults.invariants import check
from tests.line.test_vendors import submitted
from tests.providers.fakes.bfl import FakeBfl
from tests.threads import at_once
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def test_f33_hiding_a_job_as_it_ends_is_refused_or_done_and_never_half(bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    turns: list[Callable[[], None]] = [partial(work, "media"), *[partial(submission.hide, bob.user, job)] * 5]
    outcomes = at_once(len(turns), lambda: turns.pop()())
    assert {type(outcome) for outcome in outcomes} <= {type(None), StillActive}
    assert result(job) == ("completed", "")
    assert (job.hidden_at is not None) == any(event.note == "Hidden from the panel" for event in job.events.all())
    submission.hide(bob.user, job)
    assert sum(event.note == "Hidden from the panel" for event in job.events.all()) == 1
    assert Asset.objects.filter(item__job=job).exists(), "the file stays"
    check(bfl)


def test_f33_a_person_with_jobs_cannot_be_deleted_and_the_job_ends(bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    with pytest.raises(ProtectedError):
        bob.user.delete()
    with pytest.raises(ProtectedError):
        bob.team.delete()
    finish()
    assert result(job) == ("completed", "")
    check(bfl)


def test_f33_a_member_who_leaves_in_the_middle_leaves_a_job_that_ends_and_is_charged(bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    bob.delete()
    finish()
    assert result(job) == ("completed", "")
    assert Job.objects.get().cost_cents > 0
    check(bfl)


def test_f33_a_folder_that_is_gone_gives_way_to_the_persons_own(bfl: FakeBfl, bob: Membership) -> None:
    root = Folder.objects.root_of(bob.user, bob.team)
    folder = Folder.objects.create(owner=bob.user, team=bob.team, parent=root, name="Ads")
    job = submitted(bob, "image", provider="flux_2_pro", prompt="a lamp", drive_folder_id=str(folder.pk))
    until_to_be_fetched(bfl)
    folder.delete()
    finish()
    assert result(job) == ("completed", "")
    assert Asset.objects.get(item__job=job).folder == root
    check(bfl)
