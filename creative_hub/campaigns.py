"""Campaign drafts: what an ad needs, and which files go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.core.validators import URLValidator
from django.db import transaction

from creative_hub.models import Asset, CampaignCreative, CampaignDraft

MOST_CARDS: Final = 10
FORMATS: Final = {"image": "Single image", "carousel": "Carousel", "video": "Single video"}


class DraftForm(forms.Form):
    """Only the name is required: a draft may be kept half done."""

    name = forms.CharField(max_length=100, label="Campaign name")
    platform = forms.ChoiceField(choices=CampaignDraft.Platform.choices, label="Platform")
    primary_text = forms.CharField(max_length=500, required=False, label="Primary text", widget=forms.Textarea)
    headline = forms.CharField(max_length=60, required=False, label="Headline")
    description = forms.CharField(max_length=90, required=False, label="Description")
    call_to_action = forms.ChoiceField(choices=CampaignDraft.Action.choices, label="Call to action")
    link = forms.CharField(
        max_length=1000,
        required=False,
        label="Link",
        help_text="Where the ad leads: a whole address, with https://",
        validators=[URLValidator(schemes=["http", "https"], message="Give a whole address, such as https://example.com/offer.")],
    )


@dataclass(frozen=True, slots=True)
class Creative:
    """The files of an ad. `format` is what they make together; empty with `problem` when they do not go together."""

    assets: Sequence[Asset]
    format: str = ""
    problem: str = ""

    @property
    def label(self) -> str:
        return FORMATS.get(self.format, "")


def creative(assets: Sequence[Asset]) -> Creative:
    """One picture, two to ten pictures, or one clip. Files that are gone do not count."""
    kinds = [asset.kind for asset in assets if asset.deleted_at is None]
    match sorted(set(kinds)):
        case []:
            return Creative(assets)
        case ["image"] if len(kinds) <= MOST_CARDS:
            return Creative(assets, "image" if len(kinds) == 1 else "carousel")
        case ["image"]:
            return Creative(assets, problem=f"A carousel has at most {MOST_CARDS} pictures; these are {len(kinds)}.")
        case ["video"] if len(kinds) == 1:
            return Creative(assets, "video")
        case ["video"]:
            return Creative(assets, problem="An ad shows one video. Remove the others.")
        case ["image", "video"]:
            return Creative(assets, problem="An ad shows either pictures or one video. Remove one kind.")
    return Creative(assets, problem="Only pictures and videos can be shown in an ad.")


def lacking(draft: CampaignDraft, assets: Sequence[Asset]) -> list[str]:
    """What is still needed before the ad can run, in words."""
    missing = [name for name in ("primary_text", "headline", "link") if not getattr(draft, name)]
    words = [name.replace("_", " ") for name in missing]
    made = creative(assets)
    if gone := sum(asset.deleted_at is not None for asset in assets):
        words.insert(0, f"{gone} of {len(assets)} files, deleted since")
    return words if made.format else ["files that go together" if made.problem else "a picture or video", *words]


@transaction.atomic
def save(draft: CampaignDraft, fields: dict[str, str], assets: Sequence[Asset]) -> None:
    """Writes the fields, and the files in this order."""
    for name, value in fields.items():
        setattr(draft, name, value)
    draft.save()
    draft.creatives.all().delete()
    CampaignCreative.objects.bulk_create(
        CampaignCreative(draft=draft, asset=asset, position=position) for position, asset in enumerate(assets)
    )
