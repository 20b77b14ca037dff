import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from creative_hub.models.folder import Folder
from jobs.models import Item
from wevion.accounts.models import Team, User
from wevion.refusal import Refusal

LIVING = Q(deleted_at=None)


class Assets(models.QuerySet["Asset"]):
    def living(self) -> Self:
        return self.filter(LIVING)

    def of(self, user: User) -> Self:
        """The person's own files that are not in the trash."""
        return self.filter(LIVING, owner=user)

    def trash_of(self, user: User) -> Self:
        """The files that the person put into the trash, without those that went along inside a folder."""
        return self.filter(owner=user, deleted_at__isnull=False, deleted_with=None, purged_at=None)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class TakenDown(Refusal):
    status = 451
    code = "unavailable_for_legal_reasons"


class Asset(models.Model):
    """A file in the library. Its bytes are ours: they lie in default storage, and `sha256` was taken as they arrived.

    In the trash it has a `deleted_at`, and `deleted_with` if it went along with a folder. Deleted for good it has a
    `purged_at` and soon no bytes; the row stays where a job or a campaign draft tells of it. One that an admin took down
    keeps its bytes, and shows them to nobody. `codec` is of a clip's pictures, by ffmpeg's name.
    """

    class Kind(models.TextChoices):
        IMAGE = "image", "Image"
        VIDEO = "video", "Video"
        AUDIO = "audio", "Audio"
        DOCUMENT = "document", "Document"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="assets")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assets")
    folder = models.ForeignKey(Folder, on_delete=models.PROTECT, related_name="assets")
    item = models.OneToOneField(Item, on_delete=models.PROTECT, null=True, related_name="asset")
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    mime = models.CharField(max_length=40)
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    duration_seconds = models.FloatField(null=True)
    codec = models.CharField(max_length=30, blank=True, default="", db_default="")
    file = models.FileField(max_length=255)
    thumbnail = models.FileField(max_length=255, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)
    deleted_with = models.ForeignKey(Folder, on_delete=models.SET_NULL, null=True, related_name="assets_along")
    purged_at = models.DateTimeField(null=True)
    taken_down_at = models.DateTimeField(null=True)
    taken_down_for = models.CharField(max_length=200, blank=True)

    objects = Assets.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["folder", "-created_at", "-id"], name="asset_in_folder"),
            models.Index(fields=["folder", "name", "id"], name="asset_by_name"),
            models.Index(fields=["owner", "-created_at", "-id"], condition=LIVING, name="asset_of_owner"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False, purged_at=None), name="asset_in_trash"),
            models.Index(fields=["purged_at"], condition=Q(purged_at__isnull=False) & ~Q(file=""), name="asset_to_purge"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(purged_at=None) | Q(deleted_at__isnull=False), name="asset_purged_from_trash"),
        ]

    def __str__(self) -> str:
        return self.name

    def require_shown(self) -> None:
        """Raises TakenDown, 451, for a file that an admin took down."""
        if self.taken_down_at:
            raise TakenDown("This file was taken down for legal reasons. Ask your team's owner about it.")
