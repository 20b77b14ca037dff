"""Who submits: several teams, of which most have money."""

from typing import Final

from jobs.models import ledger
from wevion.accounts.models import ApiKey, Membership, Role, Team, User

RICH, SHORT, BROKE = 1_000_000, 300, 2
TEAMS: Final = (RICH, RICH, RICH, RICH, SHORT, BROKE)
CAP_CENTS: Final = 150


def seed() -> tuple[list[str], list[str]]:
    """Returns the secrets of the API keys of those who can pay for all they want, and of those who cannot.

    Each team has an owner and a media buyer; in the first team the latter has a monthly cap.
    """
    solvent: list[str] = []
    others: list[str] = []
    for number, cents in enumerate(TEAMS):
        team = Team.objects.create(name=f"Team {number}")
        ledger.top_up(team, cents)
        for role in (Role.OWNER, Role.MEDIABUYER):
            user = User.objects.create(email=f"{role}-{number}@example.com", name=f"{role} {number}")
            cap = CAP_CENTS if number == 0 and role == Role.MEDIABUYER else None
            membership = Membership.objects.create(user=user, team=team, role=role, monthly_cap_cents=cap)
            (solvent if cents == RICH and cap is None else others).append(ApiKey.objects.issue(membership, "chaos")[1])
    return solvent, others
