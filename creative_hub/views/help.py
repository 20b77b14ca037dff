"""Help: what stands in the tables of statuses, failures and models is read from them, so that it cannot grow old."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from creative_hub import catalog
from creative_hub.catalog import Model
from creative_hub.orders import ORDERS
from creative_hub.views.examples import EXAMPLES
from jobs.durations import usual_seconds
from jobs.models import FAILURES, Status
from jobs.templatetags.job_display import words

STATUSES: Final = {
    Status.PENDING: "Accepted, and its price is held. It waits for a free place, and starts by itself; it does not expire.",
    Status.PROCESSING: "The provider is at work. You may close the page: the job goes on.",
    Status.COMPLETED: "The files are in your library, and the price has been charged. This does not change any more.",
    Status.PARTIAL: "A workflow of several parts delivered some of them. You pay for those, and can order the rest again.",
    Status.FAILED: "Nothing was delivered, and nothing charged. The row says why, and what helps.",
    Status.CANCELLED: "You stopped it. Nothing was charged. Workflows can be stopped; single images, videos and sounds cannot.",
}
NAMED_WITHIN_CHARS: Final = 60


@dataclass(frozen=True, slots=True)
class Offer:
    """A row of the catalog for people: its options as words, and the price of the type's first example."""

    model: Model
    options: dict[str, str]
    example_cents: int
    usual_seconds: tuple[int, int]


@login_required
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    types = [(slug, label, [_offer(row) for row in catalog.models_of(slug)]) for slug, label in catalog.TYPES.items()]
    context = {
        "section": "help",
        "statuses": [(status, status.label, STATUSES[status]) for status in Status],
        "failures": [(code, words(code), failure) for code, failure in FAILURES.items()],
        "types": types,
        "link_minutes": settings.RESULT_LINK_SECONDS // 60,
        "team_slots": settings.TEAM_SLOTS,
    }
    return render(request, "help/help.html", context)


def _offer(row: Model) -> Offer:
    fields = ORDERS[row.type]().get_fields()
    labels = {name: str(fields[name].label or words(name)) for name in (*row.choices, *row.free) if name in fields}
    options = {labels[name]: _summary(list(choices.values())) for name, choices in row.choices.items() if name in labels}
    options |= {labels[name]: "" for name in row.free if name in labels and name != ORDERS[row.type].text_field}
    chosen = {name: int(value) if value.isdigit() else value for name, value in _first(row).items()}
    examples = EXAMPLES.get(row.type)
    text = next(iter(examples[0].fields.values())) if examples else ""
    return Offer(row, options, row.cost_cents(text, chosen), usual_seconds(row.type, row.slug))


def _first(row: Model) -> dict[str, str]:
    return {name: next(iter(choices)) for name, choices in row.choices.items()}


def _summary(labels: list[str]) -> str:
    named = ", ".join(labels)
    return named if len(named) <= NAMED_WITHIN_CHARS else f"{len(labels)} to choose from"
