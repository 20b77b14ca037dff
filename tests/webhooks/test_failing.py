"""Receivers that fail, hang, lie or are gone: what is tried again, when, and when it ends."""

from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import timezone

from jobs import sweeper
from jobs.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from jobs.webhooks import endpoints, outbox, schedule, send
from tests.http.servers import serve
from tests.webhooks.acts import ended, only, pass_time, sent
from tests.webhooks.receiver import Receiver
from wevion.accounts.models import Membership
from wevion.http.messages import Request

pytestmark = pytest.mark.django_db(transaction=True)
Listening = tuple[WebhookEndpoint, str]


def test_ten_attempts_over_three_days_and_then_no_more(listening: Listening, receiver: Receiver, bob: Membership) -> None:
    receiver.answer = 500
    ended(bob)
    waits = []
    while only().status == "waiting":
        assert sent() == 1
        WebhookEndpoint.objects.update(failing_since=timezone.now())  # the endpoint's own five days are another test
        if (delivery := only()).wake_at:
            waits.append((delivery.wake_at - delivery.attempts.latest("at").at).total_seconds())
            WebhookDelivery.objects.update(wake_at=timezone.now() - timedelta(seconds=1))
    assert (only().status, len(receiver.got), only().attempts.count()) == ("failed", 10, 10)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 1
    assert all(abs(wait / planned - 1) <= schedule.JITTER + 0.05 for wait, planned in zip(waits, schedule.WAITS, strict=True))
    assert 70 <= sum(schedule.WAITS) / 3600 <= 80
    assert sent() == 0


def test_it_is_not_tried_again_before_its_time(listening: Listening, receiver: Receiver, bob: Membership) -> None:
    receiver.answer = 503
    ended(bob)
    assert (sent(), sent()) == (1, 0)
    receiver.answer = 204
    pass_time(seconds=6)
    assert (sent(), only().status) == (1, "delivered")
    assert [attempt.status for attempt in only().attempts.all()] == [503, 204]
    listening[0].refresh_from_db()
    assert (listening[0].consecutive_failures, listening[0].failing_since) == (0, None)


def test_a_receiver_may_ask_for_a_longer_rest(listening: Listening, receiver: Receiver, bob: Membership) -> None:
    receiver.answer, receiver.headers = 429, {"Retry-After": "3600"}
    ended(bob)
    sent()
    wake_at = only().wake_at
    assert wake_at
    assert timedelta(minutes=59) < wake_at - timezone.now() <= timedelta(minutes=60)


def test_gone_disables_the_endpoint_at_once_and_the_admins_are_told(
    listening: Listening, receiver: Receiver, bob: Membership, mailoutbox: list[EmailMessage], settings: Any
) -> None:
    settings.SENDS_MAIL = True
    receiver.answer = 410
    ended(bob)
    assert (sent(), only().status, only().tries) == (1, "failed", 1)
    listening[0].refresh_from_db()
    assert not listening[0].enabled
    assert "410" in listening[0].disabled_reason
    ended(bob)
    assert WebhookDelivery.objects.count() == 1, "a disabled endpoint is told nothing"
    assert [mail.to for mail in mailoutbox] == [["alice@example.com"]]
    assert receiver.url in mailoutbox[0].body
    assert f"/settings/team/webhooks/{listening[0].pk}" in mailoutbox[0].body


def test_five_days_without_success_disable_it_and_enabling_starts_afresh(
    listening: Listening, receiver: Receiver, alice: Membership
) -> None:
    endpoint, receiver.answer = listening[0], 500
    ended(alice)
    ended(alice)
    sent()
    WebhookEndpoint.objects.update(failing_since=F("failing_since") - timedelta(days=5, seconds=1))
    pass_time(seconds=10)
    sent()
    endpoint.refresh_from_db()
    assert endpoint.enabled, "a single failure after a long silence is no reason"
    WebhookDelivery.objects.update(tries=9)
    pass_time(minutes=10)
    sent()
    endpoint.refresh_from_db()
    assert (endpoint.enabled, "five days" in endpoint.disabled_reason) == (False, True)
    assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"failed"}
    endpoints.switch(endpoint, True, alice)
    receiver.answer = 200
    for delivery in WebhookDelivery.objects.all():
        endpoints.replay(delivery)
    assert sent() == 2
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.consecutive_failures, endpoint.disabled_reason) == (True, 0, "")


