"""A vendor's key is in no row, no log and no page, whatever happened to the job, and even if the vendor repeats it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from jobs.models import Job
from tests.line.test_vendors import CASES, ordered
from tests.providers.fakes.server import FakeVendor
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)
KEY = FakeVendor.api_key


def rows_with(secret: str) -> list[str]:
    """The tables of ours in which some row holds it."""
    tables = [name for name in connection.introspection.table_names() if name.startswith(("jobs_", "creative_hub_", "accounts_"))]
    with connection.cursor() as cursor:
        found = []
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"])  # noqa: S608
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def seen_of(job: Job, client: Client) -> str:
    pages = [client.get(reverse("job", args=[job.pk])), client.get(reverse("jobs"))]
    assert [page.status_code for page in pages] == [200, 200]
    return " ".join(page.content.decode() for page in pages)


@pytest.mark.parametrize("provider", CASES)
def test_a_key_that_the_vendor_repeats_is_blotted_out(
    provider: str, bob: Membership, settings: Any, caplog: pytest.LogCaptureFixture, client_of: Callable[[Membership], Client]
) -> None:
    caplog.set_level("DEBUG")
    job, _ = ordered(provider, bob, settings, "echo")
    assert job.status == "failed"
    assert any("[key]" in event.detail for event in job.events.all()), "the vendor's words are kept, but for the key"
    assert rows_with(KEY) == []
    assert KEY not in caplog.text + seen_of(job, client_of(bob))


@pytest.mark.parametrize("case", ["ok", "server error", "out of credit", "failed later"])
def test_the_key_is_nowhere_after_success_and_after_failures(
    case: str, bob: Membership, settings: Any, caplog: pytest.LogCaptureFixture, client_of: Callable[[Membership], Client]
) -> None:
    caplog.set_level("DEBUG")
    job, _ = ordered("runway_gen4", bob, settings, case)
    assert rows_with(KEY) == []
    assert KEY not in caplog.text + seen_of(job, client_of(bob))
    assert ("only an operator can mend it" in caplog.text) == (case == "out of credit")
