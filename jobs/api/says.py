"""What the API's description says of jobs and webhooks."""

from typing import Final

from jobs.filters import SEARCH_DAYS
from jobs.models import Status, WebhookDelivery, WebhookEvent
from wevion.drf.openapi import Answer, Operation, header, query

LIMIT: Final = query("limit", "How many on a page.", type="integer", minimum=1, maximum=100, default=10)
CURSOR: Final = query("cursor", "From `next` or `previous` of an answer.", type="string", minLength=1)
SEARCH: Final = f"Words in the prompt; among the jobs of the last {SEARCH_DAYS} days, unless one of the four times is given."
MOMENT: Final = {"type": "string", "format": "date-time"}
ACCEPTED: Final = Answer("Accepted.", "Accepted", ("Location", "Retry-After"))

JOB_LIST: Final = {
    "GET": Operation(
        id="list_jobs",
        tag="jobs",
        summary="The member's jobs, newest first",
        text="Hidden ones are left out. Unknown filters are refused by name.",
        parameters=[
            query("type", "Only jobs of this type.", type="string", minLength=1),
            query("status", "`active` is pending or processing.", type="string", enum=["active", *Status.values]),
            query("provider", "Only jobs of this provider.", type="string", minLength=1),
            query("created_after", "From this time on.", **MOMENT),
            query("created_before", "Before this time.", **MOMENT),
            query("completed_after", "Ended at this time or later.", **MOMENT),
            query("completed_before", "Ended before this time.", **MOMENT),
            query("q", SEARCH, type="string", minLength=1, maxLength=200),
            query("folder", "Only jobs for this folder.", type="string", format="uuid"),
            query("totals", "Adds `count` and `cost_cents` of all that pass.", type="boolean", default=False),
            LIMIT,
            CURSOR,
        ],
        answers={200: Answer("A page of jobs.", "JobPage")},
        errors=("invalid_request",),
    )
}
JOB: Final = {
    "GET": Operation(
        id="get_job",
        tag="jobs",
        summary="One job",
        text="Asking changes nothing: the job moves by itself. While it is active the answer has `Retry-After`.",
        parameters=[header("If-None-Match", "The ETag that you have.", type="string")],
        answers={200: Answer("The job.", "Job", ("ETag",)), 304: Answer("It is as you know it.", "", ("ETag",))},
    ),
    "DELETE": Operation(
        id="hide_job",
        tag="jobs",
        summary="Hide a job that has ended",
        text="It is left out of the lists from now on. Its files stay in the library.",
        answers={204: Answer("Hidden.")},
        errors=("still_active",),
    ),
}
RETRY: Final = {
    "POST": Operation(
        id="retry_job",
        tag="jobs",
        summary="Order a failed job again",
        text="A new job with the same parameters, at today's price. Asked twice, it is made once.",
        answers={202: ACCEPTED},
        errors=("insufficient_credits", "credit_cap_reached", "not_retryable"),
    )
}
CANCEL: Final = {
    "POST": Operation(
        id="cancel_job",
        tag="jobs",
        summary="Stop a job",
        text="For the workflow types alone. Nothing of it is kept, and nothing charged. Safe to ask twice.",
        answers={202: ACCEPTED},
        errors=("not_cancellable",),
    )
}

ENDPOINT_BODY: Final = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "minLength": 1, "maxLength": 2000, "description": "An https address that takes a POST."},
        "description": {"type": "string", "maxLength": 200},
        "events": {
            "type": "array",
            "minItems": 1,
            "maxItems": len(WebhookEvent),
            "items": {"type": "string", "enum": list(WebhookEvent.values)},
            "description": "What it is told; default: everything.",
        },
        "enabled": {"type": "boolean"},
    },
    "additionalProperties": False,
}
ENDPOINT_EXAMPLE: Final = {"url": "https://hooks.example.com/wevion", "events": ["job.completed", "job.failed"]}
WEBHOOKS: Final = {
    "GET": Operation("list_webhooks", "webhooks", "The team's webhooks", {200: Answer("All of them.", "WebhookList")}),
    "POST": Operation(
        "add_webhook",
        "webhooks",
        "Add a webhook",
        {201: Answer("Added; the secret is in this answer only.", "NewWebhook")},
        body={**ENDPOINT_BODY, "required": ["url"]},
        example=ENDPOINT_EXAMPLE,
        errors=("too_many_webhooks",),
    ),
}
WEBHOOK: Final = {
    "GET": Operation("get_webhook", "webhooks", "One webhook", {200: Answer("The webhook.", "Webhook")}),
    "PATCH": Operation(
        "change_webhook",
        "webhooks",
        "Change, enable or disable a webhook",
        {200: Answer("As it is now.", "Webhook")},
        body={**ENDPOINT_BODY, "minProperties": 1},
        example={"enabled": False},
    ),
    "DELETE": Operation("delete_webhook", "webhooks", "Delete a webhook, with its log", {204: Answer("Deleted.")}),
}
WEBHOOK_ROTATE: Final = {
    "POST": Operation(
        "rotate_webhook_secret",
        "webhooks",
        "Give a webhook a new secret",
        {200: Answer("The new secret.", "WebhookSecret")},
        text="The one before signs beside it for a day.",
    )
}
WEBHOOK_TEST: Final = {
    "POST": Operation(
        "test_webhook",
        "webhooks",
        "Send a test event",
        {202: Answer("It is on its way.", "WebhookDelivery", ("Location", "Retry-After"))},
        errors=("webhook_disabled",),
    )
}
TEAM_SECRET: Final = {
    "POST": Operation(
        "rotate_team_secret",
        "webhooks",
        "A new secret for the addresses in orders",
        {200: Answer("The new secret.", "WebhookSecret")},
        text="Messages to a `webhook_url` that came with an order are signed with it. The one before signs beside it for a day.",
    )
}
DELIVERIES: Final = {
    "GET": Operation(
        "list_deliveries",
        "webhooks",
        "What was told, newest first",
        {200: Answer("A page of deliveries.", "WebhookDeliveryPage")},
        parameters=[
            query("endpoint", "Only those of this webhook.", type="string", format="uuid"),
            query("job", "Only those about this job.", type="string", format="uuid"),
            query("status", "Only these.", type="string", enum=list(WebhookDelivery.Status.values)),
            LIMIT,
            CURSOR,
        ],
        errors=("invalid_request",),
    )
}
DELIVERY: Final = {
    "GET": Operation("get_delivery", "webhooks", "One delivery", {200: Answer("With its attempts.", "WebhookDelivery")})
}
REPLAY: Final = {
    "POST": Operation(
        "replay_delivery",
        "webhooks",
        "Send an event again",
        {202: Answer("It is on its way, under the same id.", "WebhookDelivery", ("Location", "Retry-After"))},
        errors=("webhook_disabled",),
    )
}
