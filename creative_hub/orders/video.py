"""A clip from words, and from a picture to start with."""

from rest_framework import serializers

from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import MAX_TEXT, MediaField


class VideoOrder(OrderSerializer):
    type = "video"
    text_field = "prompt"

    prompt = serializers.CharField(max_length=MAX_TEXT, style={"base_template": "textarea"})
    duration = serializers.ChoiceField(choices=(), required=False)
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)
    image_url = MediaField(
        "image", label="Start from an image", help_text="The first frame: a file of your library, or an https address."
    )
