"""What must hold whatever was killed, lost or repeated: of the rows, the money, the files and the vendors' own records."""

import hashlib
from collections import Counter
from itertools import pairwise

from django.core.files.storage import default_storage
from django.db import connection

from creative_hub.models import Asset
from jobs import reconciliation
from jobs.models import ACTIVE, TERMINAL, Item, ItemRun, Job, LedgerEntry
from jobs.models.status import TRANSITIONS
from tests.providers.fakes.server import FakeVendor


def check(*vendors: FakeVendor) -> None:
    """Fails with what is wrong. `vendors` are those that the test's jobs were ordered from."""
    for job in Job.objects.all():
        _history(job)
        _money(job)
    _runs()
    _files()
    drifts = {name: rows for name, rows in reconciliation.findings() if rows}
    assert not drifts
    for vendor in vendors:
        asked = Counter(order.key or order.text for order in vendor.orders.values())
        assert not [key for key, times in asked.items() if times > 1], "paid work was ordered twice"
        assert vendor.complaints == []


def _history(job: Job) -> None:
    """Legal transitions only, each from where the last one led, and one that ends."""
    ways = [(event.from_status, event.to_status) for event in job.events.all() if event.is_transition]
    assert ways[0] == ("", "pending")
    for (_, left), (found, to) in pairwise(ways):
        assert left == found, ways
        assert to in TRANSITIONS[found], ways
    assert ways[-1][1] == job.status
    assert sum(to in TERMINAL for _, to in ways) == (not job.is_active)


def _money(job: Job) -> None:
    charges = LedgerEntry.objects.filter(job=job, kind="charge").count()
    assert charges == (job.status == "completed" and job.cost_cents > 0), f"{job}: {job.status}, {charges} charges"


def _runs() -> None:
    """A run lives exactly as long as its item, an item no longer than its job, and neither past its deadline."""
    assert not ItemRun.objects.exclude(item__status__in=ACTIVE).exists()
    assert not Item.objects.filter(status__in=ACTIVE, run=None).exists()
    assert not Item.objects.filter(status__in=ACTIVE).exclude(job__status__in=ACTIVE).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM jobs_itemrun WHERE deadline_at < now() - interval '1 minute'")
        assert cursor.fetchone()[0] == 0


def _files() -> None:
    """Every completed item's bytes are in our storage as they were made, and in the library once."""
    for item in Item.objects.filter(status="completed").exclude(result__sha256=None):
        assert item.result is not None
        with default_storage.open(str(item.result["file"])) as stored:
            assert hashlib.file_digest(stored, "sha256").hexdigest() == item.result["sha256"]
        if item.job.status == "completed":
            assert Asset.objects.filter(item=item).count() == 1
