"""The tables of the engine."""

from jobs.models.event import JobEvent
from jobs.models.feed import JobFeed
from jobs.models.item import Item, ItemRun, Lane
from jobs.models.job import Job
from jobs.models.ledger import CreditAccount, LedgerEntry, MemberMonth
from jobs.models.notice import JobNotice
from jobs.models.outcome import UnknownOutcome
from jobs.models.provider import ProviderHealth
from jobs.models.status import ACTIVE, DELIVERED, FAILURES, TERMINAL, Status
from jobs.models.usual import UsualTime
from jobs.models.webhook import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookSecret

__all__ = [
    "ACTIVE",
    "DELIVERED",
    "FAILURES",
    "TERMINAL",
    "CreditAccount",
    "Item",
    "ItemRun",
    "Job",
    "JobEvent",
    "JobFeed",
    "JobNotice",
    "Lane",
    "LedgerEntry",
    "MemberMonth",
    "ProviderHealth",
    "Status",
    "UnknownOutcome",
    "UsualTime",
    "WebhookAttempt",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
    "WebhookSecret",
]
