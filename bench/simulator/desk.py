"""The orders that were taken, what becomes of each, and what the witness remembers. There is no task per order: all follows
from the clock."""

import math
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from bench.simulator.profiles import Profile, Rates

IN_FLIGHT_SECONDS = 6.0  # how long a submit that hangs counts as still being taken in


@dataclass(slots=True)
class Order:
    """Paid work. `work` names what was asked for (unique in a run); `key` is the idempotency key, where there is one."""

    id: str
    vendor: str
    work: str
    key: str
    fate: str
    taken_at: float
    ready_at: float
    taken_in_at: float = 0.0  # until then the same key is answered with "in progress"

    def progress(self, now: float) -> float:
        """From 0 to 0.99, by the time that has passed."""
        whole = self.ready_at - self.taken_at
        return min(0.99, (now - self.taken_at) / whole) if 0 < whole < math.inf else 0.5


@dataclass
class Desk:
    seed: int
    profile: Profile
    orders: dict[str, Order] = field(default_factory=dict)
    by_key: dict[str, Order] = field(default_factory=dict)
    taken: dict[str, Counter[str]] = field(default_factory=lambda: {"bfl": Counter(), "heygen": Counter()})
    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def fault(self, at: str) -> str:
        """What goes wrong with this request: a fault of the profile's table `at`, or nothing. Counted for the witness."""
        fault = drawn(getattr(self.profile, at), self.dice.random())
        if fault:
            self.counts[f"{at}: {fault}"] += 1
        return fault

    def take(self, vendor: str, work: str, key: str = "") -> Order:
        """Accepts paid work. How long it takes and how it ends follow from the seed and the work alone."""
        dice = random.Random(f"{self.seed}:{work}")
        fate = drawn(self.profile.fate, dice.random())
        if fate:
            self.counts[f"fate: {fate}"] += 1
        now = time.monotonic()
        order = Order(uuid.uuid4().hex, vendor, work, key, fate, now, now + self._seconds(vendor, fate, dice))
        self.orders[order.id] = order
        self.taken[vendor][work] += 1
        if key:
            self.by_key[key] = order
        return order

    def _seconds(self, vendor: str, fate: str, dice: random.Random) -> float:
        if fate == "stuck":
            return math.inf
        if fate == "late":
            return self.profile.late_seconds
        median, spread, longest = self.profile.image_seconds if vendor == "bfl" else self.profile.avatar_seconds
        return min(longest, median * math.exp(dice.gauss(0, spread)))


def drawn(rates: Rates, chance: float) -> str:
    """The fault on which a chance from 0 to 1 falls; mostly none."""
    for fault, rate in rates.items():
        chance -= rate
        if chance < 0:
            return fault
    return ""
