import uuid
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from creative_hub.models.folder import Folder
from wevion.accounts.models import Team, User

KEPT = timedelta(days=1)


class Uploads(models.QuerySet["Upload"]):
    def of(self, user: User) -> Self:
        """The person's own uploads that have not expired."""
        return self.filter(owner=user, created_at__gt=timezone.now() - KEPT)

    def expired(self) -> Self:
        return self.filter(created_at__lte=timezone.now() - KEPT)


class Upload(models.Model):
    """A file on its way here, in pieces. How much has arrived is the size of its partial file.

    Filed, it is an Asset of the same id, and this row is gone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    folder = models.ForeignKey(Folder, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=255)
    length = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(db_default=Now(), db_index=True)

    objects = Uploads.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def expires_at(self) -> datetime:
        return self.created_at + KEPT
