"""Row 8: thousands of provider jobs in one poller's care: how late it looks, how much it takes."""

import json
import random
import time
import urllib.request
from collections import defaultdict
from datetime import timedelta

import psutil
from django.db import connection
from django.utils import timezone

from bench.figures import arena, load
from bench.figures.people import person, start_afresh, use
from bench.figures.plan import Plan, Result
from bench.figures.report import Row
from creative_hub.providers.heygen import VENDOR as HEYGEN
from creative_hub.providers.luma_ray3 import VENDOR as LUMA
from jobs.models import Item, ItemRun, Job

TARGET_MB = 300
INTERVAL_SECONDS = {"luma_ray3": LUMA.poll_seconds, "heygen": HEYGEN.poll_seconds}
TYPES = {"luma_ray3": "video", "heygen": "avatar"}

# When each claimed look was due: the claim itself keeps no record of it.
NOTE_CLAIMS = """
DROP TABLE IF EXISTS bench_claims;
CREATE UNLOGGED TABLE bench_claims (ref text, attempt bigint, due timestamptz);
CREATE OR REPLACE FUNCTION bench_note_claims() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bench_claims SELECT n.provider_ref, n.attempt, o.wake_at
      FROM new_rows n JOIN old_rows o USING (item_id) WHERE n.attempt > o.attempt AND n.lease_until IS NOT NULL;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER bench_note_claims AFTER UPDATE ON jobs_itemrun REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION bench_note_claims();
"""


def measure(plan: Plan) -> Result:
    url = arena.database(plan.var, "in_flight")
    use(url)
    start_afresh()
    with arena.vendors(64) as (base, configured, vendors):
        with connection.cursor() as cursor:
            cursor.execute(NOTE_CLAIMS)
        _fly(plan)
        with arena.Site(plan.var, "in_flight", url, ("poller",), configured) as site:
            processes = arena.everything(site, vendors)
            memory, used = _watch(plan, processes)
        with urllib.request.urlopen(f"{base}/seen") as seen:
            looks = json.load(seen)["looks"]
    late = _lateness(looks)
    return _result(plan, memory, used, late)


def _fly(plan: Plan) -> None:
    """Jobs whose provider works on them, first due within one interval of the poller's start."""
    member, now = person(1).member, timezone.now()
    providers = [list(TYPES)[turn % len(TYPES)] for turn in range(plan.in_flight)]
    jobs = Job.objects.bulk_create(
        (
            Job(
                user=member.user,
                team=member.team,
                type=TYPES[provider],
                provider=provider,
                prompt="flying",
                status="processing",
                estimated_cost_cents=1,
                created_at=now,
                started_at=now,
            )
            for provider in providers
        ),
        batch_size=1000,
    )
    items = Item.objects.bulk_create(
        (Item(job=job, position=0, stage="generating", status="processing", estimated_cost_cents=1) for job in jobs),
        batch_size=1000,
    )
    start = timezone.now() + timedelta(seconds=plan.settle_seconds)
    ItemRun.objects.bulk_create(
        (
            ItemRun(
                item=item,
                team=member.team,
                provider=job.provider,
                lane="poll",
                queued_at=now,
                wake_at=start + timedelta(seconds=random.uniform(0, INTERVAL_SECONDS[job.provider])),
                provider_ref=f"{job.provider}-{item.pk}",
                stale_after_seconds=3600,
                deadline_seconds=3600,
            )
            for job, item in zip(jobs, items, strict=True)
        ),
        batch_size=1000,
    )


def _watch(plan: Plan, processes: dict[str, psutil.Process]) -> tuple[float, dict[str, float]]:
    """The poller's largest resident memory in MB, and the shares of a core used once all are in flight."""
    time.sleep(1.5 * plan.settle_seconds)
    before, began, most = arena.cpu_seconds(processes), time.monotonic(), 0.0
    while time.monotonic() < began + plan.watch_seconds:
        most = max(most, processes["poller"].memory_info().rss / 1e6)
        time.sleep(0.5)
    after, took = arena.cpu_seconds(processes), time.monotonic() - began
    return most, {name: (after[name] - before[name]) / took for name in before}


def _lateness(looks: dict[str, list[float]]) -> dict[str, list[float]]:
    """For each provider the seconds from when a look was due to when the vendor had the request."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ref, extract(epoch FROM due)::float8 FROM bench_claims ORDER BY ref, attempt")
        due: dict[str, list[float]] = defaultdict(list)
        for ref, at in cursor.fetchall():
            due[ref].append(at)
    late: dict[str, list[float]] = {provider: [] for provider in TYPES}
    for ref, times in looks.items():
        late[ref.rpartition("-")[0]] += [looked - at for at, looked in zip(due[ref], sorted(times), strict=False)]
    return late


def _result(plan: Plan, memory: float, used: dict[str, float], late: dict[str, list[float]]) -> Result:
    times = [seconds for provider in late for seconds in late[provider]]
    worst = max(seconds / INTERVAL_SECONDS[provider] for provider in late for seconds in late[provider])
    what = f"{plan.in_flight:,} provider jobs in flight, one poller"
    rows = [
        Row(8, f"{what}: memory", f"{memory:.0f} MB resident at most", "", "", f"≤ {TARGET_MB} MB", memory <= TARGET_MB),
        Row(
            8,
            f"{what}: lateness of a look",
            f"p50 {load.percentile(times, 50):.2f} s, p99 {load.percentile(times, 99):.2f} s, max {max(times):.2f} s",
            "",
            f"max {worst:.2f} × its interval",
            "none > 2 × its interval",
            worst <= 2,
        ),
    ]
    shares = ", ".join(f"{name} {100 * share:.0f} %" for name, share in sorted(used.items(), key=lambda pair: -pair[1]))
    wanted = sum(plan.in_flight / len(TYPES) / INTERVAL_SECONDS[provider] for provider in TYPES)
    intervals = " and ".join(f"{provider} every {seconds:g} s" for provider, seconds in INTERVAL_SECONDS.items())
    return Result(
        rows,
        [
            (
                f"In flight: half of the jobs at {intervals}, ± 20 %: {wanted:.0f} looks a second;"
                f" {len(times):,} looks were watched over {plan.watch_seconds:.0f} s. A look counts from `wake_at`"
                f" to the request's arrival at the vendor. Shares of one core: {shares}."
                " A trigger that notes when a look was due runs in PostgreSQL's share."
            )
        ],
    )
