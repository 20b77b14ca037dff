"""Vendors that this process serves, and real processes that reach them, none of which is started yet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from jobs.studio import studio
from tests.conftest import redis_url
from tests.engine import workshop
from tests.line.test_vendors import clip, configured, picture
from tests.processes import Stack
from tests.providers.fakes import bfl as fake_bfl
from tests.providers.fakes import heygen as fake_heygen
from tests.providers.fakes.bfl import FakeBfl
from tests.providers.fakes.heygen import FakeHeyGen
from tests.storage.conftest import s3_server as s3_server


@pytest.fixture
def bfl(transactional_db: None, settings: Any) -> Iterator[FakeBfl]:
    """A vendor that takes no idempotency key: what is asked twice is made, and billed, twice."""
    with fake_bfl.serve(looks=1) as fake, configured(fake, "bfl", settings):
        fake.result = picture()
        yield fake


@pytest.fixture
def heygen(transactional_db: None, settings: Any) -> Iterator[FakeHeyGen]:
    """A vendor that takes a key."""
    with fake_heygen.serve(looks=1) as fake, configured(fake, "heygen", settings):
        fake.result = clip()
        yield fake


@pytest.fixture
def crew(transactional_db: None, tmp_path: Path) -> Iterator[Stack]:
    """The product's processes, to be started one by one. They share this test's database, files, Redis and vendors."""
    stack = Stack(connection.settings_dict, redis_url(), tmp_path)
    stack.environment["FAILPOINTS_LOG"] = str(tmp_path / "failpoints.log")
    yield stack
    stack.stop()


@pytest.fixture
def workshop_studio(settings: Any) -> Iterator[None]:
    """The engine alone: stages that do what the order tells them (tests.engine.workshop)."""
    settings.JOBS_STUDIO = "tests.engine.workshop"
    studio.cache_clear()
    workshop.calls.clear()
    yield
    studio.cache_clear()
