"""Model instances from the columns of plain SQL: for the few statements that run so often that building them anew is felt."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

Model = TypeVar("Model", bound=models.Model)


def columns(model: type[models.Model], alias: str) -> str:
    """All of the model's columns, as `loaded` wants them."""
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


def width(model: type[models.Model]) -> int:
    return len(model._meta.concrete_fields)


def loaded(model: type[Model], values: Sequence[Any]) -> Model:
    """The instance, as if the ORM had read it."""
    fields = _fields(model)
    read = []
    for (_, converters), found in zip(fields, values, strict=True):
        value = found
        for convert in converters:
            value = convert(value, None, connection)
        read.append(value)
    return model.from_db("default", [name for name, _ in fields], read)


def side_by_side(row: Sequence[Any], *kinds: type[models.Model]) -> list[Any]:
    """An instance of each kind, from a row that has the columns of all of them, in this order."""
    found, at = [], 0
    for kind in kinds:
        found.append(loaded(kind, row[at : at + width(kind)]))
        at += width(kind)
    return found


@cache
def _fields(model: type[models.Model]) -> list[tuple[str, list[Callable[..., Any]]]]:
    return [(field.attname, field.get_db_converters(connection)) for field in model._meta.concrete_fields]
