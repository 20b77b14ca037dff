import uuid
from typing import Self

from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from wevion.accounts.models import Team, User

ROOT = "SELECT * FROM creative_hub_folder WHERE owner_id = %s AND parent_id IS NULL"
ANCESTORS = """
WITH RECURSIVE up AS (
    SELECT id, parent_id, 0 AS height FROM creative_hub_folder WHERE id = %s
    UNION ALL SELECT f.id, f.parent_id, height + 1 FROM creative_hub_folder f JOIN up ON f.id = up.parent_id
) SELECT f.* FROM up JOIN creative_hub_folder f USING (id) ORDER BY height DESC
"""
BELOW = """
WITH RECURSIVE down AS (
    SELECT id FROM creative_hub_folder WHERE id = %s
    UNION ALL SELECT f.id FROM creative_hub_folder f JOIN down ON f.parent_id = down.id
) SELECT id FROM down
"""


class Folders(models.QuerySet["Folder"]):
    def of(self, user: User) -> Self:
        """The person's own folders that are not in the trash: everybody works in a tree of their own."""
        return self.filter(owner=user, deleted_at=None)

    def trash_of(self, user: User) -> Self:
        """The folders that the person put into the trash, without those that went along inside another."""
        return self.filter(owner=user, deleted_at__isnull=False, deleted_with=None)

    def root_of(self, user: User, team: Team) -> "Folder":
        """The person's root folder, made when first asked for."""
        root = next(iter(self.raw(ROOT, [user.pk])), None)
        if root is None:
            with transaction.atomic():
                self.bulk_create([Folder(owner=user, team=team, name=str(user)[:100])], ignore_conflicts=True)
            root = self.get(owner=user, parent=None)
        return root

    def held(self) -> Self:
        """Locks the folders until the transaction ends: what is filed in them meanwhile has names of its own, and is not
        left behind when they go to the trash."""
        return self.select_for_update(no_key=True, of=("self",))


class Folder(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="folders")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="folders")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    name = models.CharField(max_length=120)  # 100 of the person's, and room for a number
    created_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)
    deleted_with = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="went_along")

    objects = Folders.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="folder_in_trash")]
        constraints = [
            models.UniqueConstraint("owner", condition=Q(parent=None), name="folder_one_root"),
            models.UniqueConstraint("parent", "name", condition=Q(deleted_at=None), name="folder_name_once_per_parent"),
            models.CheckConstraint(condition=Q(parent__isnull=False) | Q(deleted_at=None), name="folder_root_stays"),
        ]

    def __str__(self) -> str:
        return self.name

    def path(self) -> list["Folder"]:
        """From the root to this folder."""
        return list(Folder.objects.raw(ANCESTORS, [self.pk]))

    def tree(self) -> list[uuid.UUID]:
        """The ids of this folder and of all below it, those in the trash too."""
        return [folder.pk for folder in Folder.objects.raw(BELOW, [self.pk])]
