import uuid
from typing import Self

from django.db import models
from django.db.models.functions import Now

from creative_hub.models.asset import Asset
from wevion.accounts.models import Team, User


class CampaignDrafts(models.QuerySet["CampaignDraft"]):
    def of(self, user: User) -> Self:
        return self.filter(owner=user)

    def showing(self, assets: models.QuerySet[Asset]) -> Self:
        """The drafts that show any of the files."""
        return self.filter(creatives__asset__in=assets).distinct()


class CampaignDraft(models.Model):
    """An ad in the making. It refers to files of the library, and copies none."""

    class Platform(models.TextChoices):
        FACEBOOK = "facebook", "Facebook feed"
        INSTAGRAM = "instagram", "Instagram feed"

    class Action(models.TextChoices):
        SHOP_NOW = "shop_now", "Shop now"
        LEARN_MORE = "learn_more", "Learn more"
        SIGN_UP = "sign_up", "Sign up"
        DOWNLOAD = "download", "Download"
        BOOK_NOW = "book_now", "Book now"
        GET_OFFER = "get_offer", "Get offer"
        CONTACT_US = "contact_us", "Contact us"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="campaign_drafts")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="campaign_drafts")
    name = models.CharField(max_length=100)
    platform = models.CharField(max_length=12, choices=Platform.choices, default=Platform.FACEBOOK)
    primary_text = models.CharField(max_length=500, blank=True)
    headline = models.CharField(max_length=60, blank=True)
    description = models.CharField(max_length=90, blank=True)
    call_to_action = models.CharField(max_length=12, choices=Action.choices, default=Action.LEARN_MORE)
    link = models.URLField(max_length=1000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = CampaignDrafts.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        indexes = [models.Index(fields=["owner", "-updated_at", "-id"], name="draft_of_owner")]

    def __str__(self) -> str:
        return self.name


class CampaignCreative(models.Model):
    """A file in a draft, at its place: the only one, or a card of a carousel."""

    draft = models.ForeignKey(CampaignDraft, on_delete=models.CASCADE, related_name="creatives")
    asset = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="uses")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint("draft", "position", name="creative_one_per_position"),
            models.UniqueConstraint("draft", "asset", name="creative_file_once_per_draft"),
        ]
