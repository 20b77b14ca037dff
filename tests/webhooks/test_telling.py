"""A job ends, and the team's own systems are told: once it is true, signed, and in the form of the API."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from standardwebhooks.webhooks import WebhookVerificationError

from jobs.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookSecret
from jobs.representation import represent_own
from jobs.webhooks import endpoints, signing
from tests.webhooks.acts import ended, only, sent
from tests.webhooks.receiver import Receiver, receiving
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)
Listening = tuple[WebhookEndpoint, str]


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled"])
def test_every_end_of_a_teammates_job_is_told_as_the_api_shows_it(
    status: str, listening: Listening, receiver: Receiver, bob: Membership
) -> None:
    job = ended(bob, status)
    assert sent() == 1
    told = receiver.verified(listening[1])
    assert told["type"] == f"job.{status}"
    assert told["data"] == represent_own(bob.user, job.pk)
    assert told["timestamp"] == told["data"]["completed_at"]
    headers = receiver.got[0][0]
    assert (headers["webhook-id"], headers["content-type"]) == (only().message_id, "application/json")
    assert (only().status, only().tries) == ("delivered", 1)
    assert sent() == 0


def test_a_strangers_jobs_are_told_to_nobody_here(listening: Listening, receiver: Receiver, charlie: Membership) -> None:
    ended(charlie)
    assert (sent(), receiver.got) == (0, [])


def test_only_the_events_that_were_asked_for_are_told(receiver: Receiver, alice: Membership) -> None:
    endpoints.add(alice, receiver.url, ["job.failed"])
    ended(alice)
    ended(alice, "failed")
    assert (sent(), [event["type"] for event in receiver.events]) == (1, ["job.failed"])


def test_an_end_that_is_rolled_back_is_told_to_nobody(listening: Listening, bob: Membership) -> None:
    with transaction.atomic():
        ended(bob)
        transaction.set_rollback(True)
    assert not WebhookDelivery.objects.exists()


def test_the_address_in_an_order_is_told_with_the_teams_secret(receiver: Receiver, alice: Membership, bob: Membership) -> None:
    secret = signing.rotate(alice.team)
    ended(bob, webhook_url=receiver.url)
    assert sent() == 1
    assert receiver.verified(secret)["type"] == "job.completed"


def test_a_team_that_never_made_a_secret_is_told_all_the_same(receiver: Receiver, bob: Membership) -> None:
    ended(bob, webhook_url=receiver.url)
    assert sent() == 1
    assert only().status == "delivered"


def test_two_secrets_sign_for_a_day_after_a_rotation_and_then_one(
    listening: Listening, receiver: Receiver, alice: Membership
) -> None:
    endpoint, old = listening
    new = signing.rotate(alice.team, endpoint)
    ended(alice)
    sent()
    assert receiver.verified(old) == receiver.verified(new)
    WebhookSecret.objects.exclude(expires_at=None).update(expires_at=timezone.now() - timedelta(seconds=1))
    ended(alice)
    sent()
    assert receiver.verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.verified(old)


def test_a_changed_secret_key_goes_on_signing_with_the_one_before(
    listening: Listening, receiver: Receiver, alice: Membership, settings: Any
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another-key-of-the-site", [settings.SECRET_KEY]
    ended(alice)
    sent()
    assert receiver.verified(listening[1])


def test_nothing_secret_is_in_the_database_or_the_message(listening: Listening, receiver: Receiver, alice: Membership) -> None:
    secret = listening[1].removeprefix("whsec_")
    ended(alice)
    sent()
    rows = [*WebhookSecret.objects.values(), *WebhookEndpoint.objects.values(), *WebhookDelivery.objects.values()]
    assert secret not in str(rows)
    assert secret not in str(receiver.got)


def test_one_of_two_receivers_that_hangs_does_not_hold_up_the_other(
    settings: Any, alice: Membership, charlie: Membership
) -> None:
    with receiving(settings, count=2) as (slow, quick):
        slow.hang = 1.5
        endpoints.add(alice, slow.url, ["job.completed"])
        endpoints.add(charlie, quick.url, ["job.completed"])
        for _ in range(6):
            ended(alice)
        last = [ended(charlie) for _ in range(3)][-1]
        sent()
        assert len(quick.got) == 3
        assert len(slow.got) == 6
        quick_one = WebhookDelivery.objects.get(job=last).attempts.get()
        slow_ones = WebhookAttempt.objects.filter(delivery__team=alice.team)
        assert quick_one.at < slow_ones.earliest("at").at
