"""A picture from words, in one to four variants."""

from typing import Any

from rest_framework import serializers

from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import MAX_TEXT


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
