"""Three people, a clean slate, and the engine: in this process, or as the real processes."""

import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client, override_settings

from jobs import admission, durations, runner
from jobs.models import ledger
from tests.processes import ALL, Stack
from wevion.accounts import guesses
from wevion.accounts.models import ApiKey, Membership, Role, Team, User
from wevion.celery import app as celery_app
from wevion.settings import broker

PASSWORD = "secret-enough-1"


def worker_number() -> int:
    """0 alone, 1 and up for each parallel test process."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "")
    return int(name.removeprefix("gw")) + 1 if name else 0


def redis_url() -> str:
    """Redis, in a database of this test process: parallel ones must not take each other's messages.

    The first is the one that REDIS_URL names, but never 0, in which a system may be running.
    """
    parts = urlsplit(settings.REDIS_URL)
    unix = parts.scheme == "unix"
    named = dict(parse_qsl(parts.query)).get("db", "") if unix else parts.path.strip("/")
    number = max(1, int(named or 0)) + worker_number()
    return f"unix://{parts.path}?db={number}" if unix else f"{parts.scheme}://{parts.netloc}/{number}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """A test is one transaction, and on a slow machine it may think for longer than one of the product's may."""
    connection.settings_dict["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"


@pytest.fixture(autouse=True, scope="session")
def _own_redis() -> None:
    celery_app.conf.update(broker_url=broker(redis_url()))


@pytest.fixture(autouse=True)
def _own_files(tmp_path: Path) -> Iterator[None]:
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path / "media")}}
    with override_settings(STORAGES={**settings.STORAGES, "default": files}):
        yield


@pytest.fixture(autouse=True)
def _own_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test counts wrong passwords for itself: Redis outlives the test."""
    monkeypatch.setattr(guesses, "PREFIX", f"hub:guesses:{uuid4()}")


@pytest.fixture(autouse=True)
def _no_history(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test begins as a process that has just read how long jobs take, and found none: else one of its queries were that."""
    monkeypatch.setattr(durations, "_usual", {})
    monkeypatch.setattr(durations, "_read_at", time.monotonic())
    monkeypatch.setattr(durations, "_measured_at", time.monotonic())


@cache
def hashed() -> str:
    """The password's hash, made once: the hasher is slow on purpose."""
    return make_password(PASSWORD)


def join(team: Team, email: str, role: Role) -> Membership:
    user = User.objects.create(email=email, password=hashed(), name=email.partition("@")[0].title())
    return Membership.objects.create(user=user, team=team, role=role)


@pytest.fixture
def team(db: None) -> Team:
    """Alice's, Bob's and Vera's, with $10 of credit."""
    team = Team.objects.create(name="Northlight")
    ledger.top_up(team, 1000)
    return team


@pytest.fixture
def alice(team: Team) -> Membership:
    """The owner."""
    return join(team, "alice@example.com", Role.OWNER)


@pytest.fixture
def bob(team: Team) -> Membership:
    """Her teammate: a media buyer."""
    return join(team, "bob@example.com", Role.MEDIABUYER)


@pytest.fixture
def vera(team: Team) -> Membership:
    """In the team too, but a viewer."""
    return join(team, "vera@example.com", Role.VIEWER)


@pytest.fixture
def charlie(db: None) -> Membership:
    """A stranger: the owner of another team, with credit."""
    other = Team.objects.create(name="Southbank")
    ledger.top_up(other, 1000)
    return join(other, "charlie@example.com", Role.OWNER)


@pytest.fixture
def client_of() -> Callable[[Membership], Client]:
    """A browser in which the member is signed in."""

    def sign_in(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return sign_in


@pytest.fixture
def key_of() -> Callable[[Membership], str]:
    """The secret of a new API key of the member."""
    return lambda member: ApiKey.objects.issue(member, "test")[1]


@pytest.fixture
def drain() -> Callable[[], int]:
    """Runs the engine here until nothing is due; returns how many steps that took."""

    def until_idle() -> int:
        steps = 0
        while admission.admit() or runner.advance("io") or runner.advance("media"):
            steps += 1
            assert steps < 500, "the engine does not come to rest"
        return steps

    return until_idle


@pytest.fixture
def stack(transactional_db: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """The product's real processes over the test database. Jobs outlive the test that made them: end them.

    All four, or those that `@pytest.mark.processes` names: each costs seconds to start.
    """
    stack = Stack(connection.settings_dict, redis_url(), tmp_path)
    marker = request.node.get_closest_marker("processes")
    try:
        stack.start(*(marker.args if marker else ALL))
        yield stack
    finally:
        stack.stop()
        connection.close()
