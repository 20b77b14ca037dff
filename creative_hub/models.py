"""The library: folders, and the files in them."""

import uuid
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from jobs.models import Item
from wevion.accounts.models import Team, User


class Folders(models.QuerySet["Folder"]):
    def of(self, user: User) -> Self:
        """The person's own folders: everybody works in a tree of their own."""
        return self.filter(owner=user)

    def root_of(self, user: User, team: Team) -> "Folder":
        """The person's root folder, made when first asked for."""
        root = self.filter(owner=user, parent=None).first()
        if root is None:
            with transaction.atomic():
                self.bulk_create([Folder(owner=user, team=team, name=str(user)[:100])], ignore_conflicts=True)
            root = self.get(owner=user, parent=None)
        return root


class Folder(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="folders")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="folders")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())

    objects = Folders.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint("owner", condition=Q(parent=None), name="folder_one_root"),
            models.UniqueConstraint("parent", "name", name="folder_name_once_per_parent"),
        ]

    def __str__(self) -> str:
        return self.name

    def path(self) -> list["Folder"]:
        """From the root to this folder."""
        found = [self]
        while found[0].parent is not None:
            found.insert(0, found[0].parent)
        return found


class Assets(models.QuerySet["Asset"]):
    def of(self, user: User) -> Self:
        return self.filter(owner=user)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")


class Asset(models.Model):
    """A file in the library. Its bytes are ours: they lie in default storage, and `sha256` was taken as they arrived."""

    class Kind(models.TextChoices):
        IMAGE = "image", "Image"
        VIDEO = "video", "Video"
        AUDIO = "audio", "Audio"

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
    file = models.FileField(max_length=255)
    thumbnail = models.FileField(max_length=255, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = Assets.as_manager()

    class Meta:
        indexes = [models.Index(fields=["folder", "-created_at", "-id"], name="asset_in_folder")]

    def __str__(self) -> str:
        return self.name
