"""F22: only the database's clock is asked. F23: what a vendor can do wrong, through the whole engine."""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

import jobs
from jobs import admission, looks, sweeper
from jobs.models import Item, ItemRun, Job, ProviderHealth, UnknownOutcome
from jobs.models.provider import OPEN_AFTER
from jobs.pipeline import Done
from tests.faults.acts import all_ended, avatar, finish, image, pass_time, result, until_with_the_vendor, work
from tests.faults.invariants import check
from tests.line.test_vendors import configured, picture, polling
from tests.processes import wait_until
from tests.providers.fakes import script
from tests.providers.fakes.bfl import FakeBfl
from tests.providers.fakes.heygen import FakeHeyGen
from tests.providers.fakes.server import Order, running
from wevion.accounts.models import Membership

WALL_CLOCKS = {
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "timezone.localtime",
    "timezone.localdate",
}
TIMERS = {
    "doorbell",
    "durations",
    "failpoints",
    "poller",
    "progress",
    "send",
}  # they measure how long something takes, and never what time it is


def named(node: ast.AST) -> str:
    """`datetime.now` of `datetime.datetime.now(UTC)`."""
    match node:
        case ast.Attribute(value=ast.Attribute(attr=of), attr=name) | ast.Attribute(value=ast.Name(id=of), attr=name):
            return f"{of}.{name}"
    return ""


def engine() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(Path(jobs.__file__).parent.rglob("*.py")):
        if not {"migrations", "templatetags"} & set(path.parts):  # the latter tell ages on a page, and decide nothing
            yield path, ast.parse(path.read_text())


def test_f22_the_engine_asks_no_machine_what_time_it_is() -> None:
    """So a worker, poller or web process whose clock is hours off ends nothing early and nothing twice."""
    asked = [
        f"{path.name}:{node.lineno}"
        for path, tree in engine()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and named(node) in WALL_CLOCKS
    ]
    assert asked == []


def test_f22_only_the_timers_import_a_clock_at_all() -> None:
    found = {
        path.stem
        for path, tree in engine()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Import) and any(name.name == "time" for name in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "time")
    }
    assert found <= TIMERS


class Moody(FakeBfl):
    """Answers submits as `mood` says, and looks with the next of `percents`, for ever."""

    mood = ""
    percents: tuple[float, ...] = ()
    status = 200

    async def submit(self, request: web.Request) -> web.StreamResponse:
        return self.refusal(self.mood) if self.mood else await super().submit(request)

    async def look(self, request: web.Request) -> web.StreamResponse:
        if self.status != 200:
            return web.Response(text="no", status=self.status)
        return await super().look(request)

    def state(self, order: Order, state: str) -> web.Response:
        if not self.percents:
            return super().state(order, state)
        progress = self.percents[min(order.looks, len(self.percents)) - 1]
        return web.json_response({"id": order.id, "status": "Pending", "result": None, "progress": progress, "details": None})

    def refusal(self, reason: str, problem: str = "") -> web.Response:
        if reason == script.RATE_LIMITED:
            return web.json_response({"detail": "Rate limit exceeded"}, status=429)
        return super().refusal(reason, problem)


@pytest.fixture
def moody(transactional_db: None, settings: Any) -> Iterator[Moody]:
    with running(Moody(looks=1)) as fake, configured(fake, "bfl", settings):
        fake.result = picture()
        yield fake


def raised(job: Job) -> str:
    """The reference under which a person finds at the vendor what was not delivered."""
    assert UnknownOutcome.objects.get().job == job
    return job.events.get(to_status="failed").note.rpartition("The provider's reference: ")[2]


def uncharged(job: Job) -> tuple[str, str]:
    ended = result(job)
    job.team.credit.refresh_from_db()
    assert (job.cost_cents, job.team.credit.posted_cents, job.team.credit.held_cents) == (0, 1000, 0)
    assert job.error_message
    return ended


ENDS = {
    "moderated": "content_rejected",
    "moderated later": "content_rejected",
    "failed later": "provider_error",
    "out of credit": "provider_error",
    "reset": "outcome_unknown",
    "garbage": "outcome_unknown",
    "server error": "outcome_unknown",
}


@pytest.mark.parametrize("case", ENDS)
def test_f23_a_vendor_without_keys_that_fails_has_its_code_and_no_second_order(case: str, bfl: FakeBfl, bob: Membership) -> None:
    job = image(bob, f"a lamp [{case}]")
    finish()
    assert uncharged(job) == ("failed", ENDS[case])
    assert len(bfl.submits) == 1
    check(bfl)


