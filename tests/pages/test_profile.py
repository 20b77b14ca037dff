"""Settings → Profile."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from tests.pages.making import page
from wevion.accounts.models import Membership, User

SignIn = Callable[[Membership], Client]
PROFILE = "/settings/profile"
SAVED = {"name": "Alice Moor", "theme": "dark", "mail_when_done": "failed", "notify_in_browser": "on"}


def test_a_person_changes_name_colours_and_how_they_are_told(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    response = client.post(PROFILE, SAVED)
    assert response.status_code == 302
    assert response.cookies["theme"].value == "dark"
    person = User.objects.get(pk=alice.user.pk)
    assert (person.name, person.mail_when_done, person.notify_in_browser) == ("Alice Moor", "failed", True)
    assert "Your profile is saved." in page(client.get(PROFILE))
    assert User.objects.get(pk=bob.user.pk).name == "Bob"
    client.post(PROFILE, SAVED | {"theme": "", "notify_in_browser": ""})
    assert client.cookies["theme"].value == ""


def test_it_changes_nothing_else_of_the_person(alice: Membership, client_of: SignIn) -> None:
    client_of(alice).post(PROFILE, SAVED | {"email": "mallory@example.com", "is_superuser": "on", "is_staff": "on"})
    person = User.objects.get(pk=alice.user.pk)
    assert (person.email, person.is_superuser, person.is_staff) == ("alice@example.com", False, False)


def test_a_choice_that_is_not_offered_is_refused_beside_its_field(alice: Membership, client_of: SignIn) -> None:
    response = client_of(alice).post(PROFILE, SAVED | {"mail_when_done": "hourly"})
    assert response.status_code == 422
    assert "field-error" in page(response)
    assert User.objects.get(pk=alice.user.pk).mail_when_done == "never"


def test_without_a_mail_server_the_page_says_so_and_keeps_the_choice(alice: Membership, client_of: SignIn, settings: Any) -> None:
    settings.SENDS_MAIL = False
    client = client_of(alice)
    assert "no mail server" in page(client.get(PROFILE))
    assert client.post(PROFILE, SAVED | {"mail_when_done": "always"}).status_code == 302
    assert User.objects.get(pk=alice.user.pk).mail_when_done == "never"


def test_a_visitor_is_sent_to_the_login() -> None:
    assert Client().get(PROFILE).status_code == 302
