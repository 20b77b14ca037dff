"""How often a password may be guessed, and that a stranger's guesses do not keep its person out."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tests.conftest import PASSWORD
from tests.pages.making import page
from tests.pages.test_settings_invitations import invited
from tests.threads import at_once
from wevion.accounts import guesses
from wevion.accounts.models import Membership, User
from wevion.drf import throttling

ALICE = "alice@example.com"
ELSEWHERE = "198.51.100.7"
WRONG = "not-the-one-1"


def log_in(client: Client, email: str = ALICE, password: str = WRONG) -> Any:
    return client.post("/login", {"email": email, "password": password})


def guess(client: Client, times: int, email: str = ALICE) -> set[int]:
    return {log_in(client, email).status_code for _ in range(times)}


def test_after_ten_wrong_passwords_even_the_right_one_waits_and_the_page_says_how_long(alice: Membership) -> None:
    client = Client()
    assert guess(client, guesses.MOST_FOR_A_NAME_HERE) == {422}
    answer = log_in(client, " ALICE@example.com", PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= guesses.WINDOW_SECONDS
    assert "Too many attempts with a wrong password. Try again in 15 minutes." in page(answer)
    assert "I forgot my password" in page(answer)
    assert log_in(client, "nobody@example.com").status_code == 422, "another name is not affected"


def test_a_name_that_nobody_has_is_answered_in_the_same_words(alice: Membership) -> None:
    def said(email: str) -> list[tuple[int, bool, bool]]:
        answers = [log_in(Client(), email) for _ in range(guesses.MOST_FOR_A_NAME_HERE + 1)]
        return [(a.status_code, "do not go together" in page(a), "Try again in 15 minutes" in page(a)) for a in answers]

    assert said(ALICE) == said("nobody@example.com")


def test_right_passwords_are_not_counted(alice: Membership) -> None:
    assert {log_in(Client(), ALICE, PASSWORD).status_code for _ in range(guesses.MOST_FOR_A_NAME_HERE + 2)} == {302}


def test_a_stranger_s_guesses_from_elsewhere_do_not_keep_the_person_out(alice: Membership) -> None:
    guess(Client(REMOTE_ADDR=ELSEWHERE), guesses.MOST_FOR_A_NAME_HERE + 1)
    assert log_in(Client(), ALICE, PASSWORD).status_code == 302


def test_guesses_from_the_same_address_or_from_everywhere_do_not_lock_a_browser_that_the_person_has_used(
    alice: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = Client()
    log_in(used, ALICE, PASSWORD)
    used.post("/logout")
    assert guess(Client(), guesses.MOST_FOR_A_NAME_HERE + 1) == {422, 429}
    monkeypatch.setattr(guesses, "MOST_FOR_A_NAME", 1)
    assert log_in(Client(REMOTE_ADDR=ELSEWHERE), ALICE, PASSWORD).status_code == 429
    assert log_in(used, ALICE, PASSWORD).status_code == 302
    assert guess(used, guesses.MOST_IN_A_KNOWN_BROWSER) == {422}
    assert log_in(used, ALICE, PASSWORD).status_code == 429, "it has a limit of its own"


def test_the_cookie_of_one_person_s_browser_is_no_pass_for_another_s_name(alice: Membership, charlie: Membership) -> None:
    client = Client()
    log_in(client, charlie.user.email, PASSWORD)
    assert client.cookies[guesses.COOKIE]["httponly"]
    assert guess(client, guesses.MOST_FOR_A_NAME_HERE) == {422}
    assert log_in(Client(), ALICE).status_code == 429


def test_one_address_does_not_guess_at_many_names(alice: Membership) -> None:
    client = Client()
    assert {log_in(client, f"{number}@example.com").status_code for number in range(guesses.MOST_FROM_AN_ADDRESS)} == {422}
    assert log_in(client, ALICE, PASSWORD).status_code == 429
    assert log_in(Client(REMOTE_ADDR=ELSEWHERE), ALICE, PASSWORD).status_code == 302


def test_guesses_at_the_same_time_do_not_slip_past() -> None:
    def take() -> str:
        try:
            guesses.take({guesses.key("test"): 5}, 60, "Too many.")
        except guesses.TooMany:
            return "refused"
        return "counted"

    assert sorted(map(str, at_once(12, take))) == ["counted"] * 5 + ["refused"] * 7


def test_without_redis_people_log_in_and_wrong_passwords_are_refused_uncounted(
    alice: Membership, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    monkeypatch.setattr(throttling, "_quiet_until", 0.0)
    assert guess(Client(), guesses.MOST_FOR_A_NAME_HERE + 1) == {422}
    assert log_in(Client(), ALICE, PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("behind", "headers", "address"),
    [
        (False, {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, "203.0.113.9"),
        (True, {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1, 203.0.113.9"}, "203.0.113.9"),
        (True, {"REMOTE_ADDR": "10.0.0.1"}, ""),
        (False, {"REMOTE_ADDR": ""}, ""),
        (False, {"REMOTE_ADDR": "2001:db8:1:2:3::4"}, "2001:db8:1:2::/64"),
        (False, {"REMOTE_ADDR": "::ffff:203.0.113.9"}, "203.0.113.9"),
    ],
)
def test_an_address_is_the_one_that_our_proxy_saw(behind: bool, headers: dict[str, str], address: str, settings: Any) -> None:
    settings.BEHIND_PROXY = behind
    assert guesses.address_of(RequestFactory().get("/login", **headers)) == address  # type: ignore[arg-type]


def test_the_password_of_a_former_member_is_not_guessed_behind_an_invitation(
    alice: Membership, bob: Membership, client_of: Callable[[Membership], Client]
) -> None:
    owner = client_of(alice)
    owner.post(f"/settings/team/members/{bob.pk}/remove")
    path, client = invited(owner, bob.user.email), Client()
    assert {client.post(path, {"password": "guessed"}).status_code for _ in range(guesses.MOST_FOR_A_NAME_HERE)} == {422}
    refused = client.post(path, {"password": PASSWORD})
    assert (refused.status_code, "Try again in 15 minutes" in page(refused)) == (422, True)
    assert not User.objects.get(pk=bob.user.pk).is_active
