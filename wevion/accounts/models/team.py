"""A team, its members, and what each role may do."""

import uuid
from typing import Final

from django.db import models

from wevion.accounts.models.person import User


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
MAY_GRANT: Final[dict[str, tuple[Role, ...]]] = {
    Role.OWNER: tuple(Role),
    Role.ADMIN: tuple(role for role in Role if role != Role.OWNER),
}
"""The roles a role may give, and whose members it may manage: nobody reaches above themselves."""


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

    @property
    def may_grant(self) -> tuple[Role, ...]:
        return MAY_GRANT.get(self.role, ())

    def may_manage(self, other: "Membership") -> bool:
        """Whether this member may change the other's role and limit, remove them, and make keys that act for them."""
        return self.team_id == other.team_id and other.role in self.may_grant
