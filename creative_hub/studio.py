"""What the engine asks of the hub (jobs.studio.Studio)."""

from collections.abc import Iterable, Mapping, Sequence

from django.core.files import File

from creative_hub import catalog, library, pipelines
from creative_hub.orders import ORDERS, typed_in
from jobs.models import Item, Job
from jobs.pipeline import Stage
from jobs.submission import Order
from wevion.accounts.models import Membership
from wevion.refusal import Refusal


class NoLongerOffered(Refusal):
    status = 409
    code = "not_retryable"


def types() -> Mapping[str, str]:
    return catalog.TYPES


def providers() -> Mapping[str, str]:
    return {row.slug: row.label for row in catalog.CATALOG}


def stages(job_type: str, provider: str) -> tuple[Stage, ...]:
    return pipelines.PIPELINES[catalog.model(provider).made_by]


def slots() -> Mapping[str, int]:
    return {row.slug: row.slots for row in catalog.CATALOG}


def looks_per_second() -> Mapping[str, float]:
    return {row.slug: row.looks_per_second for row in catalog.CATALOG}


def typical_seconds(job_type: str, provider: str) -> tuple[int, int]:
    return catalog.model(provider).typical_seconds


def order_again(job: Job) -> Order:
    membership = Membership.objects.select_related("user", "team").get(user_id=job.user_id, team_id=job.team_id)
    serializer = ORDERS[job.type](data=typed_in(job), context={"membership": membership})
    if not serializer.is_valid():
        raise NoLongerOffered("This cannot be made with the same settings any more. Edit it, and submit it as a new job.")
    return serializer.order()


def deliver(job: Job, items: Sequence[Item]) -> None:
    library.deliver(job, items)


def adopt(job: Job, uploaded: "File[bytes]") -> None:
    library.adopt(job, uploaded)


def links(items: Iterable[Item]) -> Mapping[int, str]:
    return library.links(items)
