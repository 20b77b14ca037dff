"""The statuses of a job, the only ways between them, and the closed list of reasons why one fails. Pure Python."""

from dataclasses import dataclass
from typing import Final

from django.db.models import TextChoices


class Status(TextChoices):
    PENDING = "pending", "Pending"
    """Accepted and paid for by a hold; waits for a free slot. Moved on by the runner when its first item starts."""
    PROCESSING = "processing", "Processing"
    """At least one item has started. Ends by itself: by its items, or by the sweeper's two clocks."""
    COMPLETED = "completed", "Completed"
    """Results are in our storage and charged. Final."""
    FAILED = "failed", "Failed"
    """Nothing was delivered and nothing charged; `error_code` and `error_message` say why. Final."""
    PARTIAL = "partial", "Partly completed"
    """Of a workflow's items some were delivered, and those alone are charged. Final."""
    CANCELLED = "cancelled", "Cancelled"
    """Stopped by the person, where the type allows it. Nothing was delivered and nothing charged. Final."""


ACTIVE: Final = (Status.PENDING, Status.PROCESSING)
TERMINAL: Final = (Status.COMPLETED, Status.FAILED, Status.PARTIAL, Status.CANCELLED)
DELIVERED: Final = (Status.COMPLETED, Status.PARTIAL)

TRANSITIONS: Final[dict[str, tuple[str, ...]]] = {
    Status.PENDING: (Status.PROCESSING, Status.FAILED, Status.CANCELLED),
    Status.PROCESSING: (Status.COMPLETED, Status.FAILED, Status.PARTIAL, Status.CANCELLED),
    Status.COMPLETED: (),
    Status.FAILED: (),
    Status.PARTIAL: (),
    Status.CANCELLED: (),
}


class IllegalTransition(Exception):
    """A change of status that the table does not have. A bug, or a lost race that a fence should have caught."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What the person reads when a job fails: what happened, and what to do. `retry` says whether the same again may help."""

    text: str
    remedy: str
    retry: bool = True


FAILURES: Final[dict[str, Failure]] = {
    "content_rejected": Failure(
        "The provider's safety filter refused this request.",
        "Reword it: leave out brands, public figures and sensitive subjects. The same text would be refused again.",
        retry=False,
    ),
    "provider_timeout": Failure(
        "The provider did not finish within the allowed time.",
        "This is usually temporary. Try again in a few minutes, choose a shorter duration, or another provider.",
    ),
    "rate_limited": Failure(
        "The provider received too many requests in a short time.",
        "Wait a minute, then retry.",
    ),
    "insufficient_credits": Failure(
        "The team's credit did not cover this job.",
        "Ask a team owner to top up, then submit it again.",
    ),
    "invalid_request": Failure(
        "The provider could not use these settings.",
        "Change what the message names, and submit it again.",
        retry=False,
    ),
    "provider_error": Failure(
        "The provider had a problem on its side.",
        "Retry once. If it fails again, choose another provider; we have been told about it too.",
    ),
    "outcome_unknown": Failure(
        "We lost contact while handing the job to the provider, and cannot tell whether it was made.",
        "We stopped here rather than order it twice. Retry to make it anew; our team checks what became of the first.",
    ),
    "storage_error": Failure(
        "The result was made, but could not be stored.",
        "Retry in a few minutes.",
    ),
    "internal_error": Failure(
        "Something went wrong on our side.",
        "Retry. If it fails again, tell us the job's id.",
    ),
    "cancelled": Failure(
        "The job was cancelled before it finished.",
        "Submit it again whenever you like.",
    ),
}
