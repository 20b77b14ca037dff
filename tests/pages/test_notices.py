"""Mail when a job has ended, sent to a real SMTP server on loopback."""

import json
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import connection, transaction
from django.db.models.functions import Now

from jobs import clock, notices, sweeper
from jobs.models import Job, JobNotice
from jobs.tasks import send_notices
from tests.conftest import redis_url
from tests.pages.making import make
from tests.processes import START_SECONDS, Stack, free_port, wait_until
from wevion.accounts.models import MailWhenDone, Membership


class PostOffice:
    """Takes mail, or answers each with what `refusal` says."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal = ""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusal:
            return self.refusal
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    office = PostOffice()
    controller = Controller(office, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.SITE_URL = "https://hub.example.com"
    yield office
    controller.stop()


def wants(member: Membership, wish: str) -> Membership:
    member.user.mail_when_done = wish
    member.user.save()
    return member


def heard() -> list[str]:
    """The tasks that the messages in the io lane name; takes them out."""
    queue = redis.Redis.from_url(redis_url())
    found = [json.loads(message)["headers"]["task"] for message in queue.lrange("hub:io", 0, -1)]
    queue.delete("hub:io")
    return found


def later() -> None:
    """As if the rest until the next attempt were over."""
    JobNotice.objects.filter(sent_at=None).update(wake_at=Now())


def end(job: Job, code: str = "") -> Job:
    with transaction.atomic():
        ended = Job.objects.locked(job.pk)
        if code:
            ended.fail(code, "", clock.now())
        else:
            ended.start(clock.now())
            ended.complete(ended.estimated_cost_cents, clock.now())
        notices.announce(ended)
    return ended


def test_who_wants_mail_always_gets_it_when_a_job_is_ready(
    alice: Membership, drain: Callable[[], int], post_office: PostOffice
) -> None:
    job = make(wants(alice, MailWhenDone.ALWAYS), "a red bicycle\r\nBcc: everybody@example.com")
    drain()
    send_notices()
    (mail,) = post_office.mails
    text = mail.get_content()
    assert mail["To"] == "alice@example.com"
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Ready: a red bicycle Bcc: everybody@example.com (image)"
    assert mail.get_content_type() == "text/plain"
    assert f"https://hub.example.com/creative-hub/jobs/{job.pk}" in text
    assert "$0.02 was charged" in text
    assert "https://hub.example.com/settings/profile" in text


def test_who_wants_mail_of_failures_hears_of_failures_only(alice: Membership, post_office: PostOffice) -> None:
    wants(alice, MailWhenDone.FAILED)
    end(make(alice, "a lighthouse"))
    end(make(alice, "Tom & Jerry’s “harbour”"), "provider_timeout")
    send_notices()
    (mail,) = post_office.mails
    text = mail.get_content()
    assert str(mail["Subject"]).strip() == "Failed: Tom & Jerry’s “harbour” (image)"
    for words in ("did not finish within the allowed time", "Try again in a few minutes", "Nothing was charged", "Tom & Jerry’s"):
        assert words in text


def test_who_did_not_ask_and_who_cancelled_get_none(alice: Membership, bob: Membership, post_office: PostOffice) -> None:
    end(make(alice))
    cancelled = make(wants(bob, MailWhenDone.ALWAYS))
    with transaction.atomic():
        job = Job.objects.locked(cancelled.pk)
        job.cancel(clock.now(), "Cancelled")
        notices.announce(job)
    send_notices()
    assert post_office.mails == []
    assert not JobNotice.objects.exists()


def test_a_mail_is_sent_once_however_often_workers_look(alice: Membership, post_office: PostOffice) -> None:
    job = end(make(wants(alice, MailWhenDone.ALWAYS)))
    for _ in range(3):
        send_notices()
        later()
    assert len(post_office.mails) == 1
    assert JobNotice.objects.get().sent_at is not None
    assert str(job.pk) in post_office.mails[0]["Message-ID"]


def test_a_server_that_refuses_is_tried_five_times_and_then_left_alone(alice: Membership, post_office: PostOffice) -> None:
    end(make(wants(alice, MailWhenDone.ALWAYS)))
    post_office.refusal = "451 try later"
    for attempt in range(1, 8):
        assert notices.send_due() == 0
        assert JobNotice.objects.get().attempts == min(attempt, 5)
        assert notices.send_due() == 0  # not before the rest is over
        later()
    post_office.refusal = ""
    assert notices.send_due() == 0


def test_a_server_that_is_away_costs_one_attempt_and_the_next_one_arrives(
    alice: Membership, post_office: PostOffice, settings: Any
) -> None:
    end(make(wants(alice, MailWhenDone.ALWAYS)))
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert notices.send_due() == 0
    settings.EMAIL_PORT = port
    later()
    assert notices.send_due() == 1
    assert len(post_office.mails) == 1


def test_the_sweeper_finds_a_notice_whose_message_was_lost(alice: Membership, post_office: PostOffice) -> None:
    end(make(wants(alice, MailWhenDone.ALWAYS)))
    heard()  # and lost: nobody acts on it
    sweeper.sweep()
    assert "jobs.send_notices" in heard()
    send_notices()
    sweeper.sweep()
    assert "jobs.send_notices" not in heard()


def test_an_installation_without_a_mail_server_writes_no_notices(alice: Membership, settings: Any) -> None:
    settings.SENDS_MAIL = False
    end(make(wants(alice, MailWhenDone.ALWAYS)))
    assert not JobNotice.objects.exists()


def test_a_person_who_may_not_sign_in_any_more_gets_no_mail(alice: Membership, post_office: PostOffice) -> None:
    end(make(wants(alice, MailWhenDone.ALWAYS)))
    alice.user.is_active = False
    alice.user.save()
    assert notices.send_due() == 0
    assert post_office.mails == []


def test_the_notice_is_part_of_the_end_and_goes_with_it(alice: Membership) -> None:
    """A transaction that is rolled back leaves neither."""
    job = make(wants(alice, MailWhenDone.ALWAYS))
    with transaction.atomic():
        end(job)
        assert JobNotice.objects.exists()
        transaction.set_rollback(True)
    assert not JobNotice.objects.exists()
    assert Job.objects.get(pk=job.pk).is_active


def test_every_mail_names_no_secret_and_no_markup(alice: Membership, post_office: PostOffice) -> None:
    wants(alice, MailWhenDone.ALWAYS)
    end(make(alice, "<b>bold</b>"), "content_rejected")
    send_notices()
    text = post_office.mails[-1].get_content()
    assert "<b>bold</b>" in text
    assert not re.search(r"&lt;|wv_live|csrf", text)


def test_a_worker_sends_it_as_soon_as_the_end_is_committed(
    transactional_db: None, tmp_path: Path, alice: Membership, post_office: PostOffice, settings: Any
) -> None:
    crew = Stack(connection.settings_dict, redis_url(), tmp_path)
    crew.environment |= {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(settings.EMAIL_PORT)}
    crew.spawn("io", crew.command("io"))
    try:
        wait_until(lambda: crew.said("io", "ready."), START_SECONDS, "the worker")
        end(make(wants(alice, MailWhenDone.ALWAYS)))
        wait_until(lambda: JobNotice.objects.filter(sent_at__isnull=False).exists(), 20, "the mail")
    finally:
        crew.stop()
    assert [mail["To"] for mail in post_office.mails] == ["alice@example.com"]
