"""The buttons of a draft's creative block: what a press does to the cards, what is said of it, and where the focus then is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.template.defaultfilters import pluralize

from creative_hub.campaigns import MOST_CARDS
from creative_hub.models import Asset


@dataclass(frozen=True, slots=True)
class Press:
    """`act` is the button's name: add, remove or earlier. `cards` are those before it."""

    act: str
    cards: list[UUID]
    asset: Asset

    def changed(self) -> list[UUID]:
        """The cards after it. The first one stays the first."""
        pk = self.asset.pk
        rest = [other for other in self.cards if other != pk]
        if self.act == "earlier" and pk in self.cards:
            at = max(0, self.cards.index(pk) - 1)
            return [*rest[:at], pk, *rest[at:]]
        return [*rest, pk] if self.act == "add" else rest

    def said(self, assets: Sequence[Asset]) -> str:
        name = self.asset.name
        if self.act != "earlier":
            return f"{'Added' if self.act == 'add' else 'Removed'} “{name}”: {_count(assets)}."
        if self.cards[:1] == [self.asset.pk]:
            return f"“{name}” is the first already."
        return f"“{name}” is now number {self.changed().index(self.asset.pk) + 1} of {len(assets)}."

    def focus(self, assets: Sequence[Asset], choices: Sequence[Asset]) -> tuple[str, UUID | None]:
        """The name and file of the button: the same one, or that of the file that took its place; the picker's when none did."""
        if self.act == "earlier":
            return self.act, self.asset.pk
        if self.act == "remove" and assets:
            place = self.cards.index(self.asset.pk) if self.asset.pk in self.cards else 0
            return self.act, assets[min(place, len(assets) - 1)].pk
        if self.act == "add" and choices:
            here = self.asset.created_at, self.asset.pk  # the choices begin with the newest
            older = (choice for choice in choices if (choice.created_at, choice.pk) < here)
            return self.act, next(older, choices[-1]).pk
        return "pick", None


def files(count: int) -> str:
    return f"{count or 'no'} file{pluralize(count)}"


def _count(assets: Sequence[Asset]) -> str:
    if assets and all(asset.kind == "image" for asset in assets):
        return f"{len(assets)} of {MOST_CARDS} pictures"
    return files(len(assets))
