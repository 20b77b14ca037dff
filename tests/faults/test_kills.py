"""Killed with SIGKILL, at every place where it could hurt: the job still ends as it should, and nothing is done twice."""

import json
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection, RemoteDisconnected

import pytest
from rest_framework.test import APIClient

from jobs.models import ItemRun, Job
from tests.api.calling import BASE
from tests.faults.acts import (
    all_ended,
    avatar,
    carried_on,
    fired,
    image,
    killed,
    pass_time,
    result,
    start,
    until_to_be_fetched,
    until_with_the_vendor,
)
from tests.processes import START_SECONDS, Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from tests.providers.fakes.heygen import FakeHeyGen
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


# The web process: between the commit of a submit and its answer


ORDER = {"prompt": "a lamp", "provider": "flux_2_pro"}


def post(stack: Stack, key: str) -> None:
    client = HTTPConnection("127.0.0.1", stack.port, timeout=30)
    headers = {"x-api-key": key, "content-type": "application/json", "Idempotency-Key": "once"}
    with closing(client):
        client.request("POST", f"{BASE}/image", json.dumps(ORDER), headers)
        client.getresponse()


@pytest.mark.parametrize("point", ["before_ring", "after_ring"])
def test_f01_f02_killed_between_the_commit_and_the_answer_then_asked_again(
    point: str, crew: Stack, bfl: FakeBfl, bob: Membership, key_of: Callable[[Membership], str]
) -> None:
    key = key_of(bob)
    start(crew, "web", f"{point}=kill@1")
    wait_until(crew.answers, START_SECONDS, "the web server")
    with pytest.raises((RemoteDisconnected, ConnectionResetError)):
        post(crew, key)
    assert fired(crew) == [f"{point} kill"]
    job = Job.objects.get()
    assert job.status == "pending"
    again = APIClient(headers={"x-api-key": key, "Idempotency-Key": "once"})
    answer = again.post(f"{BASE}/image", ORDER, format="json")
    assert (answer.status_code, answer.json()["job_id"]) == (202, str(job.pk))
    assert carried_on(job, bfl) == ("completed", "")
    assert len(bfl.orders) == 1


# The worker that orders


def test_f03_killed_after_the_claim(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    killed(crew, "io", "after_claim")
    assert carried_on(job, bfl) == ("completed", "")
    assert len(bfl.orders) == 1


def test_f04_killed_after_the_intent_and_before_the_provider_was_asked(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    killed(crew, "io", "after_intent")
    assert carried_on(job, bfl) == ("failed", "outcome_unknown")
    assert len(bfl.orders) == 0


def test_f04_the_same_where_the_provider_takes_a_key(crew: Stack, heygen: FakeHeyGen, bob: Membership) -> None:
    job = avatar(bob)
    killed(crew, "io", "after_intent")
    assert carried_on(job, heygen) == ("completed", "")
    assert len(heygen.orders) == 1


def test_f05_killed_after_the_provider_accepted_and_before_the_reference_was_kept(
    crew: Stack, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    killed(crew, "io", "before_ref")
    assert carried_on(job, bfl) == ("failed", "outcome_unknown")
    assert len(bfl.orders) == 1


def test_f05_the_same_where_the_provider_takes_a_key(crew: Stack, heygen: FakeHeyGen, bob: Membership) -> None:
    job = avatar(bob)
    killed(crew, "io", "before_ref")
    assert carried_on(job, heygen) == ("completed", "")
    assert len(heygen.orders) == 1
    assert len(heygen.submits) == 2, "asked again, under the same key"


def test_f06_killed_after_the_reference_was_kept(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    killed(crew, "io", "after_ref")
    assert ItemRun.objects.get().provider_ref
    assert carried_on(job, bfl) == ("completed", "")
    assert len(bfl.submits) == 1


def test_f06_the_same_where_the_provider_takes_a_key(crew: Stack, heygen: FakeHeyGen, bob: Membership) -> None:
    job = avatar(bob)
    killed(crew, "io", "after_ref")
    assert carried_on(job, heygen) == ("completed", "")
    assert len(heygen.submits) == 1, "what we know the name of is not asked for again"


# The poller


@pytest.mark.parametrize("point", ["during_looks", "before_looks_settled"])
def test_f07_f08_the_poller_killed_with_looks_in_its_hands(point: str, crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    jobs = [image(bob, f"lamp {number}") for number in range(3)]
    until_with_the_vendor(bfl, orders=3)
    pass_time(seconds=30)
    killed(crew, "poller", point)
    assert ItemRun.objects.exclude(lease_until=None).exists()
    assert [carried_on(job, bfl) for job in jobs] == [("completed", "")] * 3
    assert len(bfl.orders) == 3


def test_f14_the_poller_killed_while_it_sweeps(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    until_with_the_vendor(bfl)
    pass_time(minutes=31)
    killed(crew, "poller", "during_sweep")
    assert result(job) == ("processing", "")
    assert carried_on(job, bfl) == ("failed", "provider_timeout")


# The worker that brings the result home


@pytest.mark.parametrize(("point", "turn"), [("during_fetch", 1), ("before_settled", 2), ("inside_settle", 1)])
def test_f09_f10_f11_killed_while_the_result_is_brought_home(
    point: str, turn: int, crew: Stack, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    until_to_be_fetched(bfl)
    killed(crew, "media", point, turn)
    assert not all_ended()
    assert carried_on(job, bfl) == ("completed", "")
    assert len(bfl.orders) == 1
