"""The hub as the engine knows it, with two differences: no provider's slots hold a measurement back, and there is a
provider `noop` whose only stage does nothing, to set the engine alone beside other job systems."""

from collections.abc import Mapping, Sequence
from typing import Any

from creative_hub import studio as hub
from jobs.models import Item, Job, Lane
from jobs.pipeline import Done, Stage, Step

SLOTS = 100_000
NOOP = "noop"


def nothing(step: Step) -> Done:
    return Done(result={})


NOOP_STAGES = (Stage("working", Lane.IO, (0, 99), nothing),)


def __getattr__(name: str) -> Any:
    """All else is the hub's."""
    return getattr(hub, name)


def stages(job_type: str, provider: str) -> tuple[Stage, ...]:
    return NOOP_STAGES if provider == NOOP else hub.stages(job_type, provider)


def slots() -> Mapping[str, int]:
    return dict.fromkeys([*hub.slots(), NOOP], SLOTS)


def deliver(job: Job, items: Sequence[Item]) -> None:
    if job.provider != NOOP:
        hub.deliver(job, items)
