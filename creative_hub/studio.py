"""What the engine asks of the hub (jobs.studio.Studio)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from django.core.files import File

from creative_hub import catalog, contracts, leftovers, library, pipelines, tasks
from creative_hub.models import Folder
from creative_hub.orders import ORDERS, typed_in
from jobs.models import Item, Job, Status
from jobs.pipeline import Rules, Stage
from jobs.submission import Order
from jobs.webhooks.payload import Words
from wevion.accounts.models import Membership
from wevion.refusal import Refusal

PLAIN = Rules()
RULES: Final[Mapping[str, Rules]] = {
    "style_transfer": Rules(cancellable=True),
    "story": Rules(in_order=True),
    "ad": Rules(cancellable=True, partial=True, clock_from_submit=True),
}
"""Of the types whose jobs differ from the plain ones: a list of independent items that run to their end."""


class NoLongerOffered(Refusal):
    status = 409
    code = "not_retryable"


def types() -> Mapping[str, str]:
    return catalog.TYPES


def providers() -> Mapping[str, str]:
    return {row.slug: row.label for row in catalog.CATALOG}


def stages(job_type: str, provider: str) -> tuple[Stage, ...]:
    return pipelines.PIPELINES[catalog.model(provider).made_by]


def rules(job_type: str) -> Rules:
    return RULES.get(job_type, PLAIN)


def slots() -> Mapping[str, int]:
    return {row.slug: row.slots for row in catalog.CATALOG}


def looks_per_second() -> Mapping[str, float]:
    return {row.slug: row.looks_per_second for row in catalog.CATALOG}


def typical_seconds(provider: str) -> tuple[int, int]:
    return catalog.model(provider).typical_seconds


def order_again(job: Job) -> Order:
    membership = Membership.objects.select_related("user", "team").get(user_id=job.user_id, team_id=job.team_id)
    asked = typed_in(job)
    folder = asked.get("drive_folder_id")
    if folder and not Folder.objects.of(membership.user).filter(pk=folder).exists():
        del asked["drive_folder_id"]  # the root instead, as where a result is delivered
    serializer = ORDERS[job.type](data=asked, context={"membership": membership})
    if not serializer.is_valid():
        raise NoLongerOffered("This cannot be made with the same settings any more. Edit it, and submit it as a new job.")
    order = serializer.order()
    return _of_projects(job, order) if job.type == "ad" else order


def _of_projects(job: Job, order: Order) -> Order:
    """The projects that the job had; of a partial one, those that failed."""
    projects = job.settings["projects"]
    if job.status == Status.PARTIAL:
        failed = job.items.filter(status=Status.FAILED).order_by("position").values_list("position", flat=True)
        projects = [projects[position] for position in failed]
    return replace(
        order, settings={**order.settings, "projects": projects}, item_costs_cents=order.item_costs_cents[: len(projects)]
    )


def deliver(job: Job, items: Sequence[Item]) -> None:
    library.deliver(job, items)


def ended(job_id: UUID) -> None:
    leftovers.clear(job_id)


def adopt(job: Job, uploaded: "File[bytes]") -> None:
    library.adopt(job, uploaded)


def sweep() -> None:
    tasks.ring_if_due()


def webhook_words(job: Job) -> Words | None:
    return contracts.webhook_words(job)


def links(items: Iterable[Item]) -> Mapping[int, str]:
    return library.links(items)
