"""The keys by which programs act for a member."""

import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.utils import timezone

from wevion.accounts.models.person import User
from wevion.accounts.models.secret import digest
from wevion.accounts.models.team import Membership, Team
from wevion.rows import columns, side_by_side


class Permission(models.TextChoices):
    """What a key may do, within what its member may do."""

    READ = "read", "Read jobs and download results"
    GENERATE = "generate", "Submit, retry, cancel and hide jobs"
    WEBHOOKS = "webhooks", "Manage webhooks"


def all_permissions() -> list[str]:
    return list(Permission.values)


class ApiKeys(models.QuerySet["ApiKey"]):
    def usable(self, secret: str) -> "ApiKey | None":
        """The live key with this secret, of all there are; None when unknown, revoked, expired or the membership is gone."""
        with connection.cursor() as cursor:
            cursor.execute(_usable(), [digest(secret)])
            row = cursor.fetchone()
        if row is None:
            return None
        key, membership, user, team = side_by_side(row, ApiKey, Membership, User, Team)
        membership.user, membership.team, key.membership = user, team, membership
        found: ApiKey = key
        return found

    def issue(
        self,
        membership: Membership,
        name: str,
        expires_at: datetime | None = None,
        permissions: Iterable[str] = tuple(Permission.values),
    ) -> tuple["ApiKey", str]:
        """A new key, and its secret, which is not kept and cannot be shown again."""
        secret = "wv_live_" + secrets.token_urlsafe(32)
        key = self.create(
            membership=membership,
            name=name,
            prefix=secret[:14],
            secret_hash=digest(secret),
            expires_at=expires_at,
            permissions=list(permissions),
        )
        return key, secret


class ApiKey(models.Model):
    """Acts as one member of one team, narrowed by its permissions. Revoked at once; dies with the membership."""

    LAST_USED_EVERY = timedelta(minutes=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    permissions = ArrayField(models.CharField(max_length=16, choices=Permission.choices), default=all_permissions)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeys.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def has(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def is_live(self) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > timezone.now())

    def touch(self) -> None:
        """Notes the use, at most once a minute: a write for every request would make the key's row a bottleneck."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > self.LAST_USED_EVERY:
            ApiKey.objects.filter(pk=self.pk).update(last_used_at=now)


@cache
def _usable() -> str:
    """Every call of the API begins with this: the ORM, building the same anew each time, takes five times as long (measured)."""
    wanted = ((ApiKey, "k"), (Membership, "m"), (User, "u"), (Team, "t"))
    return f"""
SELECT {", ".join(columns(model, alias) for model, alias in wanted)}
  FROM "accounts_apikey" k
  JOIN accounts_membership m ON m.id = k.membership_id
  JOIN accounts_user u ON u.id = m.user_id
  JOIN accounts_team t ON t.id = m.team_id
 WHERE k.secret_hash = %s AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND u.is_active
"""  # noqa: S608 -- put together from constants
