"""One row of the catalog: what can be asked of one model, with which options, at what price. Of Django, settings alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils import timezone

from creative_hub.providers.ports import Account, Brief, ProviderError

Choices = Mapping[str, str]
Price = Callable[[str, Mapping[str, Any]], int]
"""Cents of one item, from its text and settings."""


@dataclass(frozen=True, slots=True)
class Model:
    """`choices` lists the values of a field; a field in `free` takes any text; other fields it has not.

    `made_by` picks the pipeline; `adapter` is the module, `vendor` its key in settings.VENDORS. `max_chars` is the longest
    text it takes. `typical_seconds` is how long half of the jobs take, and nine in ten, until there is a history.
    `result_hosts` are the domains that a vendor's finished files come from. `ends` holds the days, such as 2026-12-01, from
    which the vendor no longer offers a model of its, by the vendor's name for it (settings.VENDOR_MODELS). A workflow that is
    put together here has no vendor of its own: `parts` are the models whose work it orders.
    """

    slug: str
    type: str
    label: str
    hint: str
    made_by: str
    adapter: str
    suffix: str
    price: Price
    typical_seconds: tuple[int, int]
    choices: Mapping[str, Choices] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    vendor: str = ""
    max_chars: int = 4000
    slots: int = 8
    looks_per_second: float = 1000
    stale_after_seconds: int = 15 * 60
    deadline_seconds: int = 30 * 60
    result_hosts: tuple[str, ...] = ()
    ends: Mapping[str, str] = field(default_factory=dict)
    parts: "tuple[Model, ...]" = ()

    @property
    def is_local(self) -> bool:
        return not self.vendor and not self.parts

    @property
    def unavailable(self) -> str:
        """Why it cannot be chosen here; empty if it can."""
        vendors = [model.vendor for model in (self, *self.parts) if model.vendor]
        if missing := [f"{name.upper()}_API_KEY" for name in vendors if not settings.VENDORS[name][1]]:
            return f"not configured: set {' and '.join(missing)}"
        if ended := next((part.unavailable for part in self.parts if part.unavailable), ""):
            return ended
        day = self.ends.get(settings.VENDOR_MODELS.get(self.slug, ""))
        if day and timezone.now().date().isoformat() >= day:
            return f"no longer offered by its vendor since {day}"
        return ""

    def takes(self, name: str) -> bool:
        return name in self.choices or name in self.free

    def refusal(self, text: str, options: Mapping[str, Any]) -> str:
        """Why the vendor's adapter would not take the order, naming the option; empty if it would. Nothing is sent."""
        if not self.vendor:
            return ""
        try:
            import_module(self.adapter).VENDOR.submit_request(Account("https://vendor", ""), Brief(self.type, text, options), "-")
        except ProviderError as error:
            return error.message
        return ""

    def cost_cents(self, text: str, options: Mapping[str, Any]) -> int:
        if self.is_local and settings.LOCAL_RENDERERS_FREE:
            return 0
        return self.price(text, options)


def same(*values: str) -> Choices:
    return {value: value for value in values}


def named(table: Mapping[str, Any]) -> Choices:
    return {slug: row if isinstance(row, str) else row.label for slug, row in table.items()}
