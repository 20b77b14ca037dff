"""The mirrors' queue. The row is the truth: a message only says that something may be due, and may be lost.

One at a time for a team, so that no folder is made twice, and AT_ONCE in all, so that jobs keep their workers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from creative_hub.models import Asset, DriveMirror, TeamDrive
from creative_hub.models.drive import PROBLEMS
from jobs import doorbell

TASK = "creative_hub.mirror"
LANE = "io"
LOCK = 7_301_002  # of claiming, for the moment of counting
AT_ONCE = 2
LEASE_SECONDS = 200  # longer than a call may take; every part that is sent renews it
GIVE_UP_DAYS = 7
PASSING_SECONDS = (30, 60, 300, 900, 3600)
STANDING_SECONDS = (900, 3600, 6 * 3600)  # somebody has to do something first

CLAIM = """
WITH busy AS (SELECT team_id FROM creative_hub_drivemirror WHERE lease_until > statement_timestamp()),
due AS (
    SELECT m.id FROM creative_hub_drivemirror m JOIN creative_hub_teamdrive d ON d.team_id = m.team_id AND d.enabled
     WHERE m.wake_at <= statement_timestamp() AND (m.lease_until IS NULL OR m.lease_until < statement_timestamp())
       AND m.team_id NOT IN (SELECT team_id FROM busy) AND (SELECT count(*) FROM busy) < %(at_once)s
     ORDER BY m.wake_at LIMIT 1 FOR UPDATE OF m SKIP LOCKED
)
UPDATE creative_hub_drivemirror m
   SET attempt = m.attempt + 1, lease_until = statement_timestamp() + make_interval(secs => %(lease_seconds)s)
  FROM due WHERE m.id = due.id RETURNING m.id, m.attempt
"""

POSTPONE = """
UPDATE creative_hub_drivemirror
   SET errors = errors + 1, problem = %(problem)s, lease_until = NULL, attempt = attempt + 1,
       session = CASE WHEN %(keep_session)s THEN session ELSE '' END,
       wake_at = CASE WHEN created_at > statement_timestamp() - make_interval(days => %(days)s)
                      THEN statement_timestamp() + make_interval(secs => %(seconds)s) END
 WHERE id = %(mirror)s AND attempt = %(attempt)s
"""


class Trouble(NamedTuple):
    """One of creative_hub.models.drive.PROBLEMS, and how long Google asks us to wait."""

    problem: str
    retry_after_seconds: float = 0


class Lost(Exception):
    """Another worker has the mirror: this one's work is void."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A mirror in this worker's hands until the lease ends. Every write carries `attempt`, and raises Lost when it is old."""

    mirror: int
    attempt: int

    def write(self, **changes: Any) -> None:
        if not DriveMirror.objects.filter(pk=self.mirror, attempt=self.attempt).update(**changes):
            raise Lost(str(self.mirror))

    def renew(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE creative_hub_drivemirror SET lease_until = statement_timestamp() + make_interval(secs => %s)"
                " WHERE id = %s AND attempt = %s",
                [LEASE_SECONDS, self.mirror, self.attempt],
            )
            if not cursor.rowcount:
                raise Lost(str(self.mirror))


def enqueue(assets: Iterable[Asset]) -> None:
    """Notes, in the caller's transaction, that these files go to their teams' drives, where there is one. Safe to repeat."""
    if not settings.DRIVE_SERVICE_ACCOUNT:
        return
    found = list(assets)
    teams = TeamDrive.objects.filter(enabled=True, team__in={asset.team_id for asset in found})
    mirrored = set(teams.values_list("team", flat=True))
    rows = [DriveMirror(asset=asset, team_id=asset.team_id) for asset in found if asset.team_id in mirrored]
    if rows:
        DriveMirror.objects.bulk_create(rows, ignore_conflicts=True)
        doorbell.ring_on_commit(TASK, LANE)


@transaction.atomic
def claim() -> Claim | None:
    """The mirror that has been due longest, for this worker; None when there is none, or enough are under way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute(CLAIM, {"at_once": AT_ONCE, "lease_seconds": LEASE_SECONDS})
        row = cursor.fetchone()
    return Claim(*row) if row else None


def finish(claim: Claim, drive_id: str, link: str) -> None:
    claim.write(
        drive_id=drive_id, link=link[:500], mirrored_at=Now(), wake_at=None, lease_until=None, problem="", session="", errors=0
    )


def go_on_later(claim: Claim) -> None:
    """Gives the mirror back in the middle of its upload, to the end of the queue."""
    claim.write(wake_at=Now(), lease_until=None, attempt=F("attempt") + 1)


@transaction.atomic
def drop(claim: Claim, asset_id: UUID) -> None:
    """The file is to be mirrored no more; if it comes back, it is enqueued anew.

    Held meanwhile: one that came back just now keeps its mirror, which is due again when the lease ends.
    """
    gone = ~Q(deleted_at=None) | ~Q(taken_down_at=None)
    if Asset.objects.select_for_update(no_key=True).filter(gone, pk=asset_id).first():
        DriveMirror.objects.filter(pk=claim.mirror, attempt=claim.attempt).delete()


def postpone(claim: Claim, trouble: Trouble, errors: int, *, keep_session: bool) -> None:
    """Tries again later: within the hour where it passes by itself, more rarely where somebody has to act; a week long."""
    steps = PASSING_SECONDS if PROBLEMS[trouble.problem].passing else STANDING_SECONDS
    seconds = max(steps[min(errors, len(steps) - 1)], min(trouble.retry_after_seconds, 3600))
    values: dict[str, Any] = {
        "problem": trouble.problem,
        "keep_session": keep_session,
        "days": GIVE_UP_DAYS,
        "seconds": seconds,
        "mirror": claim.mirror,
        "attempt": claim.attempt,
    }
    with connection.cursor() as cursor:
        cursor.execute(POSTPONE, values)


def ring_for_due(seconds: float = 0) -> None:
    """Rings when something has been due for so long, and nobody has it."""
    due = DriveMirror.objects.overdue(seconds)
    if due:
        doorbell.ring(TASK, LANE, min(due, AT_ONCE), expires_seconds=60)
