"""People, their teams, and the keys by which programs act for them."""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils import timezone


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    MANAGER = "manager", "Manager"
    MEDIABUYER = "mediabuyer", "Media buyer"
    FINANCE = "finance", "Finance"
    VIEWER = "viewer", "Viewer"


MAY_GENERATE = frozenset({Role.OWNER, Role.ADMIN, Role.MANAGER, Role.MEDIABUYER})
MAY_ADMINISTER = frozenset({Role.OWNER, Role.ADMIN})
MAY_SEE_BILLING = frozenset({Role.OWNER, Role.ADMIN, Role.FINANCE})


class Users(UserManager["User"]):
    """Accounts are known by e-mail address, whatever its case."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> "User":  # type: ignore[override]
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractUser):
    """A person. Signs in with an e-mail address; belongs to a team through one Membership."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Users] = Users()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split()[0]


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=150)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's place in a team: the role, and how much of the team's credit the person may use in a month."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="membership")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    monthly_cap_cents = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @property
    def may_generate(self) -> bool:
        return self.role in MAY_GENERATE

    @property
    def may_administer(self) -> bool:
        return self.role in MAY_ADMINISTER

    @property
    def may_see_billing(self) -> bool:
        return self.role in MAY_SEE_BILLING


class ApiKeys(models.QuerySet["ApiKey"]):
    def usable(self, secret: str) -> "ApiKey | None":
        """The live key with this secret, with its member; None when unknown, revoked, expired or the membership is gone."""
        now = timezone.now()
        return (
            self.select_related("membership__user", "membership__team")
            .filter(secret_hash=digest(secret), revoked_at=None, membership__user__is_active=True)
            .filter(models.Q(expires_at=None) | models.Q(expires_at__gt=now))
            .first()
        )

    def issue(self, membership: Membership, name: str, expires_at: datetime | None = None) -> tuple["ApiKey", str]:
        """A new key, and its secret, which is not kept and cannot be shown again."""
        secret = "wv_live_" + secrets.token_urlsafe(32)
        key = self.create(membership=membership, name=name, prefix=secret[:14], secret_hash=digest(secret), expires_at=expires_at)
        return key, secret


def digest(secret: str) -> str:
    """How a key's secret is stored. A fast hash is right: the secret is 256 random bits, so it cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiKey(models.Model):
    """Acts as one member of one team. Revoked at once; dies with the membership."""

    LAST_USED_EVERY = timedelta(minutes=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=16)
    secret_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeys.as_manager()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def touch(self) -> None:
        """Notes the use, at most once a minute: a write for every request would make the key's row a bottleneck."""
        now = timezone.now()
        if self.last_used_at is None or now - self.last_used_at > self.LAST_USED_EVERY:
            ApiKey.objects.filter(pk=self.pk).update(last_used_at=now)
