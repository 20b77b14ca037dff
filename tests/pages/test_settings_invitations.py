"""An invitation: a link that works once, for one address, and opens no account that exists."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.utils import timezone

from tests.conftest import PASSWORD
from tests.pages.making import make, page
from wevion.accounts.models import Invitation, Membership, Role, User, digest

SignIn = Callable[[Membership], Client]
TEAM = "/settings/team"
NEW = {"name": "Dana Petit", "new_password1": "a-good-long-one", "new_password2": "a-good-long-one"}


def invited(client: Client, email: str = "dana@example.com", role: str = "mediabuyer") -> str:
    """The path of the link that the page shows."""
    return path_in(client.post(f"{TEAM}/invitations", {"email": email, "role": role}))


def path_in(answer: Any) -> str:
    assert answer.status_code == 200
    found = re.search(r'value="http[^"]*(/invitations/[^"]+)"', page(answer))
    assert found
    return found[1]


@pytest.fixture
def owner(alice: Membership, client_of: SignIn) -> Client:
    return client_of(alice)


def test_somebody_new_sets_a_name_and_password_and_is_in_the_team(owner: Client, alice: Membership) -> None:
    path = invited(owner, " Dana@Example.com")
    visitor = Client()
    text = page(visitor.get(path))
    assert "Join Northlight" in text
    assert "dana@example.com" in text
    assert visitor.post(path, NEW)["Location"] == "/creative-hub/"
    member = Membership.objects.get(user__email="dana@example.com")
    assert (member.team, member.role, member.user.name) == (alice.team, Role.MEDIABUYER, "Dana Petit")
    assert visitor.get("/creative-hub/").status_code == 200
    assert Client().login(username="dana@example.com", password="a-good-long-one")


def test_a_link_works_once(owner: Client) -> None:
    path = invited(owner)
    Client().post(path, NEW)
    for answer in (Client().get(path), Client().post(path, NEW)):
        assert answer.status_code == 404
        assert "no longer works" in page(answer)
    assert Membership.objects.count() == 2


def test_a_link_works_for_seven_days(owner: Client) -> None:
    path = invited(owner)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(path).status_code == 404
    assert "no longer valid" in page(owner.get(TEAM))


def test_a_new_link_kills_the_earlier_one_and_a_withdrawn_one_is_dead(owner: Client) -> None:
    first = invited(owner)
    second = path_in(owner.post(f"{TEAM}/invitations/{Invitation.objects.get().pk}/renew"))
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert "withdrawn" in page(owner.post(f"{TEAM}/invitations/{Invitation.objects.get().pk}/withdraw", follow=True))
    assert Client().get(second).status_code == 404


def test_the_link_is_shown_once_and_only_its_hash_is_kept(owner: Client) -> None:
    token = invited(owner).rsplit("/", 1)[1]
    assert token not in page(owner.get(TEAM))
    invitation = Invitation.objects.get()
    assert invitation.token_hash == digest(token)
    assert token not in str(vars(invitation))


def test_an_invitation_dies_with_the_right_to_make_it(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    Membership.objects.filter(pk=bob.pk).update(role=Role.ADMIN)
    path = invited(client_of(bob), role="admin")
    Membership.objects.filter(pk=bob.pk).update(role=Role.MANAGER)
    assert Client().get(path).status_code == 404
    Membership.objects.filter(pk=bob.pk).delete()
    assert not Invitation.objects.exists()


def test_the_link_alone_opens_no_account_that_exists(owner: Client, db: None) -> None:
    person = User.objects.create_user("dana@example.com", PASSWORD, name="Dana")
    path = invited(owner)
    visitor = Client()
    answer = visitor.post(path, NEW)
    assert "Log in with it" in page(answer)
    assert f"/login?next={path}" in page(answer)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    visitor.force_login(person)
    assert "Join the team" in page(visitor.get(path))
    assert visitor.post(path)["Location"] == "/creative-hub/"
    assert Membership.objects.get(user=person).role == Role.MEDIABUYER


def test_another_persons_invitation_cannot_be_used(owner: Client, charlie: Membership, client_of: SignIn) -> None:
    answer = client_of(charlie).post(invited(owner))
    assert answer.status_code == 409
    assert "you are signed in as charlie@example.com" in page(answer)
    assert Invitation.objects.exists()


def test_who_is_in_another_team_cannot_join_and_the_inviter_does_not_learn_it(
    owner: Client, charlie: Membership, client_of: SignIn
) -> None:
    path = invited(owner, "charlie@example.com")
    answer = client_of(charlie).post(path)
    assert answer.status_code == 409
    assert "in a team already" in page(answer)
    charlie.refresh_from_db()
    assert charlie.team.name == "Southbank"


def test_a_removed_member_may_come_back_with_the_password_but_takes_the_work_to_no_other_team(
    owner: Client, alice: Membership, bob: Membership, charlie: Membership, client_of: SignIn
) -> None:
    job = make(bob)
    owner.post(f"{TEAM}/members/{bob.pk}/remove")
    person, right = Client(), {"password": PASSWORD}
    answer = person.post(invited(client_of(charlie), "bob@example.com"), right)
    assert answer.status_code == 409
    assert "stays with it" in page(answer)
    path = invited(owner, "bob@example.com")
    for wrong in (NEW, {"password": "guessed"}):
        answer = person.post(path, wrong)
        assert (answer.status_code, 'id="id_password_error"' in page(answer)) == (422, True)
    assert person.post(path, right)["Location"] == "/creative-hub/"
    assert Membership.objects.get(user=bob.user).team == alice.team
    assert person.get(f"/creative-hub/jobs/{job.pk}").status_code == 200


def test_who_is_in_the_team_is_not_invited_again(owner: Client, bob: Membership) -> None:
    answer = owner.post(f"{TEAM}/invitations", {"email": "BOB@example.com", "role": "viewer"})
    assert answer.status_code == 422
    assert "in your team already" in page(answer)
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "id_name_error"),
        ({"new_password2": "another-long-one"}, "id_new_password2_error"),
        ({"new_password1": "short", "new_password2": "short"}, "id_new_password2_error"),
    ],
)
def test_a_new_account_needs_a_name_and_a_good_password(wrong: dict[str, str], said: str, owner: Client) -> None:
    path = invited(owner)
    answer = Client().post(path, NEW | wrong)
    assert answer.status_code == 422
    assert said in page(answer)
    assert Invitation.objects.exists()
    assert not User.objects.filter(email="dana@example.com").exists()


def test_the_link_is_mailed_where_mail_is_sent(owner: Client) -> None:
    with override_settings(SENDS_MAIL=False):
        text = page(owner.post(f"{TEAM}/invitations", {"email": "dana@example.com", "role": "viewer"}))
    assert "Pass it on yourself" in text
    assert mail.outbox == []
    with override_settings(SENDS_MAIL=True):
        answer = owner.post(f"{TEAM}/invitations", {"email": "dana@example.com", "role": "viewer"})
    assert "It was mailed to them" in page(answer)
    (letter,) = mail.outbox
    assert letter.to == ["dana@example.com"]
    assert path_in(answer) in letter.body


def test_a_mail_server_that_is_away_is_no_failure(owner: Client) -> None:
    with override_settings(
        SENDS_MAIL=True, EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1
    ):
        answer = owner.post(f"{TEAM}/invitations", {"email": "dana@example.com", "role": "viewer"})
    assert "Pass it on yourself" in page(answer)
    assert Client().get(path_in(answer)).status_code == 200


def test_an_admin_cannot_replace_an_owner_s_invitation(owner: Client, bob: Membership, client_of: SignIn) -> None:
    path = invited(owner, role="owner")
    Membership.objects.filter(pk=bob.pk).update(role=Role.ADMIN)
    refused = client_of(bob).post(f"{TEAM}/invitations", {"email": "dana@example.com", "role": "viewer"})
    assert "above your role" in page(refused)
    assert Client().get(path).status_code == 200
