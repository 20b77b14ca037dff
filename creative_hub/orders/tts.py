"""A text, spoken."""

from rest_framework import serializers

from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import MAX_TEXT


class TtsOrder(OrderSerializer):
    type = "tts"
    text_field = "text"

    text = serializers.CharField(max_length=MAX_TEXT, style={"base_template": "textarea"})  # type: ignore[assignment]
    voice_id = serializers.CharField(max_length=100, label="Voice")
    language = serializers.CharField(max_length=10, required=False)
