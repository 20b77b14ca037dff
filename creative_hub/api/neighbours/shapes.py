"""The neighbours' bodies and answers as JSON Schemas. What they describe is made in creative_hub.contracts and stories."""

from collections.abc import Mapping
from typing import Any, Final

from creative_hub.api import bodies
from creative_hub.api.neighbours.ads import FIELDS
from creative_hub.api.neighbours.clips import CONFIG
from creative_hub.contracts.ads import JOB_STAGES
from creative_hub.contracts.clips import word_for
from jobs.api.shapes import (
    ANYTHING,
    CENTS,
    ID,
    MOMENT,
    MOMENT_OR_NULL,
    PERCENT,
    TEXT,
    TEXT_OR_NULL,
    WHOLE,
    listed,
    whole,
)
from jobs.models import FAILURES, Status
from wevion.drf.openapi import ref

LINK_OR_NULL: Final = {"type": ["string", "null"], "format": "uri"}
SECONDS_OR_NULL: Final = {"type": ["number", "null"], "minimum": 0}
ENDED: Final = (Status.COMPLETED, Status.FAILED, Status.CANCELLED)
FIVE: Final = (Status.PENDING, Status.PROCESSING, *ENDED)
CODE: Final = {"type": "string", "enum": list(FAILURES)}


def schemas() -> dict[str, Any]:
    """Component name → schema. The names begin with the contract's: Clips, Stories, Ads."""
    either = [ref("ClipsJobAnswer"), ref("AdsJob")]
    return {**_clips(), **_stories(), **_ads(), "NeighbourJob": {"oneOf": either, "description": "By the job's type."}}


def _with(base: Mapping[str, Any], **optional: Any) -> dict[str, Any]:
    """The object, which sometimes has these too."""
    return {**base, "properties": {**base["properties"], **optional}}


def _or_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """These contracts take null for a field that is left out."""
    return {"anyOf": [schema, {"type": "null"}]}


