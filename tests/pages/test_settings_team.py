"""Settings → Team: who may change what, and what must never happen to a team."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jobs.models import Job
from tests.conftest import PASSWORD, join
from tests.pages.making import make, page
from tests.threads import at_once
from wevion.accounts import members
from wevion.accounts.models import ApiKey, Membership, Role, User

SignIn = Callable[[Membership], Client]
TEAM = "/settings/team"


def url(member: Membership) -> str:
    return f"{TEAM}/members/{member.pk}"


def role_of(member: Membership) -> str:
    return Membership.objects.get(pk=member.pk).role


def test_everybody_sees_the_members_of_their_own_team(
    alice: Membership, bob: Membership, vera: Membership, charlie: Membership, client_of: SignIn
) -> None:
    for member in (alice, bob, vera):
        text = page(client_of(member).get(TEAM))
        for other in (alice, bob, vera):
            assert other.user.email in text
        assert "charlie" not in text.lower()


def test_only_owners_and_admins_find_something_to_change(
    alice: Membership, bob: Membership, vera: Membership, client_of: SignIn
) -> None:
    assert "Invite somebody" in page(client_of(alice).get(TEAM))
    for member in (bob, vera):
        text = page(client_of(member).get(TEAM))
        assert "Invite somebody" not in text
        assert ">Manage <" not in text
        assert "/settings/team/api-keys" not in text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.MEDIABUYER, Role.FINANCE, Role.VIEWER])
def test_the_other_roles_change_nothing(role: Role, alice: Membership, bob: Membership, client_of: SignIn) -> None:
    bob.role = role
    bob.save()
    key, _ = ApiKey.objects.issue(alice, "Alice's")
    client = client_of(bob)
    posts: dict[str, dict[str, Any]] = {
        "/name": {"name": "Mine now"},
        "/invitations": {"email": "eve@example.com", "role": "owner"},
        f"/members/{bob.pk}": {"role": "owner", "cap": ""},
        f"/members/{alice.pk}/remove": {},
        "/api-keys": {"name": "k", "member": alice.pk, "permissions": ["read"], "lifetime": "never"},
        f"/api-keys/{key.pk}/revoke": {},
    }
    for path, data in posts.items():
        answer = client.post(TEAM + path, data)
        assert (path, answer.status_code) == (path, 403)
        assert "owners and admins" in page(answer)
    assert client.get(url(bob)).status_code == client.get(f"{TEAM}/api-keys").status_code == 403
    bob.refresh_from_db()
    assert (bob.role, bob.team.name, Membership.objects.count(), ApiKey.objects.count()) == (role, "Northlight", 2, 1)


def test_a_stranger_gets_404_for_members_invitations_and_keys(
    alice: Membership, bob: Membership, charlie: Membership, client_of: SignIn
) -> None:
    mine, strangers = client_of(alice), client_of(charlie)
    mine.post(f"{TEAM}/invitations", {"email": "dana@example.com", "role": "viewer"})
    (invitation,) = alice.team.invitations.all()
    key, _ = ApiKey.objects.issue(bob, "Bob's")
    for path in (f"/members/{bob.pk}/remove", f"/members/{bob.pk}", f"/api-keys/{key.pk}/revoke"):
        assert strangers.post(TEAM + path, {"role": "viewer"}).status_code == 404
    for act in ("renew", "withdraw"):
        assert strangers.post(f"{TEAM}/invitations/{invitation.pk}/{act}").status_code == 404
    assert strangers.get(url(bob)).status_code == 404
    assert role_of(bob) == Role.MEDIABUYER
    assert ApiKey.objects.get().is_live
    assert alice.team.invitations.count() == 1


def test_an_owner_gives_a_role_and_a_monthly_limit(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    assert client.post(url(bob), {"role": "manager", "cap": "12.50"})["Location"] == TEAM
    bob.refresh_from_db()
    assert (bob.role, bob.monthly_cap_cents) == ("manager", 1250)
    assert "$12.50 a month" in page(client.get(TEAM))
    assert 'value="12.5"' in page(client.get(url(bob)))
    client.post(url(bob), {"role": "manager", "cap": ""})
    bob.refresh_from_db()
    assert bob.monthly_cap_cents is None


@pytest.mark.parametrize("cap", ["-1", "1.234", "lots", "99999999999"])
def test_a_limit_that_makes_no_sense_is_refused_beside_the_field(
    cap: str, alice: Membership, bob: Membership, client_of: SignIn
) -> None:
    answer = client_of(alice).post(url(bob), {"role": "manager", "cap": cap})
    assert answer.status_code == 422
    assert 'id="id_cap_error"' in page(answer)
    assert role_of(bob) == Role.MEDIABUYER


def test_an_admin_can_neither_make_nor_touch_an_owner(
    alice: Membership, bob: Membership, vera: Membership, client_of: SignIn
) -> None:
    bob.role = Role.ADMIN
    bob.save()
    client = client_of(bob)
    assert client.post(url(vera), {"role": "owner"}).status_code == 422
    assert client.post(url(bob), {"role": "owner"}).status_code == 422
    assert client.post(url(alice), {"role": "viewer"}).status_code == 422
    client.post(f"{url(alice)}/remove")
    assert client.post(f"{TEAM}/invitations", {"email": "eve@example.com", "role": "owner"}).status_code == 422
    answer = client.post(f"{TEAM}/api-keys", {"name": "k", "member": alice.pk, "permissions": ["read"], "lifetime": "never"})
    assert answer.status_code == 422, "a key that acts for the owner would lend their role"
    assert [role_of(member) for member in (alice, bob, vera)] == [Role.OWNER, Role.ADMIN, Role.VIEWER]
    assert "Only an owner can change this member" in page(client.get(url(alice)))
    assert client.post(url(vera), {"role": "admin"}).status_code == 302


def test_the_last_owner_can_be_neither_demoted_nor_removed(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    answer = client.post(url(alice), {"role": "admin"})
    assert answer.status_code == 422
    assert "A team needs an owner" in page(answer)
    assert "A team needs an owner" in page(client.post(f"{url(alice)}/remove", follow=True))
    client.post(url(bob), {"role": "owner"})
    assert client.post(url(alice), {"role": "admin"}).status_code == 302
    assert [role_of(alice), role_of(bob)] == [Role.ADMIN, Role.OWNER]


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_the_same_time_leave_one(alice: Membership, bob: Membership) -> None:
    bob.role = Role.OWNER
    bob.save()
    pairs = [(alice.pk, bob.pk), (bob.pk, alice.pk)]

    def demote() -> None:
        actor, other = pairs.pop()
        members.change(Membership.objects.get(pk=actor), other, Role.VIEWER, None)

    outcomes = at_once(2, demote)
    assert sum(isinstance(outcome, members.NotAllowed) for outcome in outcomes) == 1, outcomes
    assert Membership.objects.filter(role=Role.OWNER).count() == 1


def test_a_removed_member_sees_nothing_more_and_their_keys_are_dead_but_their_jobs_stay(
    alice: Membership, bob: Membership, client_of: SignIn
) -> None:
    job = make(bob)
    _, secret = ApiKey.objects.issue(bob, "Bob's")
    theirs = client_of(bob)
    assert theirs.get(TEAM).status_code == 200
    answer = client_of(alice).post(f"{url(bob)}/remove", follow=True)
    assert "no longer in the team" in page(answer)
    for path in (TEAM, "/dashboard", "/creative-hub/", f"/creative-hub/jobs/{job.pk}"):
        assert theirs.get(path, headers={"HX-Request": "true"}).status_code == 401, path
        assert theirs.get(path).status_code == 302, path
    assert not Client().login(username="bob@example.com", password=PASSWORD)
    assert ApiKey.objects.usable(secret) is None
    assert Job.objects.of_team(alice.team).get() == job
    assert User.objects.get(pk=bob.user_id).left_team == alice.team


def test_nobody_removes_themselves(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    bob.role = Role.OWNER
    bob.save()
    assert "Ask another owner or admin" in page(client_of(bob).post(f"{url(bob)}/remove", follow=True))
    assert Membership.objects.filter(pk=bob.pk).exists()


def test_the_team_is_renamed_and_an_empty_name_refused(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    assert client.post(f"{TEAM}/name", {"name": "  "}).status_code == 422
    assert "called “Northern Light”" in page(client.post(f"{TEAM}/name", {"name": "Northern Light"}, follow=True))


def test_changes_take_a_post(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    for path in ("/name", "/invitations", f"/members/{bob.pk}/remove"):
        assert client.get(TEAM + path).status_code == 405


def test_the_list_takes_the_same_queries_however_many_are_in_it(
    alice: Membership, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        join(alice.team, f"member{number}@example.com", Role.VIEWER)
    client = client_of(alice)
    with django_assert_max_num_queries(9):
        client.get(TEAM)
