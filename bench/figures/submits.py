"""Row 5: from a request to its 202, at a steady rate that does not wait for slow answers."""

import itertools
from collections.abc import Sequence

from bench.figures import arena, load
from bench.figures.load import Heard
from bench.figures.people import Person, person, start_afresh, use
from bench.figures.plan import Plan, Result
from bench.figures.report import Row

PEOPLE = 10
TARGET_MS = 50


def measure(plan: Plan) -> Result:
    url = arena.database(plan.var, "app")
    use(url)
    people = [person(number, keys=2) for number in range(1, PEOPLE + 1)]
    rows = []
    with arena.vendors() as (_, configured, _):
        for name, wanted in (("web alone", ("web",)), ("workers busy with them", ("web", "io", "media", "poller"))):
            start_afresh()
            with arena.Site(plan.var, "submits", url, wanted, configured) as site:
                load.all_of(site.port, orders(site.port, people, "warm", 20), 202)
                floors = [load.get(site.port, "/bench/api", x_api_key=key) for one in people for key in one.keys]
                floor = load.open_loop(site.port, _repeated(floors, plan.submits // 3), 200, plan.submit_per_second)
                heard = load.open_loop(site.port, orders(site.port, people, "paced", plan.submits), 202, plan.submit_per_second)
            rows.append(_row(plan, name, heard, floor))
    note = (
        f"Submits are open-loop: {plan.submits:,} at fixed moments, over 16 connections, for image orders of ten people in ten"
        " teams; a late answer counts from the moment at which its request was due. The floor is a bare DRF view with one"
        " query, at the same rate. `workers busy` also runs every job to its end on the same cores meanwhile."
    )
    return Result(rows, [note])


def orders(port: int, people: Sequence[Person], name: str, number: int) -> list[bytes]:
    """Requests for one image each, with texts that tell them apart."""
    keys = itertools.cycle([key for one in people for key in one.keys])
    return [
        load.post(
            port,
            "/api/v1/creative-hub/generate/image",
            {"prompt": f"{name}-{turn}", "provider": "flux_2_pro"},
            x_api_key=next(keys),
        )
        for turn in range(number)
    ]


def _repeated(requests: Sequence[bytes], number: int) -> list[bytes]:
    return list(itertools.islice(itertools.cycle(requests), number))


def _row(plan: Plan, name: str, heard: Heard, floor: Heard) -> Row:
    p95 = heard.ms(95)
    failed = f", {len(heard.wrong)} not 202" if heard.wrong else ""
    return Row(
        5,
        f"Submit → 202 at {plan.submit_per_second:g} a second, {name}",
        f"p50 {heard.ms(50):.0f} ms, p95 {p95:.0f} ms, max {heard.ms(100):.0f} ms{failed}",
        f"p50 {floor.ms(50):.0f} ms, p95 {floor.ms(95):.0f} ms",
        f"p95 × {p95 / floor.ms(95):.1f}",
        f"p95 ≤ {TARGET_MS} ms",
        p95 <= TARGET_MS and not heard.wrong,
    )