def test_a_replay_has_the_same_id_and_a_fresh_round_of_attempts(
    listening: Listening, receiver: Receiver, alice: Membership
) -> None:
    ended(alice)
    sent()
    endpoints.replay(only())
    assert (sent(), only().status, only().tries, only().attempts.count()) == (1, "delivered", 1, 2)
    assert receiver.got[0][0]["webhook-id"] == receiver.got[1][0]["webhook-id"]
    assert receiver.verified(listening[1], 1)


def test_what_was_answered_is_kept_up_to_500_bytes(listening: Listening, receiver: Receiver, bob: Membership) -> None:
    receiver.body = b"caf\xc3\xa9\x00\xff" + b"x" * 1000
    ended(bob)
    sent()
    attempt = only().attempts.get()
    assert attempt.answer.startswith("café��xxx")
    assert len(attempt.answer.encode()) <= 510
    assert (attempt.status, attempt.error) == (200, "")


def test_a_lost_message_is_found_by_the_sweeper_and_old_ones_are_forgotten(
    listening: Listening, receiver: Receiver, bob: Membership
) -> None:
    ended(bob)
    pass_time(seconds=3)
    sweeper.sweep()  # rings; nobody here hears it, and nothing is sent by the sweeper itself
    assert receiver.got == []
    assert sent() == 1
    pass_time(days=29)
    assert outbox.prune() == 0
    pass_time(days=2)
    assert outbox.prune() == 1
    assert not WebhookDelivery.objects.exists()


def test_what_is_deleted_while_it_is_being_sent_is_forgotten(listening: Listening, bob: Membership) -> None:
    ended(bob)
    claimed = outbox.claim(10)[0]
    listening[0].delete()
    outbox.record(claimed, outbox.Tried(5, 200))
    assert not WebhookAttempt.objects.exists()


def test_a_sender_that_wakes_late_marks_nothing(listening: Listening, bob: Membership) -> None:
    ended(bob)
    first = outbox.claim(10)[0]
    assert outbox.claim(10) == [], "it is in somebody's hands"
    pass_time(seconds=outbox.LEASE_SECONDS + 1)
    second = outbox.claim(10)[0]
    outbox.record(second, outbox.Tried(5, 200))
    outbox.record(first, outbox.Tried(90_000, None, "too late"))
    assert (only().status, only().tries, only().attempts.count()) == ("delivered", 1, 2)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/x",
        "https://2130706433/x",
        "https://0x7f.1/x",
        "https://0177.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://10.1.2.3/x",
        "https://localhost/x",
        "https://db.internal/x",
        "http://example.com/x",
        "https://user:secret@example.com/x",
        "ftp://example.com/x",
        "https://exa mple.com/x",
    ],
)
def test_an_address_that_is_not_a_public_one_is_refused_and_never_called(url: str) -> None:
    assert endpoints.problem_of(url)
    tried = send.attempt(Request("POST", url, content=b"{}", timeout_seconds=5))
    assert (tried.worked, tried.status) == (False, None)
    assert "do not connect" in tried.error


def test_a_redirect_is_a_failure_and_is_not_followed(
    settings: Any, listening: Listening, receiver: Receiver, bob: Membership
) -> None:
    receiver.answer, receiver.headers = 301, {"Location": receiver.url + "/elsewhere"}
    ended(bob)
    sent()
    assert (only().status, len(receiver.got)) == ("waiting", 1)
    assert "redirect" in only().attempts.get().error


def test_an_endless_answer_is_cut_off(settings: Any, alice: Membership) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for _ in range(16_000):
            await answer.write(b"x" * 65536)  # a gigabyte, if one listens
        return answer

    app = web.Application()
    app.router.add_post("/hook", endless)
    with serve(app) as address:
        settings.HTTP_ALLOW_PRIVATE = frozenset({address})
        send.door.cache_clear()
        tried = send.attempt(Request("POST", f"http://{address}/hook", content=b"{}", max_bytes=send.MAX_ANSWER_BYTES))
        send.door().close()
        send.door.cache_clear()
    assert not tried.worked
    assert "larger than 64 kB" in tried.error
