"""The tables of docs/providers.md, from the catalog and from what the conformance suite runs."""

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework.serializers import CharField

from creative_hub.catalog import CATALOG, Model
from creative_hub.orders import ORDERS
from tests.providers.test_conformance import ALL, LOOKED_IN_ON, MODERATING, SUBJECTS, TELLING_PROGRESS

MINUTE_OF_SPEECH = 840  # characters
EXAMPLES: dict[str, list[tuple[str, int, dict[str, Any]]]] = {
    "image": [("square", 100, {"aspect_ratio": "1:1"}), ("2:3", 100, {"aspect_ratio": "2:3"})],
    "video": [("5 s", 100, {"duration": 5}), ("10 s", 100, {"duration": 10})],
    "avatar": [("a minute", MINUTE_OF_SPEECH, {})],
    "tts": [("1,000 characters", 1000, {})],
    "composite": [("720p", 100, {"resolution": "720p"}), ("1080p", 100, {"resolution": "1080p"})],
}
CASES = {
    "is ordered once, ends with its bytes": ALL,
    "waits": LOOKED_IN_ON,
    "tells its progress": TELLING_PROGRESS,
    "refuses content at the submit": MODERATING,
    "refuses content later": [name for name in LOOKED_IN_ON if name in MODERATING],
    "fails while rendering": LOOKED_IN_ON,
    "is rate-limited": ALL,
    "has run out of credit": ALL,
    "refuses the key": ALL,
    "times out": ALL,
    "resets the connection after taking the order": ALL,
    "answers 5xx or garbage": ALL,
    "cannot be reached": ALL,
    "answers a look with garbage or 503": LOOKED_IN_ON,
    "has an unknown status": LOOKED_IN_ON,
    "does not know its own task yet": LOOKED_IN_ON,
    "gives a link that has expired": LOOKED_IN_ON,
    "is asked for an option it has not": ALL,
}


def models() -> str:
    rows = [
        (f"`{row.slug}`", row.type, f"`{row.vendor.upper()}_API_KEY`", _options(row), _characters(row), _prices(row))
        for row in CATALOG
        if row.slug in SUBJECTS
    ]
    return _table(("provider", "type", "key", "options", "characters", "price of one item"), rows)


def cases() -> str:
    rows = [(case, *("✓" if name in names else "–" for name in SUBJECTS)) for case, names in CASES.items()]
    return _table(("the vendor …", *(f"`{name}`" for name in SUBJECTS)), rows)


def _options(row: Model) -> str:
    listed = [f"{name}: {', '.join(values)}" for name, values in row.choices.items()]
    return "; ".join([*listed, *(name for name in row.free)])


def _characters(row: Model) -> str:
    """The longest text that the form and the API take for it."""
    order = ORDERS[row.type](context={"provider": row.slug})
    text = order.fields[order.text_field]
    assert isinstance(text, CharField)
    return f"{text.max_length or 0:,}"


def _prices(row: Model) -> str:
    return ", ".join(f"{label} ${row.price('x' * size, options) / 100:.2f}" for label, size, options in EXAMPLES[row.type])


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
