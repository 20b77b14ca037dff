"""The order serializers as a form: unsent or sent, with its fields in reading order, and its price."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from creative_hub import catalog
from creative_hub.models import Asset, Folder
from creative_hub.orders import ORDERS, OrderSerializer
from creative_hub.studio import typical_seconds
from jobs.models import CreditAccount
from wevion.accounts.models import Membership
from wevion.refusal import Refusal

LIBRARY_FILES: Final = 50

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


def unsent(job_type: str, member: Membership, values: Mapping[str, Any]) -> OrderSerializer:
    """A form that shows `values`, unchecked, and defaults for the rest."""
    form = ORDERS[job_type](context={"membership": member, "provider": _offered(values.get("provider"))})
    for name, field in form.fields.items():
        if (job_type, name) in BLANK and (values or name == "voice_id"):
            field.initial = values.get(name, "")
        elif name in values and name != "provider":
            field.initial = values[name]
    return form


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
            return Quote(problem="Correct the form to see its price.")
        order = priced.order()
    except Refusal as refusal:
        return Quote(problem=refusal.message)
    half, most = typical_seconds(order.type, order.provider)
    return Quote(order.cost_cents, half, most)


def context(form: OrderSerializer, member: Membership, key: str) -> dict[str, Any]:
    """What `hub/_order.html` shows."""
    account = CreditAccount.objects.filter(team=member.team_id).first()
    available = account.available_cents if account else 0
    price = quote(form)
    first, last = (form.text_field, "provider"), "drive_folder_id"
    names: list[str] = [*first, *(name for name in map(str, form.fields) if name not in (*first, last)), last]
    return {
        "fields": [form[name] for name in names],
        "models": catalog.models_of(form.type),
        "provider": form.model.slug,
        "blank": {name: label for (job_type, name), label in BLANK.items() if job_type == form.type},
        "folders": Folder.objects.of(member.user).exclude(parent=None),
        "library": Asset.objects.of(member.user).newest_first()[:LIBRARY_FILES],
        "quote": price,
        "short": price.cost_cents is not None and price.cost_cents > available,
        "available_cents": available,
        "idempotency_key": key,
    }


def _filled(form: OrderSerializer) -> Mapping[str, Any]:
    sent_data: Mapping[str, Any] | None = getattr(form, "initial_data", None)
    return sent_data if sent_data is not None else {name: field.initial for name, field in form.fields.items()}


def _offered(provider: object) -> str | None:
    rows = {row.slug: row for row in catalog.CATALOG}
    return str(provider) if provider in rows and not rows[str(provider)].unavailable else None
