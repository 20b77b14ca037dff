"""A short ad put together from words, pictures, clips and sound."""

from typing import Any

from rest_framework import serializers

from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import MediaField


class CompositeOrder(OrderSerializer):
    type = "composite"
    text_field = "headline_text"
    text_in_settings = True
    SLOTS = ("headline_text", "product_video", "image", "cta_text", "audio")

    template_id = serializers.CharField(max_length=100, required=False, allow_blank=True, label="Template")
    headline_text = serializers.CharField(max_length=120, required=False, allow_blank=True, label="Headline")
    cta_text = serializers.CharField(max_length=40, required=False, allow_blank=True, label="Call to action")
    product_video = MediaField("video", label="Clip", help_text="Shown in full: a file of your library, or an https address.")
    image = MediaField("image", label="Image", help_text="A product or logo: a file of your library, or an https address.")
    audio = MediaField("audio", label="Audio", help_text="A voiceover or music: a file of your library, or an https address.")
    resolution = serializers.ChoiceField(choices=(), required=False)
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not any(attrs.get(slot) for slot in self.SLOTS):
            raise serializers.ValidationError(
                {
                    "headline_text": [
                        "Give a headline, a clip, an image, a call to action or a sound: there is nothing to put together."
                    ]
                }
            )
        return attrs

    @property
    def text(self) -> str:
        words = (self.validated_data.get(slot) for slot in ("headline_text", "cta_text"))
        return next((word for word in words if word), "Composite without words")