@pytest.mark.parametrize("case", ["reset", "garbage", "garbage later", "busy later", "new status", "rate limited"])
def test_f23_what_may_be_asked_again_is_and_ends_well(case: str, heygen: FakeHeyGen, bob: Membership) -> None:
    job = avatar(bob, f"Hello [{case}]")
    finish()
    assert result(job) == ("completed", "")
    assert len(heygen.orders) == 1
    check(heygen)


def test_f23_a_storm_of_429_is_waited_out_then_told_and_costs_nothing(moody: Moody, bob: Membership) -> None:
    moody.mood = script.RATE_LIMITED
    job = image(bob)
    finish()
    assert uncharged(job) == ("failed", "rate_limited")
    assert sum("trying again" in event.note for event in job.events.all()) == 5
    check(moody)


def test_f23_the_breaker_opens_holds_back_new_work_lets_one_try_and_closes(moody: Moody, bob: Membership) -> None:
    moody.mood = script.RATE_LIMITED
    for number in range(4):
        image(bob, f"lamp {number}")
    finish()
    assert ProviderHealth.objects.get().errors >= OPEN_AFTER
    late = [image(bob, f"late {number}") for number in range(3)]
    assert admission.admit() == 0
    assert {result(job) for job in late} == {("pending", "")}
    moody.mood = ""
    ProviderHealth.objects.update(open_until="2020-01-01T00:00:00Z")
    assert admission.admit() == 1
    finish()
    assert {result(job) for job in late} == {("completed", "")}
    assert ProviderHealth.objects.get().errors == 0
    check(moody)


@contextmanager
def looked_at(vendor: FakeBfl, times: int) -> Iterator[None]:
    """The poller has looked so often, or more, when the block begins; it goes on in it."""

    def often_enough() -> bool:
        ItemRun.objects.filter(lease_until=None).update(wake_at="2020-01-01T00:00:00Z")
        return all(order.looks >= times for order in vendor.orders.values())

    with polling():
        wait_until(often_enough, 30, f"{times} looks")
        yield


def test_f23_progress_that_goes_back_is_not_shown(moody: Moody, bob: Membership) -> None:
    moody.percents = (0.8, 0.3, 0.1)
    job = image(bob)
    until_with_the_vendor(moody)
    with looked_at(moody, 4):
        pass
    item = Item.objects.get(job=job)
    assert item.progress_percent == 5 + 80 * 80 // 100
    moody.percents = ()
    finish()
    assert result(job) == ("completed", "")
    check(moody)


def test_f23_stuck_at_42_percent_for_fifteen_minutes_is_given_up(moody: Moody, bob: Membership) -> None:
    """It answers every look; but it does not move."""
    moody.percents = (0.42,)
    job = image(bob)
    until_with_the_vendor(moody)
    with looked_at(moody, 3):
        pass
    pass_time(minutes=14)
    with looked_at(moody, 6):
        pass
    assert result(job) == ("processing", "")
    pass_time(minutes=2)
    sweeper.sweep()
    assert uncharged(job) == ("failed", "provider_timeout")
    check(moody)


def test_f23_success_at_31_minutes_comes_too_late(moody: Moody, bob: Membership) -> None:
    job = image(bob)
    until_with_the_vendor(moody)
    ItemRun.objects.update(wake_at="2020-01-01T00:00:00Z")
    (look,) = looks.due(1, ())
    pass_time(minutes=31)
    sweeper.sweep()
    looks.settle([looks.Look(look.claim, look.stage, Done(memo={"url": f"{moody.origin}/files/x"}))])
    work()
    assert uncharged(job) == ("failed", "provider_timeout")
    assert raised(job) == look.claim.provider_ref
    check(moody)


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_f23_looks_that_fail_for_ten_minutes_do_not_end_what_the_vendor_makes(status: int, moody: Moody, bob: Membership) -> None:
    job = image(bob)
    until_with_the_vendor(moody)
    moody.status = status
    with polling():
        wait_until(lambda: forced() and ItemRun.objects.filter(errors__gte=3).exists(), 30, "looks that failed")
    pass_time(minutes=10)
    assert not all_ended()
    moody.status = 200
    finish()
    assert result(job) == ("completed", "")
    check(moody)


def forced() -> bool:
    ItemRun.objects.filter(lease_until=None).update(wake_at="2020-01-01T00:00:00Z")
    return True
