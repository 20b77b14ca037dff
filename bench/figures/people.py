"""Who asks: members of teams of their own, with credit, API keys and a signed-in session."""

from dataclasses import dataclass

import redis
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from jobs.models import ledger
from wevion.accounts.models import ApiKey, Membership, Role, Team, User

CREDIT_CENTS = 100_000_000


@dataclass(frozen=True, slots=True)
class Person:
    member: Membership
    keys: tuple[str, ...]
    cookie: str


def use(database_url: str) -> None:
    """Lets this process's Django look at another database."""
    connection.close()
    connection.settings_dict["NAME"] = database_url.partition("?")[0].rpartition("/")[2]


def start_afresh() -> None:
    """No jobs, nothing held and no messages; the people stay."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE jobs_job CASCADE")
        cursor.execute("UPDATE jobs_creditaccount SET held_cents = 0")
    redis.Redis.from_url(settings.REDIS_URL).flushdb()


def person(number: int, keys: int = 1) -> Person:
    """The same one whenever the number is; the keys and the session are new."""
    email = f"member{number}@example.com"
    with transaction.atomic():
        member = Membership.objects.filter(user__email=email).select_related("user", "team").first()
        if member is None:
            team = Team.objects.create(name=f"Team {number}")
            ledger.top_up(team, CREDIT_CENTS)
            user = User.objects.create(email=email, name=f"Member {number}")
            member = Membership.objects.create(user=user, team=team, role=Role.OWNER)
        secrets = tuple(ApiKey.objects.issue(member, "bench")[1] for _ in range(keys))
    browser = Client()
    browser.force_login(member.user)
    name = settings.SESSION_COOKIE_NAME
    return Person(member, secrets, f"{name}={browser.cookies[name].value}")
