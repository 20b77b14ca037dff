from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from wevion.accounts.models import ApiKey, Membership


class Command(BaseCommand):
    help = "Makes an API key that acts for a member, and prints it. It cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="Command line")

    def handle(self, *args: Any, **options: Any) -> None:
        membership = Membership.objects.filter(user__email=options["email"].lower()).first()
        if membership is None:
            raise CommandError(f"{options['email']} is not a member of any team.")
        self.stdout.write(ApiKey.objects.issue(membership, options["name"])[1])
