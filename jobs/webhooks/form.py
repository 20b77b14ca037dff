"""The form of an endpoint, on the settings page."""

from typing import Any

from django import forms

from jobs.models import WebhookEndpoint, WebhookEvent
from jobs.webhooks import endpoints


class EndpointForm(forms.Form):
    url = forms.CharField(
        label="Address",
        max_length=endpoints.MAX_URL_CHARS,
        help_text="An https address of yours that takes a POST.",
        widget=forms.TextInput(
            attrs={
                "inputmode": "url",
                "spellcheck": "false",
                "placeholder": "https://hooks.example.com/wevion",
                "autocomplete": "off",
            }
        ),
    )
    description = forms.CharField(
        max_length=200, required=False, widget=forms.TextInput(attrs={"placeholder": "For example: Asset import"})
    )
    events = forms.MultipleChoiceField(
        label="Tell it when",
        choices=WebhookEvent.choices,
        initial=WebhookEvent.values,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Tick at least one, or there is nothing to tell."},
    )

    @classmethod
    def of(cls, endpoint: WebhookEndpoint, data: Any = None) -> "EndpointForm":
        """Filled with what it is now."""
        now = {"url": endpoint.url, "description": endpoint.description, "events": endpoint.events}
        return cls(data, initial=now)

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if problem := endpoints.problem_of(url):
            raise forms.ValidationError(problem)
        return url
