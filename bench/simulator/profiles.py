"""How often what goes wrong: literal tables. A rate is the share of requests (of orders, for fates and callbacks)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

# A submit that is "taken" became paid work, whatever its sender learns of it.
SUBMIT_FAULTS: Final = (
    "429",
    "429 with Retry-After",
    "503",
    "moderated",
    "reset before it is taken",
    "taken, then 500",
    "taken, then hang",
    "taken, then reset",
    "taken, then garbage",
)
LOOK_FAULTS: Final = (
    "429",
    "429 with Retry-After",
    "500",
    "hang",
    "reset",
    "garbage",
    "not found",
    "unknown status",
    "backwards",
)
FILE_FAULTS: Final = ("truncated", "oversized", "damaged", "500", "reset", "gone")
FATES: Final = ("moderated later", "failed later", "stuck", "late", "short link")
CALLBACK_FAULTS: Final = ("duplicate", "reordered", "early", "forged", "lost")

Rates = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Profile:
    """Renders take `image_seconds` and `avatar_seconds`: (median, spread of the log-normal, longest)."""

    image_seconds: tuple[float, float, float] = (1.5, 0.6, 15)
    avatar_seconds: tuple[float, float, float] = (4.0, 0.5, 30)
    late_seconds: float = 31 * 60
    short_link_seconds: float = 0.05
    submit: Rates = field(default_factory=dict)
    look: Rates = field(default_factory=dict)
    file: Rates = field(default_factory=dict)
    fate: Rates = field(default_factory=dict)
    callback: Rates = field(default_factory=dict)


KNOWN: Final = {
    "submit": SUBMIT_FAULTS,
    "look": LOOK_FAULTS,
    "file": FILE_FAULTS,
    "fate": FATES,
    "callback": CALLBACK_FAULTS,
}
SECONDS: Final = ("image_seconds", "avatar_seconds", "late_seconds", "short_link_seconds")

NONE: Final = Profile()
CALM: Final = Profile(
    submit={"429 with Retry-After": 0.02, "503": 0.01, "moderated": 0.02, "taken, then reset": 0.005},
    look={"500": 0.01, "garbage": 0.005, "unknown status": 0.02, "backwards": 0.02},
    file={"truncated": 0.02, "500": 0.02},
    fate={"moderated later": 0.02, "failed later": 0.02},
)
STORM: Final = Profile(
    submit={
        "429": 0.04,
        "429 with Retry-After": 0.06,
        "503": 0.04,
        "moderated": 0.02,
        "reset before it is taken": 0.01,
        "taken, then 500": 0.01,
        "taken, then hang": 0.006,
        "taken, then reset": 0.01,
        "taken, then garbage": 0.005,
    },
    look={
        "429": 0.02,
        "429 with Retry-After": 0.03,
        "500": 0.04,
        "hang": 0.004,
        "reset": 0.02,
        "garbage": 0.02,
        "not found": 0.01,
        "unknown status": 0.05,
        "backwards": 0.05,
    },
    file={"truncated": 0.04, "oversized": 0.01, "damaged": 0.005, "500": 0.05, "reset": 0.03, "gone": 0.005},
    fate={"moderated later": 0.02, "failed later": 0.02, "stuck": 0.005, "late": 0.005, "short link": 0.005},
    callback={"duplicate": 0.2, "reordered": 0.2, "early": 0.2, "forged": 0.2, "lost": 0.1},
)
INSTANT: Final = Profile(image_seconds=(0, 0, 0), avatar_seconds=(0, 0, 0))

PROFILES: Final = {"none": NONE, "calm": CALM, "storm": STORM, "instant": INSTANT}


def changed(profile: Profile, wish: Mapping[str, Any]) -> Profile:
    """The profile that `{"profile": name, "submit": {fault: rate}, "late_seconds": …}` asks for; raises ValueError naming
    what is unknown. Rates are merged into those of the profile; `{"fate": {}}` leaves them, `"profile": "none"` clears all."""
    wish = dict(wish)
    if (name := wish.pop("profile", None)) is not None:
        if name not in PROFILES:
            raise ValueError(f"profile: one of {', '.join(PROFILES)}")
        profile = PROFILES[name]
    changes: dict[str, Any] = {}
    for name, value in wish.items():
        if name in KNOWN:
            changes[name] = {**getattr(profile, name), **_rates(name, value)}
        elif name in ("image_seconds", "avatar_seconds"):
            median, spread, longest = map(float, value)
            changes[name] = (median, spread, longest)
        elif name in SECONDS:
            changes[name] = float(value)
        else:
            raise ValueError(f"{name}: one of profile, {', '.join((*KNOWN, *SECONDS))}")
    return replace(profile, **changes)


def _rates(name: str, value: Mapping[str, Any]) -> dict[str, float]:
    if unknown := sorted(set(value) - set(KNOWN[name])):
        raise ValueError(f"{name}: no fault {', '.join(unknown)}; there are {', '.join(KNOWN[name])}")
    return {fault: float(rate) for fault, rate in value.items()}
