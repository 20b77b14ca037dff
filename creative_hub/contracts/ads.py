"""The ad generator's words for a job of type `ad`: projects, each with its own progress. Its names are in camelCase."""

from collections.abc import Mapping
from typing import Any, Final

from creative_hub import library
from jobs.models import TERMINAL, Item, Job, Status
from jobs.webhooks.payload import Words

TYPE: Final = "ad"
STATUSES: Final = {Status.PROCESSING: "running"}
PROJECT_STAGES: Final = {"preparing": 20, "generating": 70, "post_processing": 85, "stitching": 100}
"""Its stages of a project, each up to a percentage: those of our pipelines are more, and differ by provider."""
JOB_STAGES: Final = {"preparing": "preparing", "generating": "video", "post_processing": "audio", "stitching": "stitching"}
"""Its word for the stage of the whole job."""


def represent(job: Job) -> dict[str, Any]:
    """`overallProgress` is the mean of the projects', at most 99 until the job has ended, and then 100."""
    items = sorted(job.items.all(), key=lambda item: item.position)
    ended = job.status in TERMINAL
    found: dict[str, Any] = {
        "jobId": str(job.pk),
        "status": STATUSES.get(Status(job.status), job.status),
        "overallProgress": 100 if ended else min(99, job.progress_percent),
        "stage": None if ended else JOB_STAGES[_slowest(items)],
        "totalProjects": len(items),
        "completedProjects": sum(item.status == Status.COMPLETED for item in items),
        "failedProjects": sum(item.status == Status.FAILED for item in items),
        "projects": [_project(job, item) for item in items],
    }
    return found | ({"completedDetails": _details(job, items)} if ended else {})


def _stage(item: Item) -> str:
    return next((name for name, below in PROJECT_STAGES.items() if item.progress_percent < below), "stitching")


def _slowest(items: list[Item]) -> str:
    """The stage of the project that has furthest to go."""
    running = [item for item in items if item.status not in TERMINAL]
    return _stage(min(running, key=lambda item: item.progress_percent)) if running else "stitching"


def _project(job: Job, item: Item) -> dict[str, Any]:
    ended = item.status in TERMINAL
    return {
        "id": str(item.pk),
        "title": _title(job, item),
        "status": item.status if ended or item.status == Status.PENDING else _stage(item),
        "progress": 100 if item.status == Status.COMPLETED else item.progress_percent,
    }


def _title(job: Job, item: Item) -> str:
    project = job.settings["projects"][item.position]
    return str((item.result or {}).get("title") or project["url"])


def _details(job: Job, items: list[Item]) -> list[dict[str, Any]]:
    """Of what was delivered and what failed. A project that was finished before a cancel has no file."""
    links = library.links(items)
    return [_detail(job, item, links.get(item.pk)) for item in items if item.status in (Status.COMPLETED, Status.FAILED)]


def _detail(job: Job, item: Item, link: str | None) -> dict[str, Any]:
    result: Mapping[str, Any] = item.result or {}
    return {
        "projectId": str(item.pk),
        "title": _title(job, item),
        "url": job.settings["projects"][item.position]["url"],
        "status": item.status,
        "finalOutputUrl": link,
        "description": result.get("description", ""),
        "aspectRatio": job.settings["aspect_ratio"],
        "durationSeconds": result.get("duration_seconds"),
        "sceneCount": result.get("scenes", 0),
        "script": " ".join(result.get("script", [])),
        "error": {"code": item.error_code, "message": item.error_message} if item.error_code else None,
    }


def told(job: Job) -> Words:
    """Its webhook. One event for every end that delivers or fails; a cancel, of which it says nothing, is one of its own."""
    event = "job.cancelled" if job.status == Status.CANCELLED else "job.completed"
    found = represent(job)
    of_project = {detail["projectId"]: detail for detail in found["completedDetails"]}
    projects = [project | of_project.get(project["id"], {}) for project in found["projects"]]
    return Words(
        {"event": event, **found, "projects": projects},
        signature_header="X-Nouvel-Signature",
        attempt_header="X-Nouvel-Attempt",
    )
