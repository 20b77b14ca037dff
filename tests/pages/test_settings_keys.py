"""Settings → API keys, and one's own password."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.conftest import PASSWORD
from tests.pages.making import page
from wevion.accounts.models import ApiKey, Membership, Permission, Role

SignIn = Callable[[Membership], Client]
KEYS = "/settings/team/api-keys"


def test_a_key_is_made_with_a_name_a_member_permissions_and_an_expiry_and_shown_once(
    alice: Membership, bob: Membership, client_of: SignIn
) -> None:
    client = client_of(alice)
    wanted = {"name": "Nightly renders", "member": bob.pk, "permissions": ["read", "generate"], "lifetime": "30"}
    text = page(client.post(KEYS, wanted))
    found = re.search(r'value="(wv_live_[^"]+)"', text)
    assert found
    key = ApiKey.objects.usable(found[1])
    assert key is not None
    assert (key.membership, key.permissions) == (bob, ["read", "generate"])
    assert key.expires_at is not None
    assert abs(key.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    later = page(client.get(KEYS))
    assert found[1] not in later
    for words in ("Nightly renders", key.prefix, "acts as Bob", "may read, generate", "never used"):
        assert words in later


def test_a_key_has_only_what_it_was_given(alice: Membership) -> None:
    reader, _ = ApiKey.objects.issue(alice, "reader", permissions=[Permission.READ])
    everything, _ = ApiKey.objects.issue(alice, "everything")
    assert [reader.has(permission) for permission in Permission] == [True, False, False]
    assert all(everything.has(permission) for permission in Permission)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "id_name_error"),
        ({"permissions": []}, "may do nothing is of no use"),
        ({"permissions": ["everything"]}, "id_permissions_error"),
        ({"lifetime": "9999"}, "id_lifetime_error"),
    ],
)
def test_what_makes_no_key_is_said_beside_the_field(
    wrong: dict[str, object], said: str, alice: Membership, client_of: SignIn
) -> None:
    form = {"name": "k", "member": alice.pk, "permissions": ["read"], "lifetime": "never"} | wrong
    answer = client_of(alice).post(KEYS, form)
    assert answer.status_code == 422
    assert said in page(answer)
    assert not ApiKey.objects.exists()


def test_a_key_cannot_act_for_a_stranger(alice: Membership, charlie: Membership, client_of: SignIn) -> None:
    form = {"name": "k", "member": charlie.pk, "permissions": ["read"], "lifetime": "never"}
    assert client_of(alice).post(KEYS, form).status_code == 422
    assert "Charlie" not in page(client_of(alice).get(KEYS))


def test_a_revoked_key_is_dead_at_once_and_listed_as_such(
    alice: Membership, bob: Membership, client_of: SignIn, key_of: Callable[[Membership], str]
) -> None:
    secret = key_of(bob)
    client = client_of(alice)
    asked = {"x-api-key": secret}
    assert Client().get("/api/v1/creative-hub/generate/jobs", headers=asked).status_code == 200
    path = f"{KEYS}/{ApiKey.objects.get().pk}/revoke"
    assert client.get(path).status_code == 405
    assert "is revoked" in page(client.post(path, follow=True))
    assert Client().get("/api/v1/creative-hub/generate/jobs", headers=asked).status_code == 401
    first = ApiKey.objects.get().revoked_at
    client.post(path)
    assert ApiKey.objects.get().revoked_at == first
    assert "Keys that no longer work" in page(client.get(KEYS))


def test_an_admin_does_not_revoke_an_owners_key(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    key, _ = ApiKey.objects.issue(alice, "Alice's")
    bob.role = Role.ADMIN
    bob.save()
    assert client_of(bob).post(f"{KEYS}/{key.pk}/revoke").status_code == 404
    assert ApiKey.objects.get().is_live


def test_an_expired_key_is_not_among_the_live_ones(alice: Membership, client_of: SignIn) -> None:
    ApiKey.objects.issue(alice, "old", timezone.now() - timedelta(days=1))
    text = page(client_of(alice).get(KEYS))
    assert "No keys yet" in text
    assert "expired" in text


def test_a_password_is_changed_with_the_present_one_and_other_sessions_end(bob: Membership, client_of: SignIn) -> None:
    here, elsewhere = client_of(bob), client_of(bob)
    new = {"old_password": PASSWORD, "new_password1": "another-good-one", "new_password2": "another-good-one"}
    answer = here.post("/settings/password", new | {"old_password": "wrong"})
    assert answer.status_code == 422
    assert "id_old_password_error" in page(answer)
    assert "Your password is changed" in page(here.post("/settings/password", new, follow=True))
    assert here.get("/creative-hub/").status_code == 200
    assert elsewhere.get("/creative-hub/").status_code == 302
    assert Client().login(username="bob@example.com", password="another-good-one")


def test_the_settings_need_a_login(db: None) -> None:
    for path in ("/settings", "/settings/team", KEYS, "/settings/password", "/settings/team/billing", "/dashboard"):
        answer = Client().get(path, follow=True)
        assert answer.request["PATH_INFO"] == "/login", path
