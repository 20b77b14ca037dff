"""A person: how they sign in, and how they want to be told."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class MailWhenDone(models.TextChoices):
    NEVER = "never", "Never"
    FAILED = "failed", "Only when a job fails"
    ALWAYS = "always", "Whenever a job ends"


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
    """A person. Signs in with an e-mail address; belongs to a team through one Membership.

    `left_team` is set when the person is removed from a team: their jobs and files are that team's, so this account
    sleeps (`is_active` is off) and may be invited back there, and to no other team.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    mail_when_done = models.CharField(max_length=8, choices=MailWhenDone.choices, default=MailWhenDone.NEVER)
    notify_in_browser = models.BooleanField(default=False)
    left_team = models.ForeignKey("accounts.Team", on_delete=models.SET_NULL, null=True, editable=False, related_name="+")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[Users] = Users()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split()[0]
