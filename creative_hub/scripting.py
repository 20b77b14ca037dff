"""The words of an ad. The writer is named in settings (AD_SCRIPT_WRITER); the one here fills templates with what a page says."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from random import Random
from typing import Any, Final, Protocol, cast

from django.conf import settings

from creative_hub.products.page import Product

WORDS_PER_SECOND: Final = 2.0
"""Of the local voices, pauses included."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the order says of the script. `variant` is from 0: another one tells it in another way."""

    seconds: int
    style: str = "problem_solution"
    instructions: str = ""
    override: str = ""
    audience: str = ""
    variant: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """`lines` are spoken one after another and shown as captions; the last is the call to action. `about` is a title."""

    about: str
    lines: tuple[str, ...]
    call_to_action: str

    @property
    def text(self) -> str:
        return " ".join(self.lines)

    def as_memo(self) -> dict[str, Any]:
        return {"about": self.about, "lines": list(self.lines), "call_to_action": self.call_to_action}

    @classmethod
    def from_memo(cls, memo: Mapping[str, Any]) -> "Script":
        return cls(memo["about"], tuple(memo["lines"]), memo["call_to_action"])


class Writer(Protocol):
    def __call__(self, product: Product, wish: Wish) -> Script:
        """A script whose text takes about `wish.seconds` to speak. May call a language model; raises ProviderError."""


def writer() -> Writer:
    module, _, name = settings.AD_SCRIPT_WRITER.rpartition(".")
    return cast(Writer, getattr(import_module(module), name))


HOOKS: Final[Mapping[str, tuple[str, ...]]] = {
    "problem_solution": (
        "Still looking for the right one? Here it is.",
        "You know the search. Good news: it ends here.",
        "Some things should just be easy. This is one of them.",
    ),
    "three_reasons": (
        "Three reasons to look twice.",
        "Give me half a minute, and three good reasons.",
        "Why this one? Let me count to three.",
    ),
    "discovery": (
        "Look what I have found.",
        "I did not expect to like this so much.",
        "A small discovery that I have to share.",
    ),
    "social_proof": (
        "People keep asking me about this.",
        "Everybody seems to be talking about it. Here is why.",
        "There is a reason why this one gets passed on.",
    ),
    "special_offers": (
        "This is worth a moment of your time.",
        "If you have been waiting for a reason, here is one.",
        "Good things do not have to wait.",
    ),
}
NUMBERED: Final = ("First:", "Second:", "And third:")
CLOSINGS: Final = ("Have a look today.", "See it for yourself.", "Find out more on the page.")


def from_templates(product: Product, wish: Wish) -> Script:
    """The default writer: a hook, the name, what the page says in sentences that fit the time, the price, a call to action."""
    rng = Random(f"{product.url}\n{wish.style}\n{wish.variant}")  # noqa: S311 - chooses among phrases
    if wish.override:
        return Script(product.title, tuple(sentences(wish.override)), _call(product, rng))
    hooks = HOOKS.get(wish.style, HOOKS["problem_solution"])
    called = (
        f"{product.title}, by {product.brand}." if product.brand and product.brand not in product.title else f"{product.title}."
    )
    start = [hooks[wish.variant % len(hooks)], f"For {wish.audience}: {called}" if wish.audience else called]
    call = _call(product, rng)
    end = [f"Yours for {product.price}."] if product.price else []
    room = wish.seconds * WORDS_PER_SECOND - sum(map(words, [*start, *end, call]))
    quoted = [line for part in re.findall(r"[\"“](.+?)[\"”]", wish.instructions) for line in sentences(part)]
    told = [*quoted, *sentences(product.description)]
    middle = _fitting(told, room, rng if wish.variant else None)
    if wish.style == "three_reasons":
        middle = [f"{number} {line}" for number, line in zip(NUMBERED, middle[:3], strict=False)]
    return Script(product.title, (*start, *middle, *end, call), call)


def _call(product: Product, rng: Random) -> str:
    return rng.choice(CLOSINGS)


def _fitting(told: list[str], room: float, shuffled: Random | None) -> list[str]:
    """As many sentences as there is time for, in their order; a variant leaves out others."""
    order = list(range(len(told)))
    if shuffled:
        shuffled.shuffle(order)
    chosen: set[int] = set()
    for at in order:
        if words(told[at]) <= room:
            chosen.add(at)
            room -= words(told[at])
    return [told[at] for at in sorted(chosen)]


def sentences(text: str) -> list[str]:
    """A long sentence is cut at its commas: nobody reads three lines of captions."""
    whole = [each.strip() for each in re.split(r"(?<=[.!?。])\s+|\n+", text) if each.strip(" .!?")]
    parts = [part.strip() for each in whole for part in (re.split(r"(?<=[,;:–])\s+", each) if words(each) > 18 else [each])]
    return [part if part.endswith((".", "!", "?", "。", "…")) else part.rstrip(",;:–") + "." for part in parts]


def words(text: str) -> int:
    return len(text.split())
