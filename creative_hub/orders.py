"""One serializer for each job type. The API validates with it; the dialog posts to it and renders its fields.

There is no second definition of what a request may hold: choices come from the catalog's row of the chosen provider.
"""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.utils.functional import cached_property
from rest_framework import serializers

from creative_hub import catalog
from creative_hub.catalog import Model
from creative_hub.models import Asset, Folder
from jobs.models import Job
from jobs.submission import Order
from wevion.accounts.models import Membership
from wevion.http.errors import Refused
from wevion.http.guard import check_url
from wevion.refusal import Refusal

MAX_TEXT = 4000


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
        asset = Asset.objects.of(self.context["membership"].user).filter(pk=wanted).first()
        if asset is None:
            raise NotYours(f"{self.field_name}: there is no such file in your library.", field=self.field_name)
        if asset.kind != self.kind:
            raise serializers.ValidationError(f"This needs {self.kind}; the file is {asset.kind}.")
        return str(asset.pk)


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
        )


def _typed(value: str) -> str | int:
    return int(value) if value.isdigit() else value


class ImageOrder(OrderSerializer):
    type = "image"
    text_field = "prompt"

    prompt = serializers.CharField(max_length=MAX_TEXT, style={"base_template": "textarea"})
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)
    width = serializers.IntegerField(min_value=256, max_value=2048, required=False)
    height = serializers.IntegerField(min_value=256, max_value=2048, required=False)
    num_variants = serializers.ChoiceField(choices=(), required=False, label="Variants")
    seed = serializers.IntegerField(
        min_value=0, max_value=2**32 - 1, required=False, help_text="The same number gives the same picture."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        missing = {"width", "height"} - set(attrs)
        if len(missing) == 1:
            raise serializers.ValidationError({missing.pop(): ["Give width and height together."]})
        if not missing and "aspect_ratio" in attrs:
            raise serializers.ValidationError({"aspect_ratio": ["Give either aspect_ratio, or width and height."]})
        return attrs

    @property
    def skipped_defaults(self) -> frozenset[str]:
        return frozenset({"aspect_ratio"} if "width" in self.validated_data else ())

    def item_count(self) -> int:
        return int(self.options["num_variants"])


class VideoOrder(OrderSerializer):
    type = "video"
    text_field = "prompt"

    prompt = serializers.CharField(max_length=MAX_TEXT, style={"base_template": "textarea"})
    duration = serializers.ChoiceField(choices=(), required=False)
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)
    image_url = MediaField("image", label="Start from an image", help_text="From your library, or an https address.")


class AvatarOrder(OrderSerializer):
    type = "avatar"
    text_field = "script"

    script = serializers.CharField(max_length=MAX_TEXT, style={"base_template": "textarea"})
    avatar_id = serializers.CharField(max_length=100, label="Presenter")
    voice_id = serializers.CharField(max_length=100, required=False, label="Voice")
    language = serializers.CharField(max_length=10, required=False)
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)

    @property
    def skipped_defaults(self) -> frozenset[str]:
        return frozenset({"voice_id"})  # the presenter's own voice


class TtsOrder(OrderSerializer):
    type = "tts"
    text_field = "text"

    text = serializers.CharField(max_length=MAX_TEXT, style={"base_template": "textarea"})  # type: ignore[assignment]
    voice_id = serializers.CharField(max_length=100, label="Voice")
    language = serializers.CharField(max_length=10, required=False)


class CompositeOrder(OrderSerializer):
    type = "composite"
    text_field = "headline_text"
    text_in_settings = True
    SLOTS = ("headline_text", "product_video", "image", "cta_text", "audio")

    template_id = serializers.ChoiceField(choices=(), required=False, label="Template")
    headline_text = serializers.CharField(max_length=120, required=False, allow_blank=True, label="Headline")
    cta_text = serializers.CharField(max_length=40, required=False, allow_blank=True, label="Call to action")
    product_video = MediaField("video", label="Clip", help_text="From your library, or an https address.")
    image = MediaField("image", label="Image", help_text="From your library, or an https address.")
    audio = MediaField("audio", label="Audio", help_text="A voiceover or music: from your library, or an https address.")
    resolution = serializers.ChoiceField(choices=(), required=False)
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.get(slot) for slot in self.SLOTS):
            raise serializers.ValidationError(
                {"headline_text": [f"Fill at least one of {', '.join(self.SLOTS)}: there is nothing to put together."]}
            )
        return attrs

    @property
    def text(self) -> str:
        words = (self.validated_data.get(slot) for slot in ("headline_text", "cta_text"))
        return next((word for word in words if word), "Composite without words")


ORDERS: dict[str, type[OrderSerializer]] = {
    "image": ImageOrder,
    "video": VideoOrder,
    "avatar": AvatarOrder,
    "tts": TtsOrder,
    "composite": CompositeOrder,
}


def typed_in(job: Job) -> dict[str, Any]:
    """What was asked for in a job, under the names of the fields: to fill the form with, or to order again."""
    kind = ORDERS[job.type]
    text = {} if kind.text_in_settings else {kind.text_field: job.prompt}
    asked = {"provider": job.provider, **job.settings, **text, "drive_folder_id": job.drive_folder_id}
    return {name: value for name, value in asked.items() if value not in (None, "")}
