"""What a run does, drawn from its seed before it begins: who submits what and when, and what is broken when."""

import random
import uuid
from dataclasses import dataclass, field
from typing import Any, Final

SUBMITTING: Final = 0.85  # of the storm's time; the rest has only work under way
AVATARS: Final = 0.15
PAIRS: Final = 0.2
LOST_ANSWERS: Final = 0.1
ASKED_AGAIN: Final = 0.05
OTHER_BODY: Final = 0.02
INSOLVENT: Final = 0.06  # beside the wanted number of jobs, submits of members who run out of money
CALM_SECONDS: Final = 3.0  # before the first kill

# When, as a share of the storm: what is done, and for how many seconds. A zombie outsleeps the leases it holds, so it is
# only in storms that are long enough for it.
EVENTS: Final = (
    (0.10, "stop media", 60.0),
    (0.15, "stop io", 60.0),
    (0.20, "flush redis", 0.0),
    (0.28, "fill postgres", 3.0),
    (0.35, "kill redis", 3.0),
    (0.45, "stop poller", 50.0),
    (0.50, "restart postgres", 0.0),
    (0.60, "flush redis", 0.0),
    (0.65, "rolling restart", 0.0),
    (0.80, "fill redis", 3.0),
    (0.90, "restart postgres", 0.0),
)


@dataclass(frozen=True, slots=True)
class Submit:
    """One order. `key` is its Idempotency-Key; `lost` breaks off before the first answer; `again` repeats it after success,
    and `other` repeats the key with another body."""

    at: float
    secret: str = field(repr=False)
    type: str
    body: dict[str, Any]
    key: str
    lost: bool
    again: bool
    other: bool


@dataclass(frozen=True, slots=True)
class Event:
    at: float
    name: str
    seconds: float = 0


def submits(dice: random.Random, jobs: int, solvent: list[str], others: list[str], seconds: float) -> list[Submit]:
    """In the order of their times: `jobs` that can be paid for, and some more that mostly cannot."""
    secrets = [*(dice.choice(solvent) for _ in range(jobs)), *(dice.choice(others) for _ in range(round(jobs * INSOLVENT)))]
    planned = [_submit(dice, dice.uniform(0, seconds * SUBMITTING), secret) for secret in secrets]
    return sorted(planned, key=lambda submit: submit.at)


def _submit(dice: random.Random, at: float, secret: str) -> Submit:
    name = uuid.UUID(int=dice.getrandbits(128), version=4)
    if dice.random() < AVATARS:
        kind = "avatar"
        body: dict[str, Any] = {"provider": "heygen", "script": f"Welcome, {name}.", "avatar_id": "a1", "voice_id": "v1"}
    else:
        variants = 2 if dice.random() < PAIRS else 1
        kind = "image"
        body = {"provider": "flux_2_pro", "prompt": f"a lamp {name}", "num_variants": variants, "seed": dice.randrange(10**6)}
    return Submit(
        at=at,
        secret=secret,
        type=kind,
        body=body,
        key=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        lost=dice.random() < LOST_ANSWERS,
        again=dice.random() < ASKED_AGAIN,
        other=dice.random() < OTHER_BODY,
    )


def events(dice: random.Random, kills: int, seconds: float) -> list[Event]:
    """Kills spread evenly with a jitter, and the events of the table that fit, in the order of their times."""
    step = max(0.0, seconds - CALM_SECONDS) / max(1, kills)
    killing = [Event(CALM_SECONDS + step * (number + dice.uniform(0.1, 0.9)), "kill") for number in range(kills)]
    others = [Event(share * seconds, name, length) for share, name, length in EVENTS if length < seconds * (1 - share) * 1.5]
    return sorted(killing + others, key=lambda event: event.at)
