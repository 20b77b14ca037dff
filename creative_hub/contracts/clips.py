"""The clip engine's words for a job of type `style_transfer`.

What a call answers, or a webhook says, stands at the top of the body, and once more under `data` beside `success` and
`message`: its documents have been read both ways.
"""

from collections.abc import Mapping
from typing import Any, Final

from creative_hub import library
from jobs.models import Job, Status
from jobs.representation import iso
from jobs.webhooks.payload import Words

TYPE: Final = "style_transfer"
STATUSES: Final = {Status.PENDING: "queued"}
"""Where its word for a status differs from ours."""
FIRST_STAGE: Final = "video_analysis"


def word_for(status: str) -> str:
    return STATUSES.get(Status(status), status)


def enveloped(found: Mapping[str, Any], message: str) -> dict[str, Any]:
    return {**found, "success": True, "message": message, "data": found}


def represent(job: Job) -> dict[str, Any]:
    """The job in the contract's words. `error` is there only when it has failed; 100 percent only when it is completed.

    Stage and percent are both the job's own, of one moment: its item is read later, and may be a stage further by then.
    """
    [item] = job.items.all()
    running = job.status == Status.PROCESSING
    least = 1 if job.started_at else 0  # of the first stage, also before that has said how far it is
    found = {
        "job_id": str(job.pk),
        "video_id": job.settings.get("video_id"),
        "template_video_id": job.settings.get("template_video_id"),
        "status": word_for(job.status),
        "progress_percent": max(least, job.progress_percent),
        "current_stage": (job.current_stage or FIRST_STAGE) if running else None,
        "created_at": iso(job.created_at),
        "updated_at": iso(job.completed_at or job.started_at or job.created_at),
        "started_at": iso(job.started_at),
        "completed_at": iso(job.completed_at),
    }
    return found | ({"error": {"stage": item.stage, "message": job.error_message}} if job.failure else {})


def result(job: Job) -> dict[str, Any]:
    """What a completed job made: a clip, or of a template alone its style and a card that shows it."""
    made, clip_url, card_url = _made(job)
    return {
        "job_id": str(job.pk),
        "status": "completed",
        "output_video_url": clip_url,
        "style_card_url": card_url,
        "style_json": made["style"],
        "processing_time_seconds": job.duration_seconds,
    }


def told(job: Job) -> Words:
    """Its webhook: the job as it is shown, and the result's address once it is completed."""
    found = represent(job) | {"processing_time_seconds": job.duration_seconds}
    if job.status == Status.COMPLETED:
        _, found["output_video_url"], _ = _made(job)
    return Words(enveloped(found, f"The job is {found['status']}."))


def _made(job: Job) -> tuple[Mapping[str, Any], str | None, str | None]:
    """The item's result, and the address of its clip or of its card."""
    [item] = job.items.all()
    made: Mapping[str, Any] = item.result or {}
    url = library.links([item]).get(item.pk)
    return (made, url, None) if made["kind"] == "video" else (made, None, url)
