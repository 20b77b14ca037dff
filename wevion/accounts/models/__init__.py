"""People, their teams, the invitations into them, and the keys by which programs act for them."""

from wevion.accounts.models.invitation import Invitation
from wevion.accounts.models.key import ApiKey, Permission
from wevion.accounts.models.person import MailWhenDone, User
from wevion.accounts.models.secret import digest
from wevion.accounts.models.team import MAY_ADMINISTER, MAY_GENERATE, MAY_SEE_BILLING, Membership, Role, Team

__all__ = [
    "MAY_ADMINISTER",
    "MAY_GENERATE",
    "MAY_SEE_BILLING",
    "ApiKey",
    "Invitation",
    "MailWhenDone",
    "Membership",
    "Permission",
    "Role",
    "Team",
    "User",
    "digest",
]
