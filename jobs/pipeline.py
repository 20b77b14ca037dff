"""What a stage is, what it is given, and the only three things that it can answer. Pure Python.

A stage says what happened; the runner writes it down. No stage loops, sleeps, saves or changes a status.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from uuid import UUID

from wevion.http.messages import Request, Response


@dataclass(frozen=True, slots=True)
class Step:
    """What a stage knows: the order, the item's place in it, what earlier stages left in `memo`, and how to report.

    `earlier` has the results of the items before it, where a job's items run one after another. `key` names this paid call
    for ever (`job:item:stage:ordinal`), over every attempt. `report(percent)` shows how far the stage is, from 0 to 100, and
    extends the lease; it raises LeaseLost when the item belongs to another worker.
    """

    job_id: UUID
    item_id: int
    user_id: UUID
    team_id: UUID
    type: str
    provider: str
    prompt: str
    settings: Mapping[str, Any]
    position: int
    memo: Mapping[str, Any]
    earlier: Sequence[Mapping[str, Any]]
    provider_ref: str
    key: str
    report: Callable[[int], None]


class LeaseLost(Exception):
    """The item was given to another worker: this one's work is void, and nothing of it may be written."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not yet: come back in `seconds`. `progress_percent` is of the stage, if known."""

    seconds: float
    progress_percent: int | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The stage has ended. `memo` is added to what later stages see; the stage that gives a `result` is the item's last.

    `ref` is the provider's name for the work, committed before anything else. The next stage starts after `rest_seconds`.
    """

    memo: Mapping[str, Any] = field(default_factory=dict)
    ref: str = ""
    rest_seconds: float = 0
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StepFailed:
    """The stage could not. `code` is of jobs.models.status.FAILURES; `retryable` ones are tried again with backoff first.

    `accepted`: the provider may have taken the order, so a paid stage must not be repeated.
    """

    code: str
    message: str = ""
    detail: str = ""
    retryable: bool = False
    accepted: bool = False
    retry_after_seconds: float | None = None


Outcome = Wait | Done | StepFailed


@dataclass(frozen=True, slots=True)
class Look:
    """How the poller looks in: build a request, read its answer. Pure functions, run thousands of times a second."""

    request: Callable[[Step], Request]
    read: Callable[[Step, Response], Outcome]
    failed: Callable[[Step, Exception], Outcome]


@dataclass(frozen=True, slots=True)
class Rules:
    """How the jobs of a type differ. `in_order`: items run one after another, and the first that fails fails the job.

    `partial`: a job of which some items were lost ends so, and not as completed. `clock_from_submit`: the deadline counts
    from the submit, and not from an item's start.
    """

    cancellable: bool = False
    in_order: bool = False
    partial: bool = False
    clock_from_submit: bool = False


def not_run_here(step: Step) -> Outcome:
    raise AssertionError("a polled stage has no run of its own")


@dataclass(frozen=True, slots=True)
class Stage:
    """One named part of making an item; people read the name, as in "rendering".

    `progress` is the part of the item's 0–100 that this stage covers. `lease_seconds` outlasts the longest single call
    that does not report. A `paid` stage is entered at most once, unless `repeatable` says the vendor takes the key.
    A stage with a `look` belongs to the poller.
    """

    name: str
    lane: str
    progress: tuple[int, int]
    run: Callable[[Step], Outcome] = not_run_here
    lease_seconds: int = 60
    paid: bool = False
    repeatable: bool = False
    look: Look | None = None

    def item_percent(self, stage_percent: int) -> int:
        """The item's percent when this stage is `stage_percent` through; at most 99."""
        low, high = self.progress
        return min(99, low + (high - low) * min(max(stage_percent, 0), 100) // 100)


def stage_named(stages: tuple[Stage, ...], name: str) -> Stage:
    return next(stage for stage in stages if stage.name == name)


def stage_after(stages: tuple[Stage, ...], name: str) -> Stage | None:
    """The stage that follows, or None after the last."""
    names = [stage.name for stage in stages]
    rest = stages[names.index(name) + 1 :]
    return rest[0] if rest else None


# An answer that the poller found is kept in the run's memo until a worker settles it.

_OUTCOMES: dict[str, type[Wait] | type[Done] | type[StepFailed]] = {"wait": Wait, "done": Done, "failed": StepFailed}


def encode(outcome: Outcome) -> dict[str, Any]:
    name = next(name for name, kind in _OUTCOMES.items() if isinstance(outcome, kind))
    return {"outcome": name, **asdict(outcome)}


def decode(value: Mapping[str, Any]) -> Outcome:
    fields = dict(value)
    return _OUTCOMES[fields.pop("outcome")](**fields)
