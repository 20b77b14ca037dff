"""What the forms hold beyond DRF's own fields."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework import serializers

from creative_hub.models import Asset
from wevion.http.errors import Refused
from wevion.http.guard import check_url
from wevion.refusal import Refusal

MAX_TEXT = 4000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class NotYours(Refusal):
    """A folder or file that does not exist, or belongs to someone else: the same answer for both."""

    status = 404
    code = "not_found"


class MediaField(serializers.CharField):
    """A picture, clip or sound: the id of a file in the person's library, or an https URL that is fetched when the job runs."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(max_length=2000, required=False, allow_blank=True, **kwargs)
        self.kind = kind

    def to_internal_value(self, data: Any) -> str:
        value = super().to_internal_value(data)
        if not value:
            return ""
        if "://" in value:
            try:
                check_url(value, allow=settings.HTTP_ALLOW_PRIVATE)
            except Refused as error:
                raise serializers.ValidationError(f"This address cannot be used: {error}.") from None
            return value
        try:
            wanted = UUID(value)
        except ValueError:
            raise serializers.ValidationError("Give a file's id from your library, or an https address.") from None
        asset = Asset.objects.of(self.context["membership"].user).filter(pk=wanted, taken_down_at=None).first()
        if asset is None:
            raise NotYours(f"{self.field_name}: there is no such file in your library.", field=self.field_name)
        if asset.kind != self.kind:
            raise serializers.ValidationError(f"This needs {self.kind}; the file is {asset.kind}.")
        return str(asset.pk)


class ListField(serializers.Field[list[Any], Any, Any, Any]):
    """Several of a kind: a JSON list for programs, one on each line for people.

    `read` checks one, `one` is its JSON Schema, `line` how one is written.
    """

    def __init__(self, read: Callable[[Any], Any], one: Mapping[str, Any], most: int, line: str = "{}", **kwargs: Any) -> None:
        super().__init__(style={"base_template": "textarea"}, **kwargs)
        self.read, self.one, self.most, self.line = read, one, most, line

    def to_internal_value(self, data: Any) -> list[Any]:
        given = [line for line in data.splitlines() if line.strip()] if isinstance(data, str) else data
        if not isinstance(given, list):
            raise serializers.ValidationError("Give a list, or one on each line.")
        if len(given) > self.most:
            raise serializers.ValidationError(f"At most {self.most}.")
        if not given and self.required:
            raise serializers.ValidationError("Give at least one.")
        texts = (text for value in given for text in (value.values() if isinstance(value, dict) else [value]))
        if any(isinstance(text, str) and _UNSTORABLE.search(text) for text in texts):
            raise serializers.ValidationError("There is a character in it that cannot be kept: a null, or half of a pair.")
        return [self.read(value) for value in given]

    def to_representation(self, value: Any) -> Any:
        return self.lines(value) if isinstance(value, list) else value

    def lines(self, values: list[Any]) -> str:
        return "\n".join(self.line.format(**value) if isinstance(value, dict) else str(value) for value in values)
