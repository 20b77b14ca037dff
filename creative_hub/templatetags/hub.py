"""How files and form fields are shown."""

from typing import Any

from django import template
from rest_framework import serializers

from creative_hub.orders import MediaField

register = template.Library()

ICONS = {
    "image": "image",
    "video": "film",
    "avatar": "user-round",
    "tts": "audio-lines",
    "audio": "audio-lines",
    "composite": "layers",
    "style_transfer": "palette",
    "story": "book-open",
    "ad": "megaphone",
    "document": "file-text",
}

WIDE = ("hub/_control_textarea.html", "hub/_control_provider.html", "hub/_control_media.html")


@register.filter
def icon(kind: str) -> str:
    """The icon of a job's type or a file's kind."""
    return ICONS.get(kind, "file")


@register.filter
def control(field: Any) -> str:
    """The partial that draws a serializer's bound field."""
    match field._field:
        case MediaField():
            name = "media"
        case serializers.UUIDField():
            name = "folder"
        case serializers.ChoiceField():
            name = "provider" if field.name == "provider" else "select"
        case serializers.IntegerField():
            name = "number"
        case _:
            name = field.style.get("base_template", "text")
    return f"hub/_control_{name}.html"


@register.filter
def is_wide(field: Any) -> bool:
    """Whether the field takes the whole width of the form."""
    return control(field) in WIDE


@register.simple_tag
def plain(error: Any, field: Any) -> str:
    """A field's error in plain words; what is not known here is said as it is."""
    match getattr(error, "code", ""):
        case "required" | "blank" | "null":
            return "Please fill this in."
        case "min_value":
            return f"At least {field.min_value}."
        case "max_value":
            return f"At most {field.max_value}."
        case "max_length":
            return f"At most {field.max_length} characters."
        case "invalid_choice":
            return "Please choose one from the list."
        case "invalid" if isinstance(field._field, serializers.IntegerField):
            return "Please give a whole number."
    return str(error)
