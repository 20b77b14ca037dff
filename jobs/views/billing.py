"""Settings → Team → Billing: what the team has, what this month took, and whether the ledger and the jobs agree."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jobs import clock
from jobs.models import CreditAccount, Job, LedgerEntry
from wevion.accounts.login import membership_of
from wevion.accounts.models import Team

LAST_ENTRIES = 25


@never_cache
@login_required
@require_GET
def billing(request: HttpRequest) -> HttpResponse:
    member = membership_of(request)
    if not member.may_see_billing:
        raise PermissionDenied("Billing is for the owners, admins and finance people of a team.")
    return render(request, "accounts/billing.html", {"section": "billing", "team": member.team} | _figures(member.team))


def _figures(team: Team) -> dict[str, Any]:
    """The month is UTC, and a job belongs to the month in which it was completed: so its charge is dated too."""
    start = clock.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    ledger = LedgerEntry.objects.filter(team=team)
    charged = -_sum(ledger.filter(kind=LedgerEntry.Kind.CHARGE, at__gte=start), "amount_cents")
    jobs = _sum(Job.objects.of_team(team).filter(completed_at__gte=start, cost_cents__gt=0), "cost_cents")
    account = CreditAccount.objects.filter(team=team).first() or CreditAccount(team=team)
    return {
        "month": start,
        "account": account,
        "charged_cents": charged,
        "refunded_cents": _sum(ledger.filter(kind=LedgerEntry.Kind.REFUND, at__gte=start), "amount_cents"),
        "jobs_cents": jobs,
        "jobs_agree": charged == jobs,
        "balance_agrees": _sum(ledger, "amount_cents") == account.posted_cents,
        "entries": _entries(team),
    }


def _entries(team: Team) -> list[LedgerEntry]:
    return list(LedgerEntry.objects.filter(team=team).select_related("job__user", "actor").order_by("-at", "-id")[:LAST_ENTRIES])


def _sum(rows: Any, column: str) -> int:
    return rows.aggregate(total=Sum(column))["total"] or 0
