"""Other products' words for a job: what their calls answer, and what their webhooks say. The calls are in api/neighbours."""

from collections.abc import Callable, Mapping
from typing import Final

from creative_hub.contracts import ads, clips
from jobs.models import Job
from jobs.webhooks.payload import Words

TOLD: Final[Mapping[str, Callable[[Job], Words]]] = {"ads": ads.told, "clips": clips.told}
"""Of each contract that has a webhook. An order that came in its words has its name as `contract` in the job's metadata."""


def webhook_words(job: Job) -> Words | None:
    """What the order's `webhook_url` is told of the job's end, in the contract's words that it came in; None: in ours."""
    told = TOLD.get(job.metadata.get("contract", ""))
    return told(job) if told else None
