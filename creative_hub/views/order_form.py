"""The order serializers as a form: unsent or sent, with its fields in reading order, and its price."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from rest_framework import serializers

from creative_hub import catalog
from creative_hub.models import Folder
from creative_hub.orders import ORDERS, OrderSerializer
from creative_hub.templatetags.hub import plain
from creative_hub.views.examples import EXAMPLES, chosen
from creative_hub.views.media_picker import CHOSEN, pickers
from jobs import clock
from jobs.durations import usual_seconds
from jobs.models import CreditAccount, MemberMonth, ledger
from wevion.accounts.models import Membership
from wevion.refusal import Refusal

API_ONLY: Final = frozenset({"webhook_url"})
"""Fields that programs use, and the form does not show."""

BLANK: Final = {
    ("image", "aspect_ratio"): "My own width and height",
    ("avatar", "voice_id"): "The presenter’s own voice",
}
"""Choices that may be left open, and what that means."""


@dataclass(frozen=True, slots=True)
class Quote:
    """What the order would cost, and how many seconds half of such jobs take, and nine in ten. Or why that is not known."""

    cost_cents: int | None = None
    half_seconds: int = 0
    most_seconds: int = 0
    problem: str = ""


def typed(job_type: str, post: QueryDict) -> dict[str, str]:
    """What was typed, a value for each field: of a file its address or its id, and of an example what it fills in.

    A chosen ratio goes before a width and height, which the page then does not show.
    """
    values = {name: value for name, value in post.items() if isinstance(value, str)}
    for choice in [name for name in values if name.endswith(CHOSEN)]:
        field, file = choice.removesuffix(CHOSEN), values.pop(choice)
        values[field] = values.get(field, "").strip() or file
    if values.get("aspect_ratio"):
        values = {name: value for name, value in values.items() if name not in ("width", "height")}
    example = values.pop("example", "")
    return {**values, **chosen(job_type, example)}


def unsent(job_type: str, member: Membership, values: Mapping[str, Any]) -> OrderSerializer:
    """A form that shows `values`, unchecked, and defaults for the rest and for what the provider does not offer."""
    form = ORDERS[job_type](context={"membership": member, "provider": _offered(values.get("provider"))})
    for name, field in form.fields.items():
        if name in values and name != "provider" and _fits(field, values[name]):
            field.initial = values[name]
        elif (job_type, name) in BLANK and (name != "aspect_ratio" or "width" in values):
            field.initial = ""
    return form


def _fits(field: "serializers.Field[Any, Any, Any, Any]", value: object) -> bool:
    """Whether a list has this choice, or has none; anything may be typed elsewhere."""
    return not isinstance(field, serializers.ChoiceField) or value == "" or str(value) in map(str, field.choices)


def sent(job_type: str, member: Membership, typed: Mapping[str, str]) -> OrderSerializer:
    """The form as it was posted. Empty fields count as absent, and so do those that the chosen provider has not."""
    context = {"membership": member, "provider": typed.get("provider")}
    shown: list[str] = list(ORDERS[job_type](context=context).fields.keys())
    return ORDERS[job_type](data={name: typed[name] for name in shown if typed.get(name, "").strip()}, context=context)


def quote(form: OrderSerializer) -> Quote:
    """The price of an order as far as it is filled in: a missing text counts as a short one."""
    data = {form.text_field: "…"} | {name: value for name, value in _filled(form).items() if value not in (None, "")}
    priced = type(form)(data=data, context=form.context)
    try:
        if not priced.is_valid():
            return Quote(problem=_problem(priced))
        order = priced.order()
    except Refusal as refusal:
        return Quote(problem=refusal.message)
    half, most = usual_seconds(order.type, order.provider)
    return Quote(order.cost_cents, half, most)


def _problem(form: OrderSerializer) -> str:
    """The first thing that stands in the way of a price, with the name of its field."""
    name = next((name for name in map(str, form.fields) if name in form.errors), "")
    if not name:
        return "Correct the form to see its price."
    error, field = form.errors[name][0], form[name]
    missing = getattr(error, "code", "") in ("required", "blank", "null")
    return f"The price appears with the {field.label.lower()}." if missing else f"{field.label}: {plain(error, field)}"


def context(form: OrderSerializer, member: Membership, key: str) -> dict[str, Any]:
    """What `hub/_order.html` shows."""
    models = catalog.models_of(form.type)
    examples = EXAMPLES.get(form.type, ())
    return price_context(form, member) | {
        "fields": [form[name] for name in _reading_order(form) if name not in API_ONLY],
        "text_field": form.text_field,
        "examples": examples,
        "from_example": form[form.text_field].value in [example.fields.get(form.text_field) for example in examples],
        "models": [model for model in models if not model.unavailable],
        "models_off": [model for model in models if model.unavailable],
        "provider": form.model.slug,
        "blank": {name: label for (job_type, name), label in BLANK.items() if job_type == form.type},
        "folders": Folder.objects.of(member.user).exclude(parent=None),
        "pickers": pickers(form, member.user),
        "idempotency_key": key,
    }


def _reading_order(form: OrderSerializer) -> list[str]:
    """What has to be filled in, then the text and who makes it, then the options, and where it goes."""
    needed = [name for name, field in form.fields.items() if field.required and name != form.text_field]
    lead = [form.text_field, *needed] if form.fields[form.text_field].required else [*needed, form.text_field]
    options = [name for name in map(str, form.fields) if name not in (*lead, "provider", "drive_folder_id")]
    return [*lead, "provider", *options, "drive_folder_id"]


def price_context(form: OrderSerializer, member: Membership) -> dict[str, Any]:
    """What `hub/_quote.html` shows: the price, what the team has, and what it and the person's limit would leave."""
    account = CreditAccount.objects.filter(team=member.team_id).first()
    available = account.available_cents if account else 0
    price = quote(form)
    cost, room = price.cost_cents or 0, _room(member)
    return {
        "quote": price,
        "available_cents": available,
        "left_cents": available - cost,
        "room_cents": room,
        "short": cost > available,
        "over_limit": room is not None and cost > room,
    }


def _room(member: Membership) -> int | None:
    """Cents that the person's monthly limit leaves; None without a limit."""
    if member.monthly_cap_cents is None:
        return None
    used = MemberMonth.objects.filter(membership=member, month=ledger.month_of(clock.now())).first()
    return max(0, member.monthly_cap_cents - (used.held_cents + used.charged_cents if used else 0))


def _filled(form: OrderSerializer) -> Mapping[str, Any]:
    sent_data: Mapping[str, Any] | None = getattr(form, "initial_data", None)
    return sent_data if sent_data is not None else {name: field.initial for name, field in form.fields.items()}


def _offered(provider: object) -> str | None:
    rows = {row.slug: row for row in catalog.CATALOG}
    return str(provider) if provider in rows and not rows[str(provider)].unavailable else None
