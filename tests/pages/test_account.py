"""Login, logout, colours, billing."""

from collections.abc import Callable

from django.db import connection
from django.test import Client

from tests.conftest import PASSWORD
from tests.pages.making import make, page
from wevion.accounts.models import Membership, Role

SignIn = Callable[[Membership], Client]


def test_a_person_logs_in_and_comes_back_to_where_they_were_going(alice: Membership) -> None:
    client = Client()
    sent = client.get("/creative-hub/jobs?status=failed")
    assert sent["Location"] == "/login?next=/creative-hub/jobs%3Fstatus%3Dfailed"
    form = {"email": "ALICE@example.com ", "password": PASSWORD, "next": "/creative-hub/jobs?status=failed"}
    assert client.post("/login", form)["Location"] == "/creative-hub/jobs?status=failed"
    assert client.get("/login")["Location"] == "/creative-hub/"


def test_a_wrong_password_is_said_kindly_and_the_address_kept(alice: Membership) -> None:
    response = Client().post("/login", {"email": "alice@example.com", "password": "wrong"})
    assert response.status_code == 422
    assert "do not go together" in page(response)
    assert 'value="alice@example.com"' in page(response)


def test_the_login_never_leads_away_from_the_site(alice: Membership) -> None:
    form = {"email": "alice@example.com", "password": PASSWORD, "next": "//evil.example/"}
    assert Client().post("/login", form)["Location"] == "/creative-hub/"


def test_logging_out_takes_a_post(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    assert client.get("/logout").status_code == 405
    assert client.post("/logout")["Location"] == "/login"
    assert client.get("/creative-hub/").status_code == 302


def test_the_chosen_colours_are_in_the_page_the_server_sends(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    assert 'class="dark"' not in page(client.get("/creative-hub/"))
    assert client.post("/creative-hub/theme", {"next": "/creative-hub/jobs"})["Location"] == "/creative-hub/jobs"
    assert '<html lang="en" class="dark" data-theme="dark">' in page(client.get("/creative-hub/"))
    client.post("/creative-hub/theme")
    assert 'class="light"' in page(client.get("/creative-hub/"))


def test_billing_agrees_with_the_jobs(alice: Membership, bob: Membership, client_of: SignIn, drain: Callable[[], int]) -> None:
    make(alice)
    make(bob, num_variants=2)
    drain()
    make(bob)
    text = page(client_of(alice).get("/settings/team/billing"))
    for words in ("$9.92", "$9.94 balance − $0.02 held", "$0.06", "debit equals the sum of the completed jobs, $0.06", "by Bob"):
        assert words in text


def test_billing_says_so_when_the_books_do_not_agree(alice: Membership, client_of: SignIn) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE jobs_creditaccount SET posted_cents = posted_cents + 5")
    assert "does not equal the sum of the ledger" in page(client_of(alice).get("/settings/team/billing"))


def test_billing_is_for_those_who_may_see_it(bob: Membership, vera: Membership, charlie: Membership, client_of: SignIn) -> None:
    for member in (bob, vera):
        response = client_of(member).get("/settings/team/billing")
        assert response.status_code == 403
        assert "owners, admins and finance" in page(response)
    assert "Southbank" in page(client_of(charlie).get("/settings/team/billing"))
    bob.role = Role.FINANCE
    bob.save()
    assert client_of(bob).get("/settings/team/billing").status_code == 200


def test_odd_input_at_the_login_is_answered_in_words(alice: Membership) -> None:
    assert Client().post("/login", {"email": "a\x00b@example.com", "password": "x"}).status_code == 422
    sent = {"email": "alice@example.com", "password": PASSWORD, "next": "nowhere"}
    assert Client().post("/login", sent)["Location"] == "/creative-hub/"
