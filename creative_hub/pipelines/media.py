"""The stages of the five media types.

A renderer on this machine: rendering → delivering. A vendor: submitting → generating → downloading → delivering.
A vendor that answers with the bytes themselves: generating → delivering.
"""

from dataclasses import replace

from creative_hub.pipelines.answering import answer, deliver_answer
from creative_hub.pipelines.delivering import deliver
from creative_hub.pipelines.rendering import render
from creative_hub.pipelines.vending import LOOK, download, submit
from jobs.models import Lane
from jobs.pipeline import Stage

# Renderers, downloads and long calls report every few seconds, and each report extends the lease: so it can be short, and
# a worker that dies is noticed soon.

DELIVERING = Stage("delivering", Lane.MEDIA, (92, 99), deliver, lease_seconds=40)

RENDERED = (
    Stage("rendering", Lane.MEDIA, (2, 92), render, lease_seconds=20),
    DELIVERING,
)

SUBMITTED = (
    Stage("submitting", Lane.IO, (1, 5), submit, lease_seconds=40, paid=True),
    Stage("generating", Lane.POLL, (5, 85), look=LOOK),
    Stage("downloading", Lane.MEDIA, (85, 92), download, lease_seconds=20),
    DELIVERING,
)

# HeyGen takes an idempotency key: an unanswered submit is sent again under the same key.
SUBMITTED_UNDER_A_KEY = (replace(SUBMITTED[0], repeatable=True), *SUBMITTED[1:])

ANSWERED = (
    Stage("generating", Lane.IO, (2, 92), answer, lease_seconds=20, paid=True),
    replace(DELIVERING, run=deliver_answer),
)
