"""F12, F13, F31: killed around an outgoing webhook, and receivers that misbehave."""

from functools import partial
from typing import Any

import pytest

from jobs import admission, doorbell, sweeper
from jobs.models import WebhookDelivery, WebhookEvent
from jobs.webhooks import endpoints, outbox
from tests.faults.acts import fired, image, killed, result, start
from tests.processes import START_SECONDS, Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from tests.webhooks.acts import ended, only, pass_time
from tests.webhooks.receiver import Receiver, receiving
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def told_after(crew: Stack, receiver: Receiver, times: int) -> None:
    """A healthy worker and the sweeper, until the receiver has been told so often and the row says so."""
    start(crew, "io")
    sweeper.sweep()
    wait_until(lambda: len(receiver.got) >= times and only().status == "delivered", START_SECONDS, "the message")
    assert len(receiver.got) == times


def test_f12_killed_between_the_end_and_its_message_and_told_all_the_same(
    crew: Stack, bfl: FakeBfl, settings: Any, alice: Membership, bob: Membership
) -> None:
    with receiving(settings) as (receiver,):
        _, secret = endpoints.add(alice, receiver.url, WebhookEvent.values)
        job = image(bob, "a lamp [moderated]")
        admission.admit()
        killed(crew, "io", "before_webhook_ring")
        assert (result(job)[0], receiver.got, only().status) == ("failed", [], "waiting")
        pass_time(seconds=3)
        told_after(crew, receiver, 1)
        assert receiver.verified(secret)["data"]["id"] == str(job.pk)


def test_f13_killed_between_the_answer_and_its_mark_and_told_again_under_the_same_id(
    crew: Stack, settings: Any, alice: Membership
) -> None:
    with receiving(settings) as (receiver,):
        endpoints.add(alice, receiver.url, WebhookEvent.values)
        ended(alice)
        process = start(crew, "io", "before_webhook_marked=kill@1")
        wait_until(partial(crew.said, "io", "ready."), START_SECONDS, "the worker")
        doorbell.ring("jobs.send_webhooks", "io")
        wait_until(lambda: process.poll() is not None, 30, "its death")
        assert fired(crew) == ["before_webhook_marked kill"], crew.log("io")
        assert (len(receiver.got), only().status) == (1, "waiting")
        pass_time(seconds=outbox.LEASE_SECONDS + 3)
        told_after(crew, receiver, 2)
        assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]


def test_f31_receivers_that_misbehave_hold_up_no_other_team_and_no_job(
    crew: Stack, bfl: FakeBfl, settings: Any, alice: Membership, charlie: Membership
) -> None:
    with receiving(settings, count=4) as (broken, hanging, leading_inwards, healthy):
        broken.answer, hanging.hang, leading_inwards.answer = 500, 6, 301
        leading_inwards.headers = {"Location": "http://169.254.169.254/latest/meta-data"}
        for bad in (broken, hanging, leading_inwards):
            endpoints.add(alice, bad.url, ["job.completed"])
        for _ in range(3):
            ended(alice)
        endpoints.add(charlie, healthy.url, ["job.completed"])
        ended(charlie)
        job = image(charlie)
        admission.admit()
        start(crew, "io")
        wait_until(partial(crew.said, "io", "ready."), START_SECONDS, "the worker")
        doorbell.ring("jobs.send_webhooks", "io", times=8)
        wait_until(lambda: healthy.got and bfl.orders, 30, "the other team's message, and its order at the vendor")
        assert not WebhookDelivery.objects.filter(endpoint__url=hanging.url).exclude(status="waiting").exists()
        assert result(job)[0] == "processing"
        wait_until(lambda: len(leading_inwards.got) == len(broken.got) == len(hanging.got) == 3, 60, "the first attempts")
        waiting = WebhookDelivery.objects.filter(endpoint__url__in=[broken.url, leading_inwards.url])
        wait_until(lambda: all(row.tries for row in waiting.all()), 30, "their record")
        assert {row.status for row in waiting} == {"waiting"}
