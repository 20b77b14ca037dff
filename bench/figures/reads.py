"""Rows 1 to 4: what watching costs, in a small table and in a large one, in turns with the floor in the same server."""

import itertools
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.figures import arena, load
from bench.figures.fill import Filled, fill
from bench.figures.people import Person, use
from bench.figures.plan import Plan, Result
from bench.figures.report import Row, middle
from jobs.models import Job, JobFeed

AUTHENTICATION = ('FROM "django_session"', 'FROM "accounts_user"', 'FROM "accounts_apikey"', 'UPDATE "accounts_apikey"')
SEARCHES = {"q=number+77": "a few rows match", "q=violet": "one row in seven matches", "q=zeppelin": "nothing matches"}
PANEL = "/creative-hub/jobs"


@dataclass(frozen=True, slots=True)
class Place:
    """A database, the person who reads it, and the web server over it."""

    reader: Person
    filled: Filled
    port: int
    requests: Mapping[str, list[bytes]]


@dataclass(frozen=True, slots=True)
class Read:
    """Medians of the rounds: requests a second on four connections, and milliseconds alone on one."""

    per_second: float
    ms: float


def measure(plan: Plan) -> Result:
    with ExitStack() as stack:
        places = {}
        for name, jobs in (("small", plan.small_jobs), ("large", plan.large_jobs)):
            url = arena.database(plan.var, f"{name}_{jobs}")
            use(url)
            reader, filled = fill(url, jobs)
            if name == "small":
                queries = _queries(reader)
            requests = _requests(reader)
            site = stack.enter_context(arena.Site(plan.var, name, url, ("web",)))
            places[name] = Place(reader, filled, site.port, {kind: build(site.port) for kind, build in requests.items()})
        reads = _rounds(plan, places)
        searches = _searches(plan, places["large"])
    return Result(_rows(queries, reads, places, searches), _notes(places))


def _requests(reader: Person) -> dict[str, Callable[[int], list[bytes]]]:
    version = JobFeed.version_of(reader.member.user)
    session = {"Cookie": reader.cookie}
    polls = {**session, "HX_Request": "true"}
    ids = list(Job.objects.of(reader.member.user).order_by("-created_at").values_list("pk", flat=True)[:1000:10])

    def job(port: int) -> list[bytes]:
        keys = itertools.cycle(reader.keys)
        return [load.get(port, f"/api/v1/creative-hub/generate/jobs/{pk}", x_api_key=next(keys)) for pk in ids]

    return {
        "floor": lambda port: [load.get(port, "/bench/page", **session)],
        "api floor": lambda port: [load.get(port, "/bench/api", x_api_key=key) for key in reader.keys],
        "unchanged": lambda port: [load.get(port, f"{PANEL}?v={version}&n=10", **polls)],
        "changed": lambda port: [load.get(port, f"{PANEL}?v=0&n=10", **polls)],
        "job": job,
    }


def _queries(reader: Person) -> dict[str, int]:
    """After authentication, as Django counts them."""
    browser, version = Client(headers={"hx-request": "true", "host": "127.0.0.1"}), JobFeed.version_of(reader.member.user)
    browser.force_login(reader.member.user)
    pk = Job.objects.of(reader.member.user).filter(status="completed").values_list("pk", flat=True)[0]
    asked: dict[str, Callable[[], Any]] = {
        "unchanged": lambda: browser.get(f"{PANEL}?v={version}&n=10"),
        "changed": lambda: browser.get(f"{PANEL}?v=0&n=10"),
        "job": lambda: browser.get(f"/api/v1/creative-hub/generate/jobs/{pk}", headers={"x-api-key": reader.keys[0]}),
    }
    found = {}
    for name, ask in asked.items():
        ask()  # the first use of a key is also written down, and then not again for a minute
        with CaptureQueriesContext(connection) as captured:
            status = ask().status_code
        assert status == _expected(name), f"{name}: answered {status}"
        found[name] = sum(not any(mark in query["sql"] for mark in AUTHENTICATION) for query in captured.captured_queries)
    return found


