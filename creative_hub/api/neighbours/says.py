"""What the API's description says of the neighbours' calls."""

from typing import Any, Final

from creative_hub.api.says import JOB_ID, KEY
from wevion.drf.openapi import Answer, Operation, Schema, query, ref

TAGS: Final = [
    {"name": "clips", "description": "Jobs of type `style_transfer` in a clip engine's words."},
    {"name": "stories", "description": "Jobs of type `story` in a story generator's words."},
    {"name": "ads", "description": "Jobs of type `ad` in an ad generator's words."},
]
ORDER_ERRORS: Final = ("insufficient_credits", "credit_cap_reached", "idempotency_mismatch")
TAKEN: Final = ("Location", "Retry-After")
AT: Final = "2026-01-05T09:30:00.000Z"
CLIP: Final = "https://example.com/clip.mp4"
CLIPS_JOB: Final[dict[str, Any]] = {
    "job_id": JOB_ID,
    "video_id": CLIP,
    "template_video_id": None,
    "status": "processing",
    "progress_percent": 42,
    "current_stage": "motion_analysis",
    "created_at": AT,
    "updated_at": AT,
    "started_at": AT,
    "completed_at": None,
}
STORIES_JOB: Final = {
    "job_id": JOB_ID,
    "status": "processing",
    "created_at": AT,
    "scenes_completed": 1,
    "scenes_total": 3,
    "started_at": AT,
}
PROJECT: Final = {"id": "0b6f8c1e-6f0e-4f59-8d1a-53f0a2b7c9d4", "title": "Desk lamp", "status": "generating", "progress": 38}
ADS_JOB: Final = {
    "jobId": JOB_ID,
    "status": "running",
    "overallProgress": 38,
    "stage": "video",
    "totalProjects": 1,
    "completedProjects": 0,
    "failedProjects": 0,
    "projects": [PROJECT],
}


def _enveloped(found: dict[str, Any], message: str) -> dict[str, Any]:
    return {**found, "success": True, "message": message, "data": found}


UPLOAD: Final = {
    "POST": Operation(
        id="clips_upload",
        tag="clips",
        summary="Upload a clip",
        text="Into the member's own folder. Its bytes tell whether it is one.",
        body=ref("ClipsUpload"),
        media_type="multipart/form-data",
        answers={201: Answer("It is stored; `video_id` is what an order names.", "ClipsUploaded")},
        errors=("length_required",),
    )
}
CLIPS: Final = {
    "POST": Operation(
        id="clips_create_job",
        tag="clips",
        summary="Restyle a clip, or read the style of a template",
        text="`video_id` or `template_video_id` or both. The webhook has the job as it is shown, with `output_video_url`.",
        body=ref("ClipsOrder"),
        example={"video_id": CLIP, "config": {"look": "golden_hour", "quality": "high"}},
        parameters=[KEY],
        answers={
            200: Answer(
                "The job is queued.",
                "ClipsJobAnswer",
                (),
                _enveloped(
                    {**CLIPS_JOB, "status": "queued", "progress_percent": 0, "current_stage": None, "started_at": None},
                    "The job is queued.",
                ),
            )
        },
        errors=(*ORDER_ERRORS, "not_found"),
    ),
    "GET": Operation(
        id="clips_list_jobs",
        tag="clips",
        summary="The member's style transfers, newest first",
        parameters=[
            query("page", "From 1.", type="integer", minimum=1, maximum=10**6, default=1),
            query("page_size", "How many on a page.", type="integer", minimum=1, maximum=100, default=10),
        ],
        answers={
            200: Answer(
                "A page of jobs.",
                "ClipsJobPage",
                (),
                _enveloped({"jobs": [CLIPS_JOB], "total": 1, "page": 1, "page_size": 10}, "The jobs."),
            )
        },
        errors=("invalid_request",),
    ),
}
CLIPS_RESULT: Final = {
    "GET": Operation(
        id="clips_get_result",
        tag="clips",
        summary="What a completed job made",
        answers={200: Answer("The clip's signed address, and its style.", "ClipsResult")},
        errors=("result_not_ready",),
    )
}
JOB: Final = {
    "GET": Operation(
        id="neighbour_get_job",
        tag="clips",
        more_tags=("ads",),
        summary="A style transfer or an ad, each in its contract's words",
        text="A job of another type is 404 here. Asking changes nothing: the job moves by itself.",
        answers={
            200: Answer(
                "The job.",
                "NeighbourJob",
                examples={"a style transfer": _enveloped(CLIPS_JOB, "The job."), "an ad": ADS_JOB},
            )
        },
    )
}
CANCEL: Final = {
    "POST": Operation(
        id="neighbour_cancel_job",
        tag="clips",
        more_tags=("ads",),
        summary="Stop a style transfer or an ad",
        text="Nothing of it is kept, and nothing charged. Safe to ask twice.",
        answers={200: Answer("It is cancelled.", "NeighbourJob")},
        errors=("not_cancellable",),
    )
}
STORIES: Final = {
    "POST": Operation(
        id="stories_create",
        tag="stories",
        summary="Order a story: a picture for each scene",
        text="The scenes are made in order. One that fails fails the story, and nothing is charged.",
        body=ref("StoriesOrder"),
        example={
            "prompt": "Mia and a fox look for a treasure",
            "characters": [{"name": "Mia", "appearance": "a girl with short red curls and a yellow sweater"}],
            "scenes": ["Mia finds a map in the forest.", "They sail across the sea."],
        },
        parameters=[KEY],
        answers={
            202: Answer(
                "The job is accepted. Look at `poll_url`, every five seconds.",
                "StoriesAccepted",
                (*TAKEN, "X-Depicta-Job-Id"),
                {"job_id": JOB_ID, "status": "pending", "poll_url": f"https://hub.example.com/v1/jobs/{JOB_ID}"},
            )
        },
        errors=(*ORDER_ERRORS, "not_found"),
    )
}