def _body(fields: Mapping[str, Any], required: list[str]) -> dict[str, Any]:
    properties = {name: schema if name in required else _or_null(schema) for name, schema in fields.items()}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _words(statuses: tuple[Status, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": [word_for(status) for status in statuses]}


def _enveloped(schema: Mapping[str, Any]) -> dict[str, Any]:
    said = {"success": {"type": "boolean", "const": True}, "message": TEXT, "data": schema}
    required = [*schema["required"], *said]
    return {**_with(schema, **said), "required": required, "description": "The same once more under `data`."}


def _clips() -> dict[str, Any]:
    ours = bodies.schema_of("style_transfer")["properties"]
    config = _body({name: ours[name] for name in CONFIG}, [])
    config["properties"] = {name: ours[name] for name in CONFIG}
    uploaded = {"video_id": ID, "filename": TEXT, "size_bytes": WHOLE, "duration_seconds": SECONDS_OR_NULL}
    job = _clips_job()
    listing = {"jobs": listed(job), "total": WHOLE, "page": WHOLE, "page_size": WHOLE}
    result = {
        "job_id": ID,
        "status": {"type": "string", "const": "completed"},
        "output_video_url": LINK_OR_NULL,
        "style_card_url": {**LINK_OR_NULL, "description": "A picture of the style, of a template clip alone."},
        "style_json": ANYTHING,
        "processing_time_seconds": SECONDS_OR_NULL,
    }
    fields = {name: ours[name] for name in ("video_id", "template_video_id")}
    return {
        "ClipsUpload": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary", "description": "MP4, MOV or WebM, up to 500 MB."}},
            "required": ["file"],
            "additionalProperties": False,
        },
        "ClipsUploaded": _enveloped(
            whole({**uploaded, "width": {"type": ["integer", "null"]}, "height": {"type": ["integer", "null"]}})
        ),
        "ClipsOrder": _body({**fields, "config": config, "webhook_url": bodies.WEBHOOK_URL}, []),
        "ClipsJob": job,
        "ClipsJobAnswer": _enveloped(job),
        "ClipsJobPage": _enveloped(whole(listing)),
        "ClipsResult": _enveloped(whole(result)),
        "ClipsTold": _enveloped(
            _with(whole({**job["properties"], "processing_time_seconds": SECONDS_OR_NULL}), output_video_url=LINK_OR_NULL)
            | {"required": [*job["required"], "processing_time_seconds"]}
        ),
    }


def _clips_job() -> dict[str, Any]:
    always = {
        "job_id": ID,
        "video_id": {**TEXT_OR_NULL, "description": "As it was ordered: an uploaded clip's id, or an address."},
        "template_video_id": TEXT_OR_NULL,
        "status": _words(FIVE),
        "progress_percent": {**PERCENT, "description": "Never falls. 100 only when it is completed."},
        "current_stage": {**TEXT_OR_NULL, "description": "While it is processing."},
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "started_at": MOMENT_OR_NULL,
        "completed_at": MOMENT_OR_NULL,
    }
    return _with(whole(always), error=whole({"stage": TEXT, "message": TEXT}, "Only when it has failed."))


def _stories() -> dict[str, Any]:
    ours = bodies.schema_of("story")
    model = {**ours["properties"]["provider"], "description": "The same as `provider`; give one of them."}
    scene = {"index": WHOLE, "description": TEXT, "image_url": LINK_OR_NULL}
    result = {
        "type": {"type": "string", "const": "story"},
        "model": TEXT,
        "prompt": TEXT,
        "characters": listed(whole({"name": TEXT, "appearance": TEXT})),
        "scenes": listed(whole(scene)),
        "cost_cents": CENTS,
    }
    always = {"job_id": ID, "status": _words_of_stories(), "created_at": MOMENT, "scenes_completed": WHOLE, "scenes_total": WHOLE}
    return {
        "StoriesOrder": _body({"model": model, **ours["properties"]}, ours["required"]),
        "StoriesAccepted": whole({"job_id": ID, "status": _words_of_stories(), "poll_url": {"type": "string", "format": "uri"}}),
        "StoriesJob": _with(
            whole(always, "`started_at` and `completed_at` are there once they have come."),
            started_at=MOMENT,
            completed_at=MOMENT,
            error=whole({"code": CODE, "message": TEXT}, "Only when it has failed."),
            result=whole(result, "Only when it is completed."),
        ),
    }


def _words_of_stories() -> dict[str, Any]:
    return {"type": "string", "enum": [str(status) for status in FIVE if status != Status.CANCELLED]}


def _ads() -> dict[str, Any]:
    ours = bodies.schema_of("ad")
    fields = {theirs: ours["properties"][name] for theirs, name in FIELDS.items()}
    status = {"type": "string", "enum": ["pending", "running", "completed", "partial", "failed", "cancelled"]}
    project = {"id": TEXT, "title": TEXT, "status": TEXT, "progress": PERCENT}
    detail = _ads_detail()
    always = {
        "jobId": ID,
        "status": status,
        "overallProgress": {**PERCENT, "description": "The mean of the projects. 100 only when the job has ended."},
        "stage": {"type": ["string", "null"], "enum": [*JOB_STAGES.values(), None]},
        "totalProjects": WHOLE,
        "completedProjects": WHOLE,
        "failedProjects": WHOLE,
        "projects": listed(ref("AdsProject")),
    }
    told = {"event": {"type": "string", "enum": ["job.completed", "job.cancelled"]}, **always}
    told |= {"projects": listed(_with(whole(project), **detail)), "completedDetails": listed(ref("AdsDetail"))}
    return {
        "AdsOrder": _body({**fields, "contentType": {"type": "string", "const": "ad"}}, ["urls"]),
        "AdsAccepted": whole({"jobId": ID, "totalProjects": WHOLE, "status": status}),
        "AdsProject": whole(project),
        "AdsDetail": whole(detail),
        "AdsJob": _with(whole(always), completedDetails={**listed(ref("AdsDetail")), "description": "Once the job has ended."}),
        "AdsTold": whole(told),
    }


def _ads_detail() -> dict[str, Any]:
    return {
        "projectId": TEXT,
        "title": TEXT,
        "url": TEXT,
        "status": {"type": "string", "enum": ["completed", "failed"]},
        "finalOutputUrl": LINK_OR_NULL,
        "description": TEXT,
        "aspectRatio": TEXT,
        "durationSeconds": SECONDS_OR_NULL,
        "sceneCount": WHOLE,
        "script": TEXT,
        "error": {"oneOf": [whole({"code": CODE, "message": TEXT}), {"type": "null"}]},
    }
