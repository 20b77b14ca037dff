"""The tables of the engine."""

from jobs.models.event import JobEvent
from jobs.models.feed import JobFeed
from jobs.models.item import Item, ItemRun, Lane
from jobs.models.job import Job
from jobs.models.ledger import CreditAccount, LedgerEntry, MemberMonth
from jobs.models.outcome import UnknownOutcome
from jobs.models.provider import ProviderHealth
from jobs.models.status import ACTIVE, FAILURES, TERMINAL, Status

__all__ = [
    "ACTIVE",
    "FAILURES",
    "TERMINAL",
    "CreditAccount",
    "Item",
    "ItemRun",
    "Job",
    "JobEvent",
    "JobFeed",
    "Lane",
    "LedgerEntry",
    "MemberMonth",
    "ProviderHealth",
    "Status",
    "UnknownOutcome",
]
