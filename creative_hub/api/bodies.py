"""What an order may hold, as JSON Schema: read off the serializers and the catalog, so that it cannot say anything else."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from rest_framework import serializers

from creative_hub import catalog
from creative_hub.orders import ORDERS
from creative_hub.orders.fields import ListField, MediaField
from jobs.webhooks.endpoints import MAX_URL_CHARS

EXAMPLES: Final[Mapping[str, Mapping[str, Any]]] = {
    "image": {"prompt": "A red bicycle by the sea", "aspect_ratio": "4:5", "num_variants": 2},
    "video": {"prompt": "Waves on a beach at dawn", "duration": 5, "aspect_ratio": "9:16"},
    "avatar": {"script": "Welcome to our shop.", "aspect_ratio": "9:16"},
    "tts": {"text": "Welcome to our shop."},
    "composite": {"headline_text": "Half price", "cta_text": "Buy now"},
    "ad": {"urls": ["https://example.com/products/lamp"], "ad_duration": 15, "aspect_ratio": "9:16"},
    "story": {
        "prompt": "Mia and a fox look for a treasure",
        "characters": [{"name": "Mia", "appearance": "a girl with short red curls and a yellow sweater"}],
        "scenes": ["Mia finds a map in the forest.", "They sail across the sea."],
    },
    "style_transfer": {"video_id": "https://example.com/clip.mp4", "look": "golden_hour"},
}
WEBHOOK_URL: Final = {
    "type": "string",
    "maxLength": MAX_URL_CHARS,
    "description": "An https address that is told of the job's end, signed with the team's secret.",
}


def component(job_type: str) -> str:
    """The schema's name: `image` → `ImageOrder`."""
    return "".join(word.capitalize() for word in job_type.split("_")) + "Order"


@cache
def schema_of(job_type: str) -> dict[str, Any]:
    """All fields of all providers of the type. Which options a provider takes, and with which values, differs: its row says."""
    properties: dict[str, Any] = {}
    required: list[set[str]] = []
    takers: dict[str, list[str]] = {}
    rows = catalog.models_of(job_type)
    for row in rows:
        fields = ORDERS[job_type](context={"provider": row.slug}).fields
        required.append({name for name, field in fields.items() if field.required})
        for name, field in fields.items():
            properties[name] = _widest(properties.get(name), _schema(field))
            takers.setdefault(name, []).append(row.slug)
    for name, slugs in takers.items():
        if len(slugs) < len(rows):
            said = properties[name].get("description", "")
            properties[name]["description"] = f"{said} Only for {', '.join(slugs)}.".strip()
    properties["webhook_url"] = WEBHOOK_URL
    must = sorted(set.intersection(*required))
    return {"type": "object", "properties": properties, "required": must, "additionalProperties": False}


def quote_schema() -> dict[str, Any]:
    """An order of any type, with its `type`."""
    ways = []
    for job_type in ORDERS:
        order = schema_of(job_type)
        kind = {"type": "string", "enum": [job_type]}
        ways.append({**order, "properties": {"type": kind, **order["properties"]}, "required": ["type", *order["required"]]})
    return {"oneOf": ways}


def _schema(field: serializers.Field[Any, Any, Any, Any]) -> dict[str, Any]:
    about = {"description": str(field.help_text)} if field.help_text else {}
    match field:
        case serializers.ChoiceField():
            values = list(field.choices)
            return {"type": _type_of(values), "enum": values, **about}
        case serializers.IntegerField():
            return {"type": "integer", "minimum": field.min_value, "maximum": field.max_value, **about}
        case serializers.UUIDField():
            return {"type": ["string", "null"], "format": "uuid", "description": "A folder; default: the member's own root."}
        case ListField():
            least_items = {"minItems": 1} if field.required else {}
            return {"type": "array", "items": dict(field.one), "maxItems": field.most, **least_items, **about}
        case MediaField():
            text = f"The id of a file of yours, or an https address: {field.kind}."
            return {"type": "string", "maxLength": field.max_length, "description": text}
        case serializers.CharField():
            least = {} if field.allow_blank else {"minLength": 1}
            most = {"maxLength": field.max_length} if field.max_length else {}
            return {"type": "string", **least, **most, **about}
        case serializers.BooleanField():
            return {"type": "boolean", **about}
    return about  # of any form: its serializer alone checks it


def _type_of(values: list[Any]) -> Any:
    kinds = sorted({"integer" if isinstance(value, int) else "string" for value in values})
    return kinds[0] if len(kinds) == 1 else kinds


def _widest(known: Mapping[str, Any] | None, new: dict[str, Any]) -> dict[str, Any]:
    """Both: what one provider or the other takes."""
    if not known or known.get("type") != new.get("type"):
        return new
    if "enum" in known and "enum" in new:
        return {**new, "enum": list(dict.fromkeys([*known["enum"], *new["enum"]]))}
    if "enum" in known or "enum" in new:
        return dict(known if "enum" in new else new)  # any text, for one of them
    if "maxLength" in known and "maxLength" in new:
        return {**new, "maxLength": max(known["maxLength"], new["maxLength"])}
    return new
