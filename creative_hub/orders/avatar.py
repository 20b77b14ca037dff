"""A presenter who speaks a script."""

from rest_framework import serializers

from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import MAX_TEXT


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
