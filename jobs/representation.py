"""A job as programs see it: one shape for the API, and later for webhooks. Field names are those of seed and contract."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from jobs.durations import usual_seconds
from jobs.models import DELIVERED, Item, Job, Status
from jobs.studio import studio
from jobs.waiting import Waiting, waiting, with_waits
from wevion.accounts.models import User


def represent_own(user: User, pk: UUID) -> dict[str, Any] | None:
    """The person's job; None if it is somebody else's, hidden, or none at all. Two queries: job with items, and links."""
    own = Item.objects.filter(job__in=Job.objects.of(user).filter(pk=pk)).select_related("job")
    items = list(with_waits(own, user).order_by("position"))
    return _job(items[0].job, items, _links(items), waiting(items[0].job, items[0])) if items else None


def represent_all(jobs: Iterable[Job]) -> list[dict[str, Any]]:
    """Many jobs, from `with_waits` and with prefetched `items`, with one query for all links."""
    rows = [(job, sorted(job.items.all(), key=lambda item: item.position)) for job in jobs]
    links = _links([item for _, items in rows for item in items])
    return [_job(job, items, links, waiting(job)) for job, items in rows]


def _links(items: list[Item]) -> Mapping[int, str]:
    done = [item for item in items if item.status == Status.COMPLETED]
    return studio().links(done) if done else {}


def _job(job: Job, items: list[Item], links: Mapping[int, str], waits: Waiting | None) -> dict[str, Any]:
    return {
        "id": str(job.pk),
        "user_id": str(job.user_id),
        "type": job.type,
        "status": job.status,
        "provider": job.provider,
        "prompt": job.prompt,
        "settings": job.settings,
        "result_urls": _urls(job, items, links),
        "error_message": job.error_message or None,
        "error": _error(job, items),
        "cost_cents": job.cost_cents,
        "estimated_cost_cents": job.estimated_cost_cents,
        "drive_folder_id": str(job.drive_folder_id) if job.drive_folder_id else None,
        "metadata": job.metadata,
        "retry_of": str(job.retry_of_id) if job.retry_of_id else None,
        "progress_percent": job.progress_percent,
        "current_stage": job.current_stage or None,
        "eta_seconds": eta_seconds(job),
        "waiting": asdict(waits) if waits else None,
        "created_at": iso(job.created_at),
        "started_at": iso(job.started_at),
        "completed_at": iso(job.completed_at),
        "items": [_item(job, item, links) for item in items],
    }


def _urls(job: Job, items: list[Item], links: Mapping[int, str]) -> list[str]:
    """Results are shown when the job has delivered: until then they are neither charged nor filed."""
    return [links[item.pk] for item in items if item.pk in links] if job.status in DELIVERED else []


def _item(job: Job, item: Item, links: Mapping[int, str]) -> dict[str, Any]:
    return {
        "position": item.position,
        "status": item.status,
        "progress_percent": item.progress_percent,
        "result_urls": _urls(job, [item], links),
        "error": {"code": item.error_code, "message": item.error_message} if item.error_code else None,
    }


def _error(job: Job, items: list[Item]) -> dict[str, Any] | None:
    failure = job.failure
    if failure is None:
        return None
    stage = next((item.stage for item in items if item.status == Status.FAILED), None)
    return {"code": job.error_code, "message": job.error_message, "stage": stage, "remedy": failure.remedy}


def eta_seconds(job: Job) -> dict[str, int] | None:
    """How long such a job usually takes as a whole, half of them and nine in ten; None once it has ended."""
    if not job.is_active:
        return None
    p50, p90 = usual_seconds(job.type, job.provider)
    return {"p50": p50, "p90": p90}


def iso(at: datetime | None) -> str | None:
    """UTC, to the millisecond, with a Z."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None
