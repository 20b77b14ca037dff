"""Ads from product pages: for each page so many versions, each a project of its own."""

from dataclasses import replace
from typing import Any

from django.conf import settings
from rest_framework import serializers

from creative_hub import ads
from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import ListField
from jobs.submission import Order
from wevion.http.errors import Refused
from wevion.http.guard import check_url

MAX_URLS = 3
MAX_URL = 2000


def _page(value: Any) -> str:
    if not isinstance(value, str) or len(value) > MAX_URL:
        raise serializers.ValidationError(f"Each address is a text of at most {MAX_URL} characters.")
    try:
        check_url(value.strip(), allow=settings.HTTP_ALLOW_PRIVATE)
    except Refused as error:
        raise serializers.ValidationError(f"This address cannot be used: {error}.") from None
    return value.strip()


class AdOrder(OrderSerializer):
    type = "ad"
    text_field = "user_instructions"
    text_in_settings = True

    urls = ListField(
        _page,
        {"type": "string", "format": "uri", "maxLength": MAX_URL},
        MAX_URLS,
        label="Product pages",
        help_text="One address on each line, up to three. What the pages say is read when the job runs.",
    )
    variant_count = serializers.ChoiceField(choices=(), required=False, label="Versions of each")
    ad_duration = serializers.ChoiceField(choices=(), required=False, label="Length")
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)
    script_style = serializers.ChoiceField(choices=(), required=False)
    avatar_id = serializers.CharField(max_length=100, required=False, label="Presenter")
    voice_id = serializers.CharField(max_length=100, required=False, label="Voice")
    language = serializers.ChoiceField(choices=(), required=False, help_text="How the words are spoken. They are not translated.")
    target_audience = serializers.CharField(
        max_length=100, required=False, allow_blank=True, help_text="As in: people who read at night."
    )
    user_instructions = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        label="Instructions",
        help_text="The built-in script writer says what stands in quotation marks here, word for word.",
        style={"base_template": "textarea", "rows": 2},
    )
    override_script = serializers.CharField(
        max_length=2000,
        required=False,
        allow_blank=True,
        label="Your own script",
        help_text="Said as it is, instead of a written one.",
        style={"base_template": "textarea"},
    )

    @property
    def text(self) -> str:
        """For the row: which pages."""
        first, *more = (url.partition("://")[2].rstrip("/") for url in self.validated_data["urls"])
        return f"{first[:120]} and {len(more)} more" if more else first[:160]

    def refusal(self) -> str:
        """What the vendors of its parts would refuse; the words and pictures are not known yet."""
        asked = ((part, ads.ASKED[part.type](self.options)) for part in self.model.parts)
        return next((reason for part, settings in asked if (reason := part.refusal("-", settings))), "")

    def projects(self) -> list[dict[str, Any]]:
        versions = range(int(self.options["variant_count"]))
        return [{"url": url, "variant": variant} for url in self.validated_data["urls"] for variant in versions]

    def item_count(self) -> int:
        return len(self.projects())

    def order(self) -> Order:
        order = super().order()
        return replace(order, settings={**order.settings, "projects": self.projects()})