def _rounds(plan: Plan, places: Mapping[str, Place]) -> dict[tuple[str, str], Read]:
    """Every kind in every place, one after the other, round after round: what disturbs the machine disturbs all."""
    each = [(place, kind) for place in places for kind in places[place].requests]
    for place, kind in each:
        load.closed(places[place].port, places[place].requests[kind], _expected(kind), plan.read_seconds / 2)
    rates: dict[tuple[str, str], list[float]] = {pair: [] for pair in each}
    times: dict[tuple[str, str], list[float]] = {pair: [] for pair in each}
    for _ in range(plan.rounds):
        for place, kind in each:
            port, requests = places[place].port, places[place].requests[kind]
            many = load.closed(port, requests, _expected(kind), plan.read_seconds)
            alone = load.closed(port, requests, _expected(kind), plan.read_seconds / 2, connections=1)
            if many.wrong or alone.wrong:
                raise AssertionError(f"{kind}: answered {(many.wrong + alone.wrong)[0]}")
            rates[place, kind].append(many.per_second)
            times[place, kind].append(alone.ms(50))
    return {pair: Read(middle(rates[pair]), middle(times[pair])) for pair in each}


def _expected(kind: str) -> int:
    return 204 if kind == "unchanged" else 200


def _searches(plan: Plan, place: Place) -> str:
    said = []
    for query, meaning in SEARCHES.items():
        request = [load.get(place.port, f"{PANEL}?{query}&n=10", Cookie=place.reader.cookie, HX_Request="true")]
        heard = load.closed(place.port, request, 200, plan.read_seconds, connections=1)
        said.append(f"{meaning}: {heard.ms(50):.0f} ms")
    return ", ".join(said)


def _rows(
    queries: Mapping[str, int], reads: Mapping[tuple[str, str], Read], places: Mapping[str, Place], searches: str
) -> list[Row]:
    small = {kind: read for (place, kind), read in reads.items() if place == "small"}
    large = {kind: read for (place, kind), read in reads.items() if place == "large"}
    floor = small["floor"].per_second
    beside = f"{floor:.0f}/s, {small['floor'].ms:.1f} ms"
    to_floor = {kind: small[kind].per_second / floor for kind in small}
    rows = [
        Row(
            1,
            "Unchanged panel poll (204)",
            f"{small['unchanged'].per_second:.0f}/s, p50 {small['unchanged'].ms:.1f} ms, {queries['unchanged']} query",
            beside,
            f"{to_floor['unchanged']:.2f}",
            "≥ 0.5, 1 query",
            to_floor["unchanged"] >= 0.5 and queries["unchanged"] == 1,
        ),
        Row(
            2,
            "Changed panel poll, 10 rows",
            f"p50 {small['changed'].ms:.1f} ms, {queries['changed']} queries, {small['changed'].per_second:.0f}/s",
            beside,
            f"{to_floor['changed']:.2f}",
            "≤ 4 queries, p50 ≤ 15 ms",
            queries["changed"] <= 4 and small["changed"].ms <= 15,
        ),
        Row(
            3,
            "GET /jobs/{id}, API key",
            f"{small['job'].per_second:.0f}/s, p50 {small['job'].ms:.1f} ms, {queries['job']} queries",
            f"{beside}; with a key: {small['api floor'].per_second:.0f}/s",
            f"{to_floor['job']:.2f}; with a key: {small['job'].per_second / small['api floor'].per_second:.2f}",
            "≥ 0.4, ≤ 2 queries",
            to_floor["job"] >= 0.4 and queries["job"] <= 2,
        ),
    ]
    names = {"unchanged": "Unchanged poll", "changed": "Changed poll", "job": "GET /jobs/{id}"}
    sizes = f"{places['large'].filled.jobs:,} jobs against {places['small'].filled.jobs:,}"
    for kind, name in names.items():
        ratio = small[kind].per_second / large[kind].per_second
        now, then = large[kind], small[kind]
        rows.append(
            Row(
                4,
                f"{name}, {sizes}",
                f"{now.per_second:.0f}/s, p50 {now.ms:.1f} ms",
                f"{then.per_second:.0f}/s, p50 {then.ms:.1f} ms",
                f"time × {ratio:.2f}",
                "≤ 1.2 × its time",
                ratio <= 1.2,
            )
        )
    mine = places["large"].filled.jobs // 100
    rows.append(Row(4, f"Prompt search in the panel, {mine:,} jobs of one's own", f"p50 {searches}"))
    return rows


def _notes(places: Mapping[str, Place]) -> list[str]:
    return [
        (
            "Panel and job are read through granian with one worker and four threads, as `make run` starts it; rates on four kept"
            " connections, p50 alone on one. The floor is `login_required` and one indexed read, in the same server."
        ),
        "One job in a hundred is the reader's, in both tables; the panel counts up to 1,000 of them for its sum.",
        *(
            f"The table of {place.filled.jobs:,} jobs: {place.filled.gigabytes:.1f} GB with its indexes, "
            + (f"filled in {place.filled.seconds:.0f} s." if place.filled.seconds else "filled by an earlier run.")
            for place in places.values()
        ),
    ]
