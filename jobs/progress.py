"""Progress that people see: monotonic, throttled, fenced."""

import time

from django.db import transaction
from django.db.models.functions import Greatest

from jobs import runs
from jobs.models import Item
from jobs.pipeline import Stage
from jobs.runs import Claim

MIN_SECONDS = 1.0


def report(claim: Claim, stage: Stage, percent: int) -> None:
    """A renderer's word that it is `percent` through its stage. At most one write a second; raises LeaseLost.

    Renderers may call it as often as they like.
    """
    now = time.monotonic()
    if now - _last.get(claim.item.pk, 0.0) < MIN_SECONDS:
        return
    _last.clear()  # one item at a time in a process: this is a clock, not a cache
    _last[claim.item.pk] = now
    with transaction.atomic():
        runs.extend(claim, stage.lease_seconds, moved=True)
        show(claim, stage, percent)


_last: dict[int, float] = {}


def show(claim: Claim, stage: Stage, stage_percent: int) -> None:
    """Writes the item's stage and percent, and the mean of all items on the job. Call it in a transaction with the fence."""
    claim.item.stage = stage.name
    Item.objects.filter(pk=claim.item.pk).update(
        stage=stage.name, progress_percent=Greatest("progress_percent", stage.item_percent(stage_percent))
    )
    claim.job.show_progress(stage.name)
