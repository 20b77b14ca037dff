"""What the API's description says of ordering."""

from creative_hub.api import bodies
from creative_hub.catalog import TYPES
from creative_hub.orders import ORDERS
from wevion.drf.openapi import Answer, Operation, header, ref

JOB_ID = "6f1f0f5e-2c1b-4c53-9d9b-1f2e3d4c5b6a"
KEY = header(
    "Idempotency-Key",
    "Any text of yours, new for each order. The same key with the same body gives the first job again, with another body 422.",
    type="string",
    maxLength=255,
)


def submit(job_type: str) -> Operation:
    return Operation(
        id=f"submit_{job_type}",
        tag="generate",
        summary=f"Order: {TYPES[job_type]}",
        text="Holds the price and starts a job, which runs by itself. Nothing is charged unless it delivers.",
        body=ref(bodies.component(job_type)),
        example=dict(bodies.EXAMPLES.get(job_type, {})) or None,
        parameters=[KEY],
        answers={
            202: Answer(
                "The job is accepted. Look where `Location` says, every five seconds.",
                "Accepted",
                ("Location", "Retry-After"),
                {"job_id": JOB_ID, "status": "pending"},
            )
        },
        errors=("insufficient_credits", "credit_cap_reached", "not_found", "idempotency_mismatch"),
    )


def quote() -> Operation:
    return Operation(
        id="quote",
        tag="generate",
        summary="What an order would cost and take",
        text="An order as it would be submitted, with its `type` beside. Creates nothing.",
        body=bodies.quote_schema(),
        example={"type": next(iter(ORDERS)), **bodies.EXAMPLES["image"]},
        answers={
            200: Answer(
                "The price, and how long such jobs take.", "Quote", (), {"cost_cents": 4, "eta_seconds": {"p50": 5, "p90": 9}}
            )
        },
        errors=("not_found",),
    )
