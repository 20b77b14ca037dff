"""A clip, graded towards another clip's style or a built-in look; or, of a template clip alone, its style."""

from typing import Any

from rest_framework import serializers

from creative_hub.models import Asset
from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import MediaField


class StyleTransferOrder(OrderSerializer):
    type = "style_transfer"
    text_field = "title"
    text_in_settings = True

    title = serializers.CharField(
        max_length=120,
        required=False,
        allow_blank=True,
        label="Name",
        help_text="For your own list. Left empty, it is named after the clip.",
    )
    video_id = MediaField("video", label="Clip", help_text="Up to 5 minutes: from your library, or an https address.")
    template_video_id = MediaField(
        "video", label="Template clip", help_text="Whose style the clip shall have. Without a clip, its style alone is read."
    )
    look = serializers.ChoiceField(choices=(), required=False, help_text="Used when there is no template clip.")
    strength = serializers.ChoiceField(choices=(), required=False)
    pace = serializers.ChoiceField(choices=(), required=False, label="Cuts", help_text="With a template clip.")
    quality = serializers.ChoiceField(choices=(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("video_id") and not attrs.get("template_video_id"):
            raise serializers.ValidationError({"video_id": ["Give a clip, a template clip, or both."]})
        return attrs

    @property
    def options(self) -> dict[str, Any]:
        """Without the choices that this order has no use for."""
        chosen = super().options
        if "video_id" not in chosen:
            unused = {"look", "strength", "pace", "quality"}
        else:
            unused = {"look"} if "template_video_id" in chosen else {"pace"}
        return {name: value for name, value in chosen.items() if name not in unused}

    @property
    def text(self) -> str:
        """The name that was given, or what is done to which clip."""
        if title := self.validated_data.get("title"):
            return str(title)
        clip, template = (self._called(self.validated_data.get(name)) for name in ("video_id", "template_video_id"))
        if not clip:
            return f"The style of {template}"
        look = self.model.choices["look"][self.options["look"]].partition(":")[0] if not template else ""
        return f"{clip} in the style of {template}" if template else f"{clip}: {look}"

    def _called(self, value: str | None) -> str:
        if not value:
            return ""
        if "://" in value:
            return "a clip from the web"
        name = Asset.objects.of(self.membership.user).filter(pk=value).values_list("name", flat=True).first()
        return (name or "a clip").rpartition(".")[0] or str(name)
