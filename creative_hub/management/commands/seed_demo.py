from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from jobs.models import ledger
from wevion.accounts.models import ApiKey, Membership, Role, Team, User

PASSWORD = "wevion-demo"  # noqa: S105 - printed on every start; the demo is for one's own machine
PEOPLE = (
    ("alice@example.com", "Alice Moreau", Role.OWNER),
    ("bob@example.com", "Bob Lindqvist", Role.MEDIABUYER),
    ("vera@example.com", "Vera Okafor", Role.VIEWER),
)
CREDIT_CENTS = 50_00
SUPERUSER = "root@example.com"


class Command(BaseCommand):
    help = "Makes the demo team once: people in several roles, credit, an API key. Prints how to sign in."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            secret = None if User.objects.filter(email=PEOPLE[0][0]).exists() else make_demo()
        others = ", ".join(email for email, _, _ in PEOPLE[1:])
        self.stdout.write(f"Login: {PEOPLE[0][0]} / {PASSWORD}")
        self.stdout.write(f"Also: {others}, {SUPERUSER} (backoffice); the same password")
        if secret:
            self.stdout.write(f"API key: {secret}")
        else:
            self.stdout.write(f"API key: as printed on the first run; another: python manage.py create_api_key {PEOPLE[0][0]}")


def make_demo() -> str:
    """Returns the secret of the owner's API key."""
    team = Team.objects.create(name="Northlight Studio")
    members = [
        Membership.objects.create(user=User.objects.create_user(email, PASSWORD, name=name), team=team, role=role)
        for email, name, role in PEOPLE
    ]
    User.objects.create_superuser(SUPERUSER, PASSWORD, name="Root")
    ledger.top_up(team, CREDIT_CENTS, reason="Demo credit")
    return ApiKey.objects.issue(members[0], "Demo")[1]
