"""Settings → Billing: the figures, who used what, the ledger and its CSV."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from jobs import statement, submission
from jobs.models import LedgerEntry, ledger
from jobs.submission import Order
from jobs.views import billing
from tests.api.calling import complete
from tests.pages.making import page
from wevion.accounts.models import Membership, Role, Team

SignIn = Callable[[Membership], Client]
BILLING = "/settings/team/billing"


def charged(member: Membership, cents: int = 25) -> None:
    job = submission.submit(member, Order("image", "local_image", "a red bicycle", {}, [cents], 900, 1800))
    complete(str(job.pk))


def rows_of(answer: Any) -> list[dict[str, str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_it_shows_who_used_what_with_their_limits(
    alice: Membership, bob: Membership, vera: Membership, client_of: SignIn
) -> None:
    bob.monthly_cap_cents = 200
    bob.save()
    charged(alice, 30)
    charged(bob, 25)
    charged(bob, 25)
    text = page(client_of(alice).get(BILLING))
    assert text.index("Bob <span") < text.index("Alice <span"), "the largest charge first"
    assert '<progress max="200" value="50" aria-label="Used by Bob">' in text
    assert "$0.50 of $2.00" in text
    found = {
        use.person.name: (use.jobs, use.charged_cents) for use in statement.uses(alice.team, ledger.month_of(datetime.now(UTC)))
    }
    assert found == {"Bob": (2, 50), "Alice": (1, 30), "Vera": (0, 0)}


def test_somebody_who_left_is_still_in_the_month(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    charged(bob)
    client = client_of(alice)
    client.post(f"/settings/team/members/{bob.pk}/remove")
    text = page(client.get(BILLING))
    assert "has left the team" in text
    assert "equals the sum of the completed jobs, $0.25" in text
    assert len(rows_of(client.get(f"{BILLING}.csv?member={bob.user_id}"))) == 1


def test_the_ledger_is_filtered_by_kind_person_and_month(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    charged(alice)
    charged(bob)
    client, month = client_of(alice), f"{datetime.now(UTC):%Y-%m}"
    for query, number in {
        "": 3,
        "?kind=topup": 1,
        "?kind=charge": 2,
        f"?member={bob.user_id}": 1,
        f"?kind=charge&member={alice.user_id}&month={month}": 1,
        "?kind=refund": 0,
    }.items():
        assert len(rows_of(client.get(f"{BILLING}.csv{query}"))) == number, query
        assert page(client.get(BILLING + query)).count('<td role="cell" class="at">') == number, query


@pytest.mark.parametrize("query", ["kind=gift", "member=nobody", "month=2026-13", "month=1900-01"])
def test_a_choice_that_makes_no_sense_shows_nothing_and_says_so(query: str, alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    answer = client.get(f"{BILLING}?{query}")
    assert answer.status_code == 400
    assert "cannot be used" in page(answer)
    assert client.get(f"{BILLING}.csv?{query}").status_code == 400


def test_a_strangers_person_is_no_choice(alice: Membership, charlie: Membership, client_of: SignIn) -> None:
    charged(charlie)
    client = client_of(alice)
    assert client.get(f"{BILLING}?member={charlie.user_id}").status_code == 400
    assert "Charlie" not in page(client.get(BILLING))
    assert all(row["person"] != "charlie@example.com" for row in rows_of(client.get(f"{BILLING}.csv")))


def test_older_entries_are_a_page_away_and_none_is_lost_or_repeated(
    alice: Membership, charlie: Membership, client_of: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing, "STEP", 4)
    with transaction.atomic():
        for number in range(9):
            ledger.top_up(alice.team, 100, reason=f"INV-{number}")
            ledger.top_up(charlie.team, 100, reason=f"OTHER-{number}")
    client, seen, url = client_of(alice), [], BILLING
    while url:
        answer = client.get(url)
        seen += [entry.pk for entry in answer.context["entries"]]
        url = f"{BILLING}?{answer.context['older']}" if answer.context["older"] else ""
    assert seen == list(LedgerEntry.objects.filter(team=alice.team).order_by("-at", "-id").values_list("pk", flat=True))
    assert client.get(f"{BILLING}?before=99999999999999999999").status_code == 200


def test_the_csv_says_all_of_it_and_runs_no_formula(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    charged(bob)
    ledger.top_up(alice.team, 1234, alice.user_id, '=HYPERLINK("http://evil.example","x")')
    answer = client_of(alice).get(f"{BILLING}.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"] == 'attachment; filename="northlight-ledger.csv"'
    rows = {row["kind"] + row["amount_usd"]: row for row in rows_of(answer)}
    charge, payment = rows["charge-0.25"], rows["topup12.34"]
    assert (charge["person"], charge["type"], charge["balance_usd"]) == ("bob@example.com", "image", "9.75")
    assert payment["reference"].startswith("'=HYPERLINK")
    assert payment["recorded_by"] == "alice@example.com"
    assert {"time_utc", "job_id", "provider"} <= set(payment)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_words_begins_like_a_formula(start: str, alice: Membership, client_of: SignIn) -> None:
    ledger.top_up(alice.team, 100, reason=f"{start}1+1")
    references = [row["reference"] for row in rows_of(client_of(alice).get(f"{BILLING}.csv"))]
    assert any(reference.startswith("'") for reference in references)


def test_a_past_month_has_its_own_figures(alice: Membership, bob: Membership, client_of: SignIn) -> None:
    Team.objects.update(created_at=datetime(2026, 1, 5, tzinfo=UTC))
    charged(bob)
    text = page(client_of(alice).get(f"{BILLING}?month=2026-02"))
    assert "Debit in February 2026</span><strong>$0.00" in text
    assert "No entry matches" in text


def test_months_and_their_bounds_turn_with_the_year(alice: Membership) -> None:
    alice.team.created_at = datetime(2025, 11, 30, 23, 59, tzinfo=UTC)
    assert statement.months_of(alice.team, datetime(2026, 1, 1, tzinfo=UTC)) == [
        date(2026, 1, 1),
        date(2025, 12, 1),
        date(2025, 11, 1),
    ]
    assert statement.bounds(date(2025, 12, 1)) == (datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def test_finance_may_see_it_and_others_not_even_the_csv(bob: Membership, vera: Membership, client_of: SignIn) -> None:
    for member in (bob, vera):
        assert client_of(member).get(f"{BILLING}.csv").status_code == 403
    bob.role = Role.FINANCE
    bob.save()
    assert client_of(bob).get(f"{BILLING}.csv").status_code == 200
    assert "/settings/team/api-keys" not in page(client_of(bob).get(BILLING))


def test_the_page_takes_the_same_queries_however_much_happened(
    alice: Membership, bob: Membership, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    for _ in range(4):
        charged(bob)
        charged(alice)
    client = client_of(alice)
    with django_assert_max_num_queries(17):
        client.get(BILLING)
