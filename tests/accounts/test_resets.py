"""A forgotten password: the link by mail, the new password behind it, and what a stranger learns from it: nothing."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from kombu.exceptions import OperationalError

from tests.conftest import PASSWORD
from tests.pages.making import page
from wevion.accounts import guesses, resets, tasks
from wevion.accounts.models import Membership, User
from wevion.celery import app

SignIn = Callable[[Membership], Client]
FORGOTTEN = "/login/forgotten"
ALICE = "alice@example.com"
BETTER = "a-better-one-2"


@pytest.fixture(autouse=True)
def _worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The task runs where it is sent from; `send_task` alone always publishes."""
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: app.tasks[name](*args))


def ask(client: Client, email: str = ALICE) -> Any:
    return client.post(FORGOTTEN, {"email": email})


def link() -> str:
    """The path of the link in the newest mail."""
    found = re.search(r"http://127.0.0.1:8000(/login/new-password/\S+)", str(mail.outbox[-1].body))
    assert found, mail.outbox[-1].body
    return found[1]


def choose(client: Client, path: str, password: str = BETTER, again: str = BETTER) -> Any:
    """Opens the link and sends the form behind it."""
    opened = client.get(path, follow=True)
    return client.post(opened.request["PATH_INFO"], {"new_password1": password, "new_password2": again})


def test_a_person_who_forgot_the_password_gets_a_link_and_chooses_a_new_one(
    alice: Membership, bob: Membership, client_of: SignIn
) -> None:
    elsewhere, colleague, client = client_of(alice), client_of(bob), Client()
    assert f'href="{FORGOTTEN}"' in page(client.get("/login"))
    assert ask(client, " Alice@Example.com ")["Location"] == f"{FORGOTTEN}/sent"
    assert "Look into your mail" in page(client.get(f"{FORGOTTEN}/sent"))
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([ALICE], "A new password for the Creative Hub")
    assert "your password stays as it is" in sent.body

    opened = client.get(link(), follow=True)
    assert (opened.status_code, opened["Cache-Control"].startswith("max-age=0")) == (200, True)
    assert "set-password" in opened.request["PATH_INFO"], "the token does not stay in the address"
    assert choose(client, link())["Location"] == "/login/new-password/done"
    assert "Your password is changed" in page(client.get("/login/new-password/done"))
    assert elsewhere.get("/creative-hub/").status_code == 302, "every session of theirs has ended"
    assert colleague.get("/creative-hub/").status_code == 200
    assert client.post("/login", {"email": ALICE, "password": PASSWORD}).status_code == 422
    assert client.post("/login", {"email": ALICE, "password": BETTER}).status_code == 302


def test_a_link_works_once_for_an_hour_and_not_after_a_login(alice: Membership, settings: Any) -> None:
    def gone() -> bool:
        answer = Client().get(link(), follow=True)
        assert (answer.status_code == 404) == ("no longer works" in page(answer))
        return bool(answer.status_code == 404)

    ask(Client())
    assert not gone()
    choose(Client(), link())
    assert gone()
    ask(Client())
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert gone()
    settings.PASSWORD_RESET_TIMEOUT = 3600
    assert not gone()
    User.objects.update(last_login=timezone.now())
    assert gone()
    assert Client().get("/login/new-password/nonsense/nonsense").status_code == 404


def test_a_bad_new_password_is_refused_beside_its_field_and_the_link_still_works(alice: Membership) -> None:
    ask(Client())
    client = Client()
    for first, second in (("short", "short"), (BETTER, "another-one-3")):
        answer = choose(client, link(), first, second)
        assert (answer.status_code, "id_new_password2_error" in page(answer)) == (422, True)
    assert choose(client, link()).status_code == 302


def test_who_is_unknown_or_has_left_gets_no_mail_and_the_same_answer(alice: Membership, bob: Membership) -> None:
    User.objects.filter(pk=bob.user.pk).update(is_active=False)
    client = Client()
    known = ask(client)
    for email in (bob.user.email, "nobody@example.com"):
        answer = ask(client, email)
        assert (answer.status_code, answer["Location"]) == (known.status_code, known["Location"])
    assert [sent.to for sent in mail.outbox] == [[ALICE]]
    assert ask(client, "no address").status_code == 422


def test_nothing_is_looked_up_while_somebody_waits_so_that_time_tells_nothing(
    alice: Membership, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr(app, "send_task", lambda name, args, **_: sent.append(args))
    for email in (ALICE, "nobody@example.com"):
        with django_assert_num_queries(0):
            ask(Client(), email)
    assert sent == [(ALICE,), ("nobody@example.com",)]
    tasks.mail_reset("nobody@example.com")
    assert mail.outbox == []


def test_an_address_gets_three_mails_an_hour_and_a_place_asks_twenty_times(alice: Membership) -> None:
    client = Client()
    assert {ask(client)["Location"] for _ in range(resets.MOST_MAILS + 2)} == {f"{FORGOTTEN}/sent"}
    assert len(mail.outbox) == resets.MOST_MAILS
    for number in range(resets.MOST_ASKED - resets.MOST_MAILS - 2):
        assert ask(client, f"{number}@example.com").status_code == 302
    answer = ask(client, "one-more@example.com")
    assert (answer.status_code, 0 < int(answer["Retry-After"]) <= 3600) == (429, True)
    assert "Too many links were asked for from here. Try again in 60 minutes." in page(answer)
    assert ask(Client(REMOTE_ADDR="198.51.100.7"), "one-more@example.com").status_code == 302


def test_a_browser_that_others_have_locked_out_is_open_again_after_a_new_password(alice: Membership) -> None:
    client = Client()
    for _ in range(guesses.MOST_FOR_A_NAME_HERE):
        client.post("/login", {"email": ALICE, "password": "wrong"})
    assert client.post("/login", {"email": ALICE, "password": PASSWORD}).status_code == 429
    ask(client)
    choose(client, link())
    assert client.post("/login", {"email": ALICE, "password": BETTER}).status_code == 302


def test_a_mail_server_that_is_away_shows_nobody_an_error(alice: Membership, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert ask(Client()).status_code == 302


def test_without_a_broker_the_mail_is_sent_at_once(alice: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(app, "send_task", away)
    assert ask(Client()).status_code == 302
    assert len(mail.outbox) == 1


def test_where_no_mail_is_sent_the_page_says_so(alice: Membership, settings: Any) -> None:
    settings.SENDS_MAIL = False
    assert "no mail server" in page(Client().get(FORGOTTEN))
    assert ask(Client()).status_code == 503
    assert mail.outbox == []
