"""What the engine asks of the hub. The hub's module is named in settings; nothing else of it is known here."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast
from uuid import UUID

from django.conf import settings

from jobs.pipeline import Rules, Stage

if TYPE_CHECKING:
    from django.core.files import File

    from jobs.models import Item, Job
    from jobs.submission import Order
    from jobs.webhooks.payload import Words


class Studio(Protocol):
    def types(self) -> Mapping[str, str]:
        """The job types, slug → label, in the order of the menu."""

    def providers(self) -> Mapping[str, str]:
        """The providers, slug → label."""

    def stages(self, job_type: str, provider: str) -> tuple[Stage, ...]:
        """The stages through which an item of this type and provider goes, in order."""

    def rules(self, job_type: str) -> Rules:
        """Whether jobs of the type can be cancelled, and how their items stand to each other."""

    def slots(self) -> Mapping[str, int]:
        """How many items of each provider may run at the same time."""

    def looks_per_second(self) -> Mapping[str, float]:
        """How often a poller may ask each provider, over all of its jobs."""

    def typical_seconds(self, provider: str) -> tuple[int, int]:
        """How long a job of the provider's takes while there is no history: half of them, and nine in ten."""

    def order_again(self, job: "Job") -> "Order":
        """The job's request as a new order, at today's price; raises Refusal where the catalog no longer has it."""

    def deliver(self, job: "Job", items: Sequence["Item"]) -> None:
        """Files the results of the completed items in the library, in the caller's transaction."""

    def ended(self, job_id: UUID) -> None:
        """After the commit that ended the job: removes what its stages stored on the way. Safe to call twice."""

    def adopt(self, job: "Job", uploaded: "File[bytes]") -> None:
        """Files by hand what a provider made for a job that ended without it. Raises ValueError for anything but media."""

    def sweep(self) -> None:
        """Every few seconds: rings for the studio's own work that is due and that no message told of. Quick, never raises."""

    def webhook_words(self, job: "Job") -> "Words | None":
        """What the `webhook_url` of an order that came in another product's words is told of its end; None: the API's own."""

    def links(self, items: Iterable["Item"]) -> Mapping[int, str]:
        """For each completed item's id a fresh, signed, absolute URL of its file."""


@cache
def studio() -> Studio:
    return cast(Studio, import_module(settings.JOBS_STUDIO))
