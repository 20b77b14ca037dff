"""An invitation into a team: a link that works once, for a week."""

import secrets
import uuid
from datetime import timedelta
from typing import Final

from django.db import models
from django.utils import timezone

from wevion.accounts.models.secret import digest
from wevion.accounts.models.team import Membership, Role, Team

VALID_FOR: Final = timedelta(days=7)


class Invitations(models.QuerySet["Invitation"]):
    def issue(self, inviter: Membership, email: str, role: str) -> tuple["Invitation", str]:
        """The invitation of this address into the inviter's team, and its token, which is not kept.

        An earlier one for the address is replaced, and its link is dead.
        """
        token = secrets.token_urlsafe(32)
        values = {
            "role": role,
            "invited_by": inviter,
            "token_hash": digest(token),
            "expires_at": timezone.now() + VALID_FOR,
        }
        invitation, _ = self.update_or_create(team_id=inviter.team_id, email=email.strip().lower(), defaults=values)
        return invitation, token

    def usable(self, token: str) -> "Invitation | None":
        """The open invitation with this token; None when unknown, expired, used, or the inviter may no longer give the role."""
        found = (
            self.select_related("team", "invited_by__user")
            .filter(token_hash=digest(token), expires_at__gt=timezone.now())
            .first()
        )
        return found if found and found.role in found.invited_by.may_grant else None


class Invitation(models.Model):
    """Deleted when it is accepted or withdrawn, and with the membership of whoever made it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=16, choices=Role.choices)
    invited_by = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    objects = Invitations.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint("team", "email", name="invitation_once_per_address")]

    def __str__(self) -> str:
        return f"{self.email} → {self.team}"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()
