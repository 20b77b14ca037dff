"""What all orders share: the provider, its options, the folder, the price."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.core.validators import MaxLengthValidator
from django.utils.functional import cached_property
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from creative_hub import catalog
from creative_hub.catalog import Model
from creative_hub.models import Folder
from creative_hub.orders.fields import NotYours
from jobs.submission import Order
from wevion.accounts.models import Membership


class OrderSerializer(serializers.Serializer[Any]):
    """What all types share. Pass `context={"membership": …}`; `context["provider"]` preselects one for an unsent form.

    After `is_valid()`, `order()` is the request for the engine, and `item_costs_cents` the price of each of its items.
    """

    type: ClassVar[str]
    text_field: ClassVar[str]
    text_in_settings: ClassVar[bool] = False
    """Whether the text is one slot among others, kept with them, and `prompt` only a title for the row."""

    provider = serializers.ChoiceField(choices=(), required=False)
    drive_folder_id = serializers.UUIDField(required=False, allow_null=True, label="Destination folder")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = catalog.models_of(self.type)
        provider = self.fields["provider"]
        assert isinstance(provider, serializers.ChoiceField)
        provider.choices = [(row.slug, row.label) for row in rows]
        provider.initial = self.model.slug
        self._limit_text()
        for name in list(self.fields):
            if name not in ("provider", "drive_folder_id", self.text_field):
                self._fit(name)

    @cached_property
    def model(self) -> Model:
        """The catalog's row of the wanted provider, or the type's default when it is absent or unknown."""
        data = getattr(self, "initial_data", None)
        wanted = data.get("provider") if isinstance(data, Mapping) else None
        wanted = wanted or self.context.get("provider")
        rows = {row.slug: row for row in catalog.models_of(self.type)}
        return rows[wanted] if isinstance(wanted, str) and wanted in rows else catalog.default_model(self.type)

    def _limit_text(self) -> None:
        """Some providers take shorter texts than others."""
        text = self.fields[self.text_field]
        most = self.model.max_chars
        if isinstance(text, serializers.CharField) and (text.max_length or most + 1) > most:
            text.max_length = most
            text.validators.append(MaxLengthValidator(most))

    def _fit(self, name: str) -> None:
        """Narrows a field to what the provider takes; drops it where the provider has no such option."""
        field = self.fields[name]
        if choices := self.model.choices.get(name):
            chosen = serializers.ChoiceField(
                choices=[(_typed(value), label) for value, label in choices.items()],
                required=False,
                label=field.label,
                help_text=field.help_text,
                initial=_typed(next(iter(choices))),
            )
            self.fields[name] = chosen
        elif not self.model.takes(name):
            del self.fields[name]

    def is_valid(self, *, raise_exception: bool = False) -> bool:
        """Asks the provider's adapter too whether it would take these options together; nothing is sent for that."""
        if super().is_valid(raise_exception=raise_exception) and (reason := self.refusal()):
            blamed = next((name for name in map(str, self.fields) if name in reason), self.text_field)
            self._validated_data: dict[str, Any] = {}
            self._errors = {blamed: [ErrorDetail(reason, "invalid_request")]}
            if raise_exception:
                raise serializers.ValidationError(self.errors)
        return not self._errors

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            known = set(self._declared_fields)
            raise serializers.ValidationError(
                {
                    name: [
                        f"{self.model.label} does not take this option." if name in known else f"Unknown field for {self.type}."
                    ]
                    for name in unknown
                }
            )
        return super().to_internal_value(data)

    def validate_provider(self, value: str) -> str:
        if reason := catalog.model(value).unavailable:
            raise serializers.ValidationError(f"{catalog.model(value).label} is {reason}.")
        return value

    def validate_drive_folder_id(self, value: UUID | None) -> UUID | None:
        if value and not Folder.objects.of(self.membership.user).filter(pk=value).exists():
            raise NotYours("drive_folder_id: there is no such folder in your library.", field="drive_folder_id")
        return value

    @property
    def membership(self) -> Membership:
        membership: Membership = self.context["membership"]
        return membership

    @property
    def text(self) -> str:
        return str(self.validated_data.get(self.text_field, ""))

    @property
    def options(self) -> dict[str, Any]:
        """The type's own fields with their defaults, as they are kept in `settings`."""
        chosen: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name in ("provider", "drive_folder_id") or (name == self.text_field and not self.text_in_settings):
                continue
            value = self.validated_data.get(name, None if name in self.skipped_defaults else field.initial)
            if value not in (None, ""):
                chosen[name] = value
        return chosen

    @property
    def skipped_defaults(self) -> frozenset[str]:
        """Fields that are left out, rather than given their default, when the request does not name them."""
        return frozenset()

    def refusal(self) -> str:
        """Why the provider would not take it, naming the option; empty if it would."""
        return self.model.refusal(self.text, self.options)

    def item_count(self) -> int:
        return 1

    @property
    def item_costs_cents(self) -> list[int]:
        return [self.model.cost_cents(self.text, self.options)] * self.item_count()

    def order(self) -> Order:
        """The validated request. The folder is the person's own root unless one was named."""
        folder = self.validated_data.get("drive_folder_id")
        if folder is None:
            folder = Folder.objects.root_of(self.membership.user, self.membership.team).pk
        return Order(
            type=self.type,
            provider=self.model.slug,
            prompt=self.text,
            settings=self.options,
            item_costs_cents=self.item_costs_cents,
            stale_after_seconds=self.model.stale_after_seconds,
            deadline_seconds=self.model.deadline_seconds,
            drive_folder_id=folder,
            titled=self.text_in_settings,
        )


def _typed(value: str) -> str | int:
    return int(value) if value.isdigit() else value
