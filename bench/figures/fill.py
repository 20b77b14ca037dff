"""Millions of jobs in minutes: `INSERT … SELECT generate_series`, without triggers, the indexes made at the end.

One person in a hundred jobs is the reader, with items, files and events; the others are of a thousand other people. Every
column that is not named here has its model's default, so a new column needs no change here.
"""

import time
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db import models as django_models
from psycopg import sql

from bench.figures.people import Person, person
from creative_hub.models import Asset, Folder
from jobs.models import Item, Job, JobEvent, JobFeed
from wevion.accounts.models import Membership, Team, User

READERS_SHARE = 100
STRANGERS = 1000
BATCH = 1_000_000
READER = 0

# n is the job's number, from 1, the oldest first; one job every twenty seconds up to now.
JOB = {
    "id": "gen_random_uuid()",
    "user_id": f"CASE WHEN n %% {READERS_SHARE} = 0 THEN %(user)s ELSE strangers.users[1 + n * 7919 %% {STRANGERS}] END",
    "team_id": f"CASE WHEN n %% {READERS_SHARE} = 0 THEN %(team)s ELSE strangers.teams[1 + n * 7919 %% {STRANGERS}] END",
    "type": "CASE WHEN n %% 3 = 0 THEN 'video' ELSE 'image' END",
    "provider": "CASE WHEN n %% 3 = 0 THEN 'luma_ray3' ELSE 'flux_2_pro' END",
    "prompt": "'a ' || colours.words[1 + n %% 7] || ' lamp on a table, seen from the side, number ' || n",
    "settings": """'{"aspect_ratio": "1:1", "num_variants": 1}'::jsonb""",
    "status": "state.status",
    "progress_percent": "CASE state.status WHEN 'completed' THEN 100 WHEN 'processing' THEN 40 ELSE 0 END",
    "current_stage": "CASE state.status WHEN 'processing' THEN 'generating' ELSE '' END",
    "estimated_cost_cents": "4",
    "cost_cents": "CASE state.status WHEN 'completed' THEN 4 ELSE 0 END",
    "error_code": "CASE state.status WHEN 'failed' THEN 'provider_timeout' ELSE '' END",
    "error_message": "CASE state.status WHEN 'failed' THEN 'The provider showed no progress for 15 minutes.' ELSE '' END",
    "created_at": "moment.at",
    "started_at": "moment.at + interval '1 second'",
    "completed_at": "CASE state.status WHEN 'processing' THEN NULL ELSE moment.at + interval '12 seconds' END",
}
# In the order of the ids, which are random, so that a batch goes through their index once.
# The reader's newest two still run; one in ten failed.
JOB_FROM = f"""
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n, strangers, colours,
     LATERAL (SELECT now() - (%(jobs)s - n) * interval '20 seconds' AS at) AS moment,
     LATERAL (SELECT CASE
                  WHEN n > %(jobs)s - {2 * READERS_SHARE} AND n %% {READERS_SHARE} = 0 THEN 'processing'
                  WHEN n %% 10 = 0 AND n / {READERS_SHARE} %% 10 = 0 THEN 'failed'
                  ELSE 'completed' END AS status) AS state
 ORDER BY 1
"""
STRANGERS_AND_COLOURS = """
CREATE TEMP TABLE strangers AS
    SELECT array_agg(u.id ORDER BY u.email) AS users, array_agg(m.team_id ORDER BY u.email) AS teams
      FROM accounts_user u JOIN accounts_membership m ON m.user_id = u.id WHERE u.email LIKE 'stranger%';
CREATE TEMP TABLE colours AS SELECT ARRAY['red', 'green', 'blue', 'white', 'black', 'golden', 'violet'] AS words;
"""
ITEM = {
    "job_id": "j.id",
    "position": "0",
    "stage": "CASE j.status WHEN 'processing' THEN 'generating' ELSE 'delivering' END",
    "status": "j.status",
    "progress_percent": "j.progress_percent",
    "estimated_cost_cents": "4",
    "cost_cents": "j.cost_cents",
    "error_code": "j.error_code",
    "error_message": "j.error_message",
    "result": """CASE j.status WHEN 'completed' THEN '{"file": "results/lamp.jpg"}'::jsonb END""",
}
ASSET = {
    "id": "gen_random_uuid()",
    "team_id": "j.team_id",
    "owner_id": "j.user_id",
    "folder_id": "%(folder)s",
    "item_id": "i.id",
    "name": "'a lamp.jpg'",
    "kind": "'image'",
    "mime": "'image/jpeg'",
    "bytes": "200000",
    "sha256": "repeat('0', 64)",
    "file": "'results/' || j.id || '.jpg'",
    "thumbnail": "'results/' || j.id || '.thumbnail.webp'",
    "created_at": "j.completed_at",
}
EVENT = {
    "job_id": "j.id",
    "seq": "s",
    "to_status": "j.status",
    "at": "j.created_at + s * interval '1 second'",
    "note": "'as filled'",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """How long it took, and what the database then weighs; no seconds when it was there already."""

    jobs: int
    seconds: float
    gigabytes: float


def fill(database_url: str, jobs: int) -> tuple[Person, Filled]:
    """The database with this many jobs. `people.use` must point at it. One that has them already is left as it is."""
    reader = person(READER, keys=20)
    began = time.monotonic()
    there = Job.objects.filter(user=reader.member.user).count() == jobs // READERS_SHARE
    with psycopg.connect(database_url, autocommit=True) as link:
        if not there:
            _strangers()
            _rows(link, reader, jobs)
        size = link.execute("SELECT pg_database_size(current_database())").fetchone()
    assert size is not None
    return reader, Filled(jobs, 0.0 if there else time.monotonic() - began, size[0] / 1e9)


def _strangers() -> None:
    if User.objects.filter(email__startswith="stranger").exists():
        return
    teams = Team.objects.bulk_create(Team(name=f"Strangers {number}") for number in range(STRANGERS // 10))
    users = User.objects.bulk_create(User(email=f"stranger{number}@example.com") for number in range(STRANGERS))
    Membership.objects.bulk_create(
        Membership(user=user, team=teams[number % len(teams)], role="mediabuyer") for number, user in enumerate(users)
    )


def _rows(link: "psycopg.Connection[Any]", reader: Person, jobs: int) -> None:
    folder = Folder.objects.root_of(reader.member.user, reader.member.team)
    given = {"user": reader.member.user.pk, "team": reader.member.team.pk, "folder": folder.pk, "jobs": jobs}
    link.execute("SET work_mem = '1GB'")
    link.execute("SET session_replication_role = replica")  # the rows are sound: neither foreign keys nor guards are run
    link.execute("TRUNCATE jobs_job CASCADE")
    indexes = _drop_indexes(link)
    link.execute(STRANGERS_AND_COLOURS.encode())
    for first in range(1, jobs + 1, BATCH):
        _insert(link, Job, JOB, JOB_FROM, given | {"first": first, "last": min(first + BATCH - 1, jobs)})
    link.execute("SET maintenance_work_mem = '1GB'")
    for definition in indexes:
        link.execute(definition.encode())
    link.execute("SET session_replication_role = origin")
    mine = "FROM jobs_job j WHERE j.user_id = %(user)s ORDER BY j.created_at"
    _insert(link, Item, ITEM, mine, given)
    done = "FROM jobs_job j JOIN jobs_item i ON i.job_id = j.id WHERE j.user_id = %(user)s AND j.status = 'completed'"
    _insert(link, Asset, ASSET, done, given)
    _insert(link, JobEvent, EVENT, "FROM jobs_job j, generate_series(1, 3) AS s WHERE j.user_id = %(user)s", given)
    JobFeed.objects.update_or_create(user=reader.member.user, defaults={"version": 7})
    link.execute("VACUUM ANALYZE")


def _drop_indexes(link: "psycopg.Connection[Any]") -> list[str]:
    """All but those of constraints; returns how to make them again."""
    found = link.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'jobs_job'"
        " AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE conrelid = 'jobs_job'::regclass)"
    ).fetchall()
    for name, _ in found:
        link.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    return [definition for _, definition in found]


def _insert(link: "psycopg.Connection[Any]", model: Any, named: dict[str, str], source: str, given: dict[str, Any]) -> None:
    """INSERT … SELECT with all columns: those named, and the defaults of the rest."""
    values = dict(named)
    for field in model._meta.concrete_fields:
        if (
            field.column not in values
            and not isinstance(field, django_models.AutoField)
            and field.db_default is django_models.NOT_PROVIDED
        ):
            default = field.get_db_prep_save(field.get_default(), connection)
            values[field.column] = sql.Literal(default).as_string(link).replace("%", "%%")
    columns = sql.SQL(", ").join(map(sql.Identifier, values))
    statement = f"INSERT INTO {model._meta.db_table} ({columns.as_string(link)}) SELECT {', '.join(values.values())} {source}"
    link.execute(statement.encode(), given)
