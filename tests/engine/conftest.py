from collections.abc import Iterator
from typing import Any

import pytest

from jobs.studio import studio
from tests.engine import workshop


@pytest.fixture(autouse=True)
def _workshop(settings: Any) -> Iterator[None]:
    settings.JOBS_STUDIO = "tests.engine.workshop"
    settings.TEAM_SLOTS = 4
    studio.cache_clear()
    workshop.calls.clear()
    yield
    studio.cache_clear()
