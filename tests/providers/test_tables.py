"""docs/providers.md tells the truth: its tables are those that the catalog and the conformance suite give."""

from collections.abc import Callable

import pytest
from django.conf import settings

from tests.providers import tables


@pytest.mark.parametrize("table", [tables.models, tables.cases])
def test_the_page_about_providers_holds_the_table_as_it_is_now(table: Callable[[], str]) -> None:
    page = (settings.ROOT / "docs" / "providers.md").read_text()
    assert table() in page, f"Put this into docs/providers.md:\n\n{table()}"
