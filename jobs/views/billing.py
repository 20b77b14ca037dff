"""Settings → Billing: what the team has, what a month took, by whom, and whether the ledger and the jobs agree."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import django_filters as filters
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jobs import clock, statement
from jobs.models import LedgerEntry
from wevion.accounts.login import membership_of
from wevion.accounts.models import Membership, Team, User

STEP = 50


class LedgerFilter(filters.FilterSet):
    """Which entries: of a kind, of one person's jobs, of a month."""

    kind = filters.ChoiceFilter(choices=LedgerEntry.Kind.choices, empty_label="All kinds")
    member = filters.ModelChoiceFilter(field_name="job__user", queryset=User.objects.none(), empty_label="Everybody")
    month = filters.ChoiceFilter(method="of_month", empty_label="All months")

    class Meta:
        model = LedgerEntry
        fields: list[str] = []

    def __init__(self, data: Any, team: Team, now: datetime) -> None:
        super().__init__(data, LedgerEntry.objects.filter(team=team))
        months = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in statement.months_of(team, now)]
        people = User.objects.filter(Q(membership__team=team) | Q(left_team=team)).order_by("name", "email")
        self.filters["month"].extra["choices"] = months
        self.filters["member"].queryset = people

    def of_month(self, entries: QuerySet[LedgerEntry], name: str, value: str) -> QuerySet[LedgerEntry]:
        start, end = statement.bounds(date.fromisoformat(f"{value}-01"))
        return entries.filter(at__gte=start, at__lt=end)

    def query(self) -> dict[str, str]:
        """What was chosen, for a link."""
        return {name: self.data[name] for name in self.filters if self.data.get(name)}


@never_cache
@login_required
@require_GET
def billing(request: HttpRequest) -> HttpResponse:
    member, now = allowed(request), clock.now()
    chosen = LedgerFilter(request.GET, member.team, now)
    valid = chosen.is_valid()
    month = statement.months_of(member.team, now)[0]
    if valid and chosen.form.cleaned_data["month"]:
        month = date.fromisoformat(f"{chosen.form.cleaned_data['month']}-01")
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    entries = list(statement.newest_first(chosen.qs, number)[: STEP + 1]) if valid else []
    context = {
        "section": "settings",
        "tab": "billing",
        "team": member.team,
        "filter": chosen,
        "uses": statement.uses(member.team, month),
        "is_present": month == statement.months_of(member.team, now)[0],
        "entries": entries[:STEP],
        "query": urlencode(chosen.query()),
        "older": urlencode(chosen.query() | {"before": str(entries[STEP - 1].pk)}) if len(entries) > STEP else "",
        "paged": number is not None,
    }
    status = 200 if valid else 400
    return render(request, "accounts/billing.html", context | statement.figures(member.team, month), status=status)


@never_cache
@login_required
@require_GET
def billing_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The entries that pass the filter, all of them, as they are read."""
    member = allowed(request)
    chosen = LedgerFilter(request.GET, member.team, clock.now())
    if not chosen.is_valid():
        return HttpResponse("This filter cannot be used.", status=400, content_type="text/plain")
    name = "-".join([slugify(member.team.name) or "team", "ledger", *chosen.query().values()])
    disposition = f'attachment; filename="{slugify(name)}.csv"'
    lines = statement.csv_lines(chosen.qs)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


def allowed(request: HttpRequest) -> Membership:
    member = membership_of(request)
    if not member.may_see_billing:
        raise PermissionDenied("Billing is for the owners, admins and finance people of a team.")
    return member