def _story(operation_id: str) -> dict[str, Operation]:
    return {
        "GET": Operation(
            id=operation_id,
            tag="stories",
            summary="A story: how far it is, and at last its pictures",
            text="While it is active the answer has `Retry-After`.",
            answers={
                200: Answer("The job.", "StoriesJob", (), STORIES_JOB),
                502: Answer("From a proxy on the way, in words of its own. Ask again."),
            },
            errors=("unavailable_for_legal_reasons",),
        )
    }


STORY: Final = _story("stories_get")
STORY_JOB: Final = _story("stories_get_job")
ADS: Final = {
    "POST": Operation(
        id="ads_create",
        tag="ads",
        summary="Order ads from product pages",
        text="Each page times each variant is a project. What cannot be made is not charged. `stage` is `lip_sync` for no job: "
        "the presenter's mouth is made with the video.",
        body=ref("AdsOrder"),
        example={"urls": ["https://example.com/products/lamp"], "variantCount": 2, "adDuration": 15, "aspectRatio": "9:16"},
        parameters=[KEY],
        answers={
            202: Answer(
                "The job is accepted. Look where `Location` says, every ten seconds.",
                "AdsAccepted",
                TAKEN,
                {"jobId": JOB_ID, "totalProjects": 2, "status": "pending"},
            )
        },
        errors=(*ORDER_ERRORS, "not_found"),
    )
}


def webhooks() -> dict[str, Any]:
    """What the `webhook_url` of an order in these words is told."""
    return {
        "clips": {"post": _told("A style transfer has ended", "ClipsTold")},
        "ads": {"post": _told("An ad job has ended", "AdsTold", "X-Nouvel-Signature", "X-Nouvel-Attempt")},
    }


def _told(summary: str, name: str, *more: str) -> dict[str, Any]:
    headers = ("webhook-id", "webhook-timestamp", "webhook-signature", *more)
    parameters: list[Schema] = [
        {"in": "header", "name": header, "required": True, "schema": {"type": "string"}} for header in headers
    ]
    return {
        "summary": f"{summary}.",
        "description": "To the address that came with an order in this contract's words. Signed as our own messages are.",
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": ref(name)}}},
        "responses": {"2XX": {"description": "Received."}},
    }
