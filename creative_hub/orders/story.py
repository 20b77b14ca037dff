"""A story in pictures: characters, scenes, and one image for each scene, made one after another."""

from typing import Any

from rest_framework import serializers

from creative_hub import stories
from creative_hub.orders.base import OrderSerializer
from creative_hub.orders.fields import MAX_TEXT, ListField


def _scene(text: Any) -> str:
    """On one line, as people write it: a retry reads it back as a line."""
    if not isinstance(text, str) or not text.strip():
        raise serializers.ValidationError("Each scene is a text that says what is seen.")
    if len(text) > stories.MAX_SCENE:
        raise serializers.ValidationError(f"A scene has at most {stories.MAX_SCENE} characters.")
    return " ".join(text.split())


def _character(value: Any) -> dict[str, str]:
    """`Name: appearance` on a line, or an object with both."""
    if isinstance(value, str):
        name, _, appearance = value.partition(":")
        value = {"name": name, "appearance": appearance}
    fields = {"name", "appearance"}
    if not isinstance(value, dict) or set(value) - fields or not all(isinstance(text, str) for text in value.values()):
        raise serializers.ValidationError("Each character has a name and an appearance, and nothing else.")
    name, appearance = (" ".join(str(value.get(field, "")).split()) for field in ("name", "appearance"))
    if not name or not appearance:
        raise serializers.ValidationError("Give each character a name and an appearance, as in “Mia: a girl with red curls”.")
    if ":" in name:
        raise serializers.ValidationError("A character's name cannot have a colon in it: on a line, a colon ends the name.")
    if len(name) > stories.MAX_NAME or len(appearance) > stories.MAX_APPEARANCE:
        raise serializers.ValidationError(
            f"A name has at most {stories.MAX_NAME} characters, an appearance {stories.MAX_APPEARANCE}."
        )
    return {"name": name, "appearance": appearance}


class StoryOrder(OrderSerializer):
    type = "story"
    text_field = "prompt"

    prompt = serializers.CharField(
        max_length=MAX_TEXT // 4,
        label="Story",
        help_text="What it is about, in a sentence or two.",
        style={"base_template": "textarea"},
    )
    characters = ListField(
        _character,
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": stories.MAX_NAME},
                "appearance": {"type": "string", "minLength": 1, "maxLength": stories.MAX_APPEARANCE},
            },
            "required": ["name", "appearance"],
            "additionalProperties": False,
        },
        stories.MAX_CHARACTERS,
        line="{name}: {appearance}",
        required=False,
        help_text="One on each line: a name, a colon, and how the character looks. They look alike in every scene.",
    )
    scenes = ListField(
        _scene,
        {"type": "string", "minLength": 1, "maxLength": stories.MAX_SCENE},
        stories.MAX_SCENES,
        help_text="One on each line, in order: what is seen. Each becomes a picture with its own price.",
    )
    style = serializers.CharField(  # type: ignore[assignment]
        max_length=200, required=False, allow_blank=True, help_text="As in: watercolour, comic, photo."
    )
    aspect_ratio = serializers.ChoiceField(choices=(), required=False)
    seed = serializers.IntegerField(
        min_value=0, max_value=2**31 - 1, required=False, help_text="The same number gives the same pictures."
    )

    def validate_characters(self, value: list[dict[str, str]]) -> list[dict[str, str]]:
        names = [each["name"].casefold() for each in value]
        if len(set(names)) < len(names):
            raise serializers.ValidationError("Two characters have the same name.")
        return value

    def refusal(self) -> str:
        text = stories.scene_text(self.text, self.options, 0, self.model.max_chars)
        return self.model.refusal(text, stories.scene_settings(self.options, None, seeded=self.model.takes("seed")))

    @property
    def item_costs_cents(self) -> list[int]:
        """A scene whose characters were seen before costs more at a vendor that is given those pictures."""
        counts = [len(stories.references(self.options, position)) for position in range(self.item_count())]
        return [self.model.cost_cents(self.text, {**self.options, "references": count}) for count in counts]

    def item_count(self) -> int:
        return len(self.validated_data["scenes"])
