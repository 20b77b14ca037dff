"""A studio for tests of the engine: stages that do what the order's settings tell them. It implements jobs.studio.Studio."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.core.files import File

from jobs.models import Item, Job
from jobs.pipeline import Done, Look, Outcome, Rules, Stage, Step, StepFailed, Wait
from jobs.submission import Order
from wevion.http.messages import Request, Response

calls: list[str] = []
"""The keys of the paid calls, in order: the witness for "never twice"."""


ended_jobs: list[UUID] = []


def make(step: Step) -> Outcome:
    """Answers what `settings["make"]` tells for the item's position; without it, succeeds."""
    told = step.settings.get("make", {}).get(str(step.position), "ok")
    match told:
        case "ok":
            return Done(memo={"made": step.position, "earlier": [result["made"] for result in step.earlier]})
        case "early":
            return Done(result={"made": step.position})
        case "wait":
            return Wait(0, progress_percent=50)
        case "break":
            raise RuntimeError("broken on purpose")
        case str(code):
            return StepFailed(code, f"refused: {code}")
        case [code, "retryable"]:
            return StepFailed(code, "later", retryable=True)
    raise AssertionError(told)


def pay(step: Step) -> Outcome:
    calls.append(step.key)
    match step.settings.get("pay", "ok"):
        case "ok":
            return Done(ref=f"ref-{step.position}", memo={"made": step.position})
        case "lost":
            return StepFailed("provider_timeout", "no answer", retryable=True, accepted=True)
        case "not taken":
            return StepFailed("rate_limited", "slow down", retryable=True)
        case "break":
            raise RuntimeError("the worker breaks after the call")
    raise AssertionError


def finish(step: Step) -> Outcome:
    return Done(
        result={"file": f"{step.job_id}/{step.position}", "made": step.memo["made"], "earlier": step.memo.get("earlier", [])}
    )


def _read(step: Step, response: Response) -> Outcome:
    return Done()


LOOK = Look(
    request=lambda step: Request("GET", "http://127.0.0.1:9/"),
    read=_read,
    failed=lambda step, error: StepFailed("provider_error", retryable=True),
)

FINISHING = Stage("finishing", "io", (90, 99), finish)
STAGES = {
    "free": (Stage("making", "media", (0, 90), make, lease_seconds=5), FINISHING),
    "paid": (Stage("ordering", "io", (0, 90), pay, paid=True), FINISHING),
    "keyed": (Stage("ordering", "io", (0, 90), pay, paid=True, repeatable=True), FINISHING),
    "polled": (
        Stage("ordering", "io", (0, 10), pay, paid=True),
        Stage("watching", "poll", (10, 90), look=LOOK),
        FINISHING,
    ),
}
RULES = {
    "story": Rules(in_order=True),
    "ad": Rules(cancellable=True, partial=True, clock_from_submit=True),
}
SLOTS = {"free": 8, "paid": 8, "keyed": 8, "polled": 8}


def types() -> Mapping[str, str]:
    return {"image": "Image", "story": "Story", "ad": "Ad"}


def providers() -> Mapping[str, str]:
    return {name: name for name in STAGES}


def stages(job_type: str, provider: str) -> tuple[Stage, ...]:
    return STAGES[provider]


def rules(job_type: str) -> Rules:
    return RULES.get(job_type, Rules())


def slots() -> Mapping[str, int]:
    return SLOTS


def looks_per_second() -> Mapping[str, float]:
    return dict.fromkeys(STAGES, 1000)


def ended(job_id: UUID) -> None:
    ended_jobs.append(job_id)


def typical_seconds(provider: str) -> tuple[int, int]:
    return 1, 2


def order_again(job: Job) -> Order:
    return order(job.provider, job_type=job.type, **job.settings)


def deliver(job: Job, items: Sequence[Item]) -> None:
    """The engine's tests look at items; there is no library here."""


def adopt(job: Job, uploaded: "File[bytes]") -> None:
    raise ValueError("there is no library here")


def sweep() -> None:
    """Nothing of its own is ever due."""


def links(items: Iterable[Item]) -> Mapping[int, str]:
    return {item.pk: f"https://example.com/{item.pk}" for item in items}


def order(provider: str = "free", items: int = 1, cents: int = 25, job_type: str = "image", **settings: Any) -> Order:
    return Order(
        type=job_type,
        provider=provider,
        prompt="a red bicycle",
        settings=settings,
        item_costs_cents=[cents] * items,
        stale_after_seconds=900,
        deadline_seconds=1800,
    )
