from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from rest_framework.test import APIClient

from tests.api.calling import Api
from tests.conftest import redis_url
from tests.processes import Stack
from wevion.accounts.models import Membership
from wevion.drf.throttling import KeyThrottle


@pytest.fixture
def api(key_of: Callable[[Membership], str]) -> Api:
    """A program that sends JSON with a new key of the member."""

    def program(member: Membership) -> APIClient:
        client = APIClient(raise_request_exception=False)
        client.default_format = "json"
        client.credentials(HTTP_X_API_KEY=key_of(member))
        return client

    return program


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the tests of the limit run into it: they set it themselves."""
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"key": "100000/min"})


@pytest.fixture
def site(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    """The web server alone, as production runs it. The engine is this process's (`drain`), over the same files."""
    stack = Stack(connection.settings_dict, redis_url(), tmp_path)
    stack.environment["API_RATE"] = "1000000/min"
    try:
        stack.start("web")
        yield stack
    finally:
        stack.stop()
        connection.close()
