"""Requests in which a typo does not go unnoticed: unknown fields, values of another type, empty and unknown filters."""

from collections.abc import Collection, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request


class StrictSerializer(serializers.Serializer[Any]):
    """Names each unknown field."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({name: ["Unknown field."] for name in unknown})
        return super().to_internal_value(data)


def require_types(schema: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    """Raises ValidationError where a value has not the JSON type that is described: a text `"5"` is no number here.

    For a body that its serializer has taken: those also serve forms, which send text for everything.
    """
    errors = Draft202012Validator(schema).iter_errors(dict(data))
    if wrong := {str(error.path[0]): [f"{error.message}."] for error in errors if error.path}:
        raise ValidationError(wrong)


def require_known(request: Request, known: Collection[str]) -> None:
    """Raises ValidationError for a filter that there is not, and for an empty one: whoever sends it forgot the value."""
    unknown = {name: ["There is no such filter."] for name in sorted(set(request.query_params) - set(known))}
    empty = {name: ["Give a value, or leave the filter out."] for name, value in request.query_params.items() if not value}
    if wrong := empty | unknown:
        raise ValidationError(wrong)
