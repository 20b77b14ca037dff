"""What every page of a person keeps an eye on: how many jobs run, and which have just ended."""

import json
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.contrib.auth.decorators import login_required
from django.db import connection
from django.db.models import JSONField, Model, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from jobs.models import JobFeed
from jobs.studio import studio
from wevion.accounts.models import User

MOST_ENDED: Final = 8
MOST_CHARS: Final = 80  # of a prompt

Row = TypeVar("Row", bound=Model)

# As SQL and not from querysets, for it is part of every answer, and building those took a seventh of its time (measured). It
# names nothing of the row that it stands beside, so that it is worked out once for all of them. Jobs older than
# a day are not asked for what has just ended: then the index of the newest is read, and not all that the person has.
PULSE: Final = f"""
jsonb_build_object(
    'running', (SELECT count(*) FROM jobs_job WHERE user_id = %s AND hidden_at IS NULL AND status IN ('pending', 'processing')),
    'ended', ARRAY(
        SELECT jsonb_build_object('id', id, 'status', status, 'type', type, 'prompt', left(prompt, %s)) FROM jobs_job
         WHERE user_id = %s AND hidden_at IS NULL AND completed_at > now() - interval '10 minutes'
           AND created_at > now() - interval '1 day'
         ORDER BY completed_at DESC LIMIT {MOST_ENDED}),
    'role', (SELECT role FROM accounts_membership WHERE user_id = %s))
"""  # noqa: S608 -- put together from constants


@dataclass(frozen=True, slots=True)
class Pulse:
    """`ended` is for the page's script: a JSON list of the jobs that ended a short while ago, the newest first."""

    running: int
    ended: str
    role: str | None

    @classmethod
    def on(cls, row: Any) -> "Pulse":
        """From a row of `with_pulse`."""
        return _read(row.pulse)


def pulse_of(user: User, *, prompts: bool = True) -> Pulse:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {PULSE}::text", _asked(user, prompts))
        return _read(json.loads(cursor.fetchone()[0]))


def with_pulse(rows: "QuerySet[Row]", user: User) -> "QuerySet[Row]":
    """Rows that each carry the person's pulse: the database works it out once for all of them."""
    found: QuerySet[Row] = rows.annotate(pulse=RawSQL(PULSE, _asked(user, True), JSONField()))  # type: ignore[assignment]  # noqa: S611
    return found


def _asked(user: User, prompts: bool) -> list[Any]:
    return [user.pk, MOST_CHARS if prompts else 0, user.pk, user.pk]


def _read(found: Any) -> Pulse:
    types = studio().types()
    ended = [{**job, "label": types.get(job["type"], job["type"])} for job in found["ended"]]
    return Pulse(found["running"], json.dumps(ended), found["role"])


@never_cache
@login_required
@require_GET
def pulse(request: HttpRequest) -> HttpResponse:
    """What a page without a list of jobs asks while some are running; 204 when nothing has changed, after one query."""
    assert isinstance(request.user, User)
    version = JobFeed.version_of(request.user)
    if request.GET.get("v") == str(version):
        return HttpResponse(status=204)
    notify = request.user.notify_in_browser
    return render(request, "jobs/_pulse.html", {"pulse": pulse_of(request.user), "version": version, "notify": notify})
