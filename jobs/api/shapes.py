"""The answers of the API as JSON Schemas, for its description. What they describe is made in jobs.representation."""

from collections.abc import Mapping
from typing import Any, Final

from jobs.models import FAILURES, Status, WebhookDelivery, WebhookEvent
from jobs.studio import studio
from wevion.drf.openapi import ref

TEXT: Final = {"type": "string"}
TEXT_OR_NULL: Final = {"type": ["string", "null"]}
WHOLE: Final = {"type": "integer"}
WHOLE_OR_NULL: Final = {"type": ["integer", "null"]}
CENTS: Final = {"type": "integer", "minimum": 0, "description": "Cents of a US dollar."}
PERCENT: Final = {"type": "integer", "minimum": 0, "maximum": 100}
ID: Final = {"type": "string", "format": "uuid"}
ID_OR_NULL: Final = {"type": ["string", "null"], "format": "uuid"}
MOMENT: Final = {"type": "string", "format": "date-time"}
MOMENT_OR_NULL: Final = {"type": ["string", "null"], "format": "date-time"}
ANYTHING: Final = {"type": "object", "additionalProperties": True}


def whole(properties: Mapping[str, Any], text: str = "", null: bool = False) -> dict[str, Any]:
    """An object that always has all of these, and nothing else."""
    kind = ["object", "null"] if null else "object"
    found = {"type": kind, "properties": dict(properties), "required": list(properties), "additionalProperties": False}
    return found | ({"description": text} if text else {})


def listed(item: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def page(name: str) -> dict[str, Any]:
    links = {"next": {**TEXT_OR_NULL, "format": "uri"}, "previous": {**TEXT_OR_NULL, "format": "uri"}}
    return {"results": listed(ref(name)), **links}


def schemas() -> dict[str, Any]:
    """Component name → schema."""
    status = {"type": "string", "enum": list(Status.values)}
    eta = whole({"p50": WHOLE, "p90": WHOLE}, "Seconds that such a job takes as a whole: half of them, and nine in ten.")
    links = {**listed({"type": "string", "format": "uri"}), "description": "Signed addresses, good for one to two hours."}
    code = {"type": "string", "enum": list(FAILURES)}
    return {
        "Error": {
            **whole({"error": TEXT, "message": TEXT, "details": {"type": ["object", "null"]}, "request_id": TEXT}),
            # The code is narrowed by each answer (allOf), so this part must not close the object.
            "additionalProperties": True,
        },
        "Accepted": whole({"job_id": ID, "status": status}),
        "Quote": whole({"cost_cents": CENTS, "eta_seconds": eta}),
        "Eta": eta,
        "Job": whole(_job(status, links, code)),
        "Item": whole(
            {
                "position": WHOLE,
                "status": status,
                "progress_percent": PERCENT,
                "result_urls": links,
                "error": {"oneOf": [ref("ItemError"), {"type": "null"}]},
            },
            "One piece of a job: a variant of an image, a scene, a project.",
        ),
        "ItemError": whole({"code": code, "message": TEXT}),
        "JobError": whole({"code": code, "message": TEXT, "stage": TEXT_OR_NULL, "remedy": TEXT}, "Why it failed."),
        "Waiting": whole(
            {"reason": TEXT, "position": WHOLE, "about_seconds": WHOLE_OR_NULL},
            "Why a pending job waits.",
        ),
        "JobPage": {
            **whole(page("Job")),
            "properties": {**page("Job"), "count": WHOLE, "cost_cents": CENTS},
            "description": "`count` and `cost_cents`, of all jobs that pass the filter, are there with `totals=true`.",
        },
    } | webhook_schemas()


def _job(status: Mapping[str, Any], links: Mapping[str, Any], code: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": ID,
        "user_id": ID,
        "type": {"type": "string", "enum": list(studio().types())},
        "status": status,
        "provider": TEXT,
        "prompt": TEXT,
        "settings": ANYTHING,
        "result_urls": links,
        "error_message": TEXT_OR_NULL,
        "error": {"oneOf": [ref("JobError"), {"type": "null"}]},
        "cost_cents": CENTS,
        "estimated_cost_cents": CENTS,
        "drive_folder_id": ID_OR_NULL,
        "metadata": ANYTHING,
        "retry_of": ID_OR_NULL,
        "progress_percent": PERCENT,
        "current_stage": TEXT_OR_NULL,
        "eta_seconds": {"oneOf": [ref("Eta"), {"type": "null"}]},
        "waiting": {"oneOf": [ref("Waiting"), {"type": "null"}]},
        "created_at": MOMENT,
        "started_at": MOMENT_OR_NULL,
        "completed_at": MOMENT_OR_NULL,
        "items": listed(ref("Item")),
    }


def webhook_schemas() -> dict[str, Any]:
    endpoint = {
        "id": ID,
        "url": TEXT,
        "description": TEXT,
        "events": listed({"type": "string", "enum": list(WebhookEvent.values)}),
        "enabled": {"type": "boolean"},
        "disabled_reason": TEXT_OR_NULL,
        "consecutive_failures": WHOLE,
        "failing_since": MOMENT_OR_NULL,
        "created_at": MOMENT,
    }
    secret = {**TEXT, "description": "Shown now and never again: `whsec_` and base64."}
    attempt = {
        "at": MOMENT,
        "status": {"type": ["integer", "null"]},
        "milliseconds": WHOLE,
        "error": TEXT_OR_NULL,
        "answer": TEXT,
    }
    delivery = {
        "id": ID,
        "message_id": {**TEXT, "description": "The `webhook-id` header: the same at every attempt and replay."},
        "event": TEXT,
        "status": {"type": "string", "enum": list(WebhookDelivery.Status.values)},
        "endpoint_id": ID_OR_NULL,
        "job_id": ID_OR_NULL,
        "url": TEXT,
        "created_at": MOMENT,
        "next_attempt_at": MOMENT_OR_NULL,
        "ended_at": MOMENT_OR_NULL,
        "attempts": listed(ref("WebhookAttempt")),
    }
    return {
        "Webhook": whole(endpoint),
        "NewWebhook": whole({**endpoint, "secret": secret}),
        "WebhookList": whole({"results": listed(ref("Webhook"))}),
        "WebhookSecret": whole({"secret": secret}),
        "WebhookAttempt": whole(attempt),
        "WebhookDelivery": whole(delivery),
        "WebhookDeliveryPage": whole(page("WebhookDelivery")),
    }
