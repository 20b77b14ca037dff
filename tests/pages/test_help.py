"""The help page, which is drawn from the tables that the product works by."""

from collections.abc import Callable

from django.test import Client

from creative_hub import catalog
from jobs.models import FAILURES, Status
from tests.pages.making import fail, make, page
from wevion.accounts.models import Membership

SignIn = Callable[[Membership], Client]


def test_help_names_every_status_failure_type_and_provider(vera: Membership, client_of: SignIn) -> None:
    text = page(client_of(vera).get("/help"))
    for status in Status:
        assert f'id="status-{status}"' in text
    for code in FAILURES:
        assert f'id="failure-{code}"' in text
    for slug in catalog.TYPES:
        assert f'id="type-{slug}"' in text
    for row in catalog.CATALOG:
        assert f'id="provider-{row.slug}"' in text
    assert "Pending" in text
    assert "safety filter refused this request" in text


def test_help_is_found_from_the_form_the_failed_row_and_every_page(alice: Membership, client_of: SignIn) -> None:
    client = client_of(alice)
    fail(make(alice), "provider_timeout")
    assert 'href="/help"' in page(client.get("/creative-hub/"))
    assert 'href="/help#credits"' in page(client.get("/creative-hub/generate/image"))
    assert 'href="/help#failure-provider_timeout"' in page(client.get("/creative-hub/jobs"))
    assert 'href="/help#credits"' in page(client.get("/settings/team/billing"))


def test_help_is_for_people_who_are_signed_in() -> None:
    assert Client().get("/help").status_code == 302
