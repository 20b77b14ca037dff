"""Messages that come often, late, in any order, or not at all."""

from functools import partial

import pytest
import redis

from jobs import admission, doorbell, runner, sweeper
from jobs.models import ItemRun, JobEvent
from tests.conftest import redis_url
from tests.faults.acts import LANES, all_ended, finish, image, pass_time, result, start, work
from tests.faults.invariants import check
from tests.line.test_vendors import polling
from tests.processes import START_SECONDS, Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queues() -> "redis.Redis":
    """The broker's lists of messages, empty."""
    found = redis.Redis.from_url(redis_url())
    taken(found)
    return found


def taken(queues: "redis.Redis") -> dict[str, int]:
    """How many messages there were in each lane, of which there are none now."""
    return {lane: int(queues.llen(f"hub:{lane}")) * bool(queues.delete(f"hub:{lane}")) for lane in LANES}


def test_f15_every_message_delivered_ten_times(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    jobs = [image(bob, f"lamp {number}") for number in range(4)]
    admission.admit()
    start(crew, "io")
    wait_until(partial(crew.said, "io", "ready."), START_SECONDS, "the worker")
    doorbell.ring("jobs.advance", "io", times=40)
    doorbell.ring("jobs.admit", "io", times=10)
    wait_until(lambda: len(bfl.submits) == 4, 30, "the orders")
    doorbell.ring("jobs.advance", "io", times=40)
    finish()  # this process's workers beside the real one
    assert [result(job) for job in jobs] == [("completed", "")] * 4
    assert len(bfl.submits) == 4
    check(bfl)


def test_f16_every_message_lost_but_for_the_sweepers(queues: "redis.Redis", bfl: FakeBfl, bob: Membership) -> None:
    def beat_finds_it(lane: str) -> None:
        assert taken(queues)[lane], "this message is lost"
        sweeper.sweep()
        assert taken(queues)[lane] == 0, "it is not late yet"
        pass_time(seconds=3)
        sweeper.sweep()
        heard = taken(queues)[lane]
        assert heard == 1
        runner.advance(lane)

    job = image(bob)
    assert taken(queues)["io"], "the wish to be admitted is lost"
    admission.admit()  # the metronome's
    beat_finds_it("io")
    pass_time(seconds=10)
    with polling():
        wait_until(lambda: ItemRun.objects.filter(lane="media", lease_until=None).exists(), 30, "the vendor's answer")
    beat_finds_it("media")
    assert all_ended()
    assert result(job) == ("completed", "")
    check(bfl)


def test_f17_messages_that_come_too_late_are_thrown_away_and_nothing_is_lost(
    queues: "redis.Redis", crew: Stack, bfl: FakeBfl, bob: Membership
) -> None:
    job = image(bob)
    admission.admit()
    taken(queues)
    doorbell.ring("jobs.advance", "io", times=3, expires_seconds=0)
    start(crew, "io")
    wait_until(lambda: crew.log("io").count("Discarding revoked task") == 3, START_SECONDS, "three discarded messages")
    assert (bfl.submits, result(job)) == ([], ("pending", ""))
    doorbell.ring("jobs.advance", "io")
    wait_until(lambda: bfl.submits, 30, "the order")
    finish()
    assert result(job) == ("completed", "")
    check(bfl)


def test_f17_messages_in_the_wrong_order_find_nothing_to_do(bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob)
    assert not runner.advance("media"), "there is nothing to fetch yet"
    work("media", "io", "media", "io")
    assert len(bfl.submits) == 1
    finish()
    before = JobEvent.objects.count()
    work("media", "io")
    assert admission.admit() == 0
    assert (result(job), JobEvent.objects.count()) == (("completed", ""), before)
    check(bfl)
