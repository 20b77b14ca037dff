"""`make run`."""

import hashlib
import os
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from wevion import embedded, env
from wevion.embedded import CannotStart
from wevion.embedded.owner import owning, running
from wevion.embedded.process import signal_group, spawn, tail
from wevion.embedded.server import Server
from wevion.stack import environment, reachable, stopping
from wevion.stack.children import Child, stop
from wevion.stack.terminal import ROOT, say, shown

READY_SECONDS = 120
MANAGE = [sys.executable, str(ROOT / "manage.py")]
UNUSED = ("redoc", "rest_framework", "django_htmx")  # static files of libraries: our pages use none, and they take half the time
COLLECT = ["collectstatic", "--noinput", "--verbosity", "0", *(word for name in UNUSED for word in ("--ignore", name))]
WEB_THREADS = "4"  # no more database connections than this in a web process, so no more threads either


def run(var: Path) -> None:
    """Everything, until a signal: then raises Stopped, with nothing left running. Raises CannotStart."""
    port = environment.port()
    reachable.require_free_port(port)
    defaults = {"DEVELOPMENT": "true", "WEB_THREADS": WEB_THREADS, "PYTHONUNBUFFERED": "1", "VAR_DIR": str(var)}
    if not env.flag("DEBUG"):
        defaults["STATIC_ROOT"] = str(var / "static")
    for name, value in defaults.items():
        os.environ[name] = environment.given(name) or value
    with ExitStack() as stack:
        var = stack.enter_context(owning(var))
        servers = serve(var, stack)
        collect(var)
        say("Migrating the database …")
        manage("migrate", ["migrate", "--noinput", "--verbosity", "0"], var)
        manage("seed", ["seed_demo"], var, aloud=True)
        children = processes(var, port)
        stack.callback(farewell, children)
        attend(servers, children, f"http://127.0.0.1:{port}", var)


def serve(var: Path, stack: ExitStack) -> list[Server]:
    """PostgreSQL and Redis: the given ones, looked at, or our own. Sets both URLs for all that follows."""
    database, redis = environment.given("DATABASE_URL"), environment.given("REDIS_URL")
    if database:
        reachable.require_database(database)
    if redis:
        reachable.require_redis(redis)
    wanted = [name for name, url in (("PostgreSQL", database), ("Redis", redis)) if not url]
    if wanted:
        say(f"Starting {' and '.join(wanted)} ({shown(var)}) …")
    servers = stack.enter_context(running(var, database=not database, redis=not redis, pause=stopping.pause))
    os.environ["DATABASE_URL"] = database or embedded.database_url(var)
    os.environ["REDIS_URL"] = redis or embedded.redis_url(var)
    return servers


def collect(var: Path) -> None:
    """Static files compressed and under hashed names, as in production: anew when one of them, or a requirement, has changed."""
    root = environment.given("STATIC_ROOT")
    if not root:
        return
    sources = [ROOT / "requirements.txt", *sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())]
    state = hashlib.sha256(b"".join(str(path).encode() + path.read_bytes() for path in sources)).hexdigest()
    stamp = Path(root, ".collected")
    if stamp.exists() and stamp.read_text() == state:
        return
    say("Compressing static files …")
    manage("collectstatic", [*COLLECT, "--clear"], var)
    stamp.write_text(state)


def manage(name: str, arguments: list[str], var: Path, aloud: bool = False) -> None:
    """A management command to its end, its words in the log; `aloud`, what it prints is for the terminal."""
    path = var / "log" / f"{name}.log"
    with path.open("wb") as log:
        process = spawn([*MANAGE, *arguments], stdout=None if aloud else log, stderr=log, cwd=ROOT)
    try:
        while process.poll() is None:
            stopping.pause(0.05)
    except stopping.Stopped:
        signal_group(process, signal.SIGKILL)
        process.wait()
        raise
    if process.returncode:
        said = (tail(path, 1) or ["it said nothing"])[0]
        raise CannotStart(f"manage.py {arguments[0]} failed: {said.strip()} (log: {shown(path)})")


def processes(var: Path, port: int) -> list[Child]:
    """Web, workers and poller. As modules of this Python: the scripts beside it do not survive a moved checkout."""
    granian = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws"]
    granian += ["--workers", "1", "--blocking-threads", os.environ["WEB_THREADS"], "--workers-kill-timeout", "30"]
    granian += ["--respawn-failed-workers", "--respawn-interval", "0.5", "wevion.wsgi:application"]
    celery = [sys.executable, "-m", "celery", "-A", "wevion", "worker", "--loglevel", "WARNING"]
    celery += ["--without-gossip", "--without-mingle"]
    commands: dict[str, tuple[list[str], dict[str, str]]] = {
        "web": (granian, {"DATABASE_POOL": "true"}),
        "io": ([*celery, "-Q", "io", "-P", "threads", "-c", "16", "-n", "io@%h"], {}),
        # Rendering is cut short rather than awaited: the work is found again and repeated.
        "media": ([*celery, "-Q", "media", "-P", "prefork", "-c", "2", "-n", "media@%h"], {"REMAP_SIGTERM": "SIGQUIT"}),
        "poller": ([*MANAGE, "run_poller"], {}),
    }
    children = [Child(name, command, var / "log" / f"{name}.log", extra) for name, (command, extra) in commands.items()]
    children[0].address = f"http://127.0.0.1:{port}/readyz"
    for child in children:
        child.log.unlink(missing_ok=True)
    return children


def farewell(children: list[Child]) -> None:
    say("Stopping …")
    stop(children)


def attend(servers: list[Server], children: list[Child], address: str, var: Path) -> None:
    """Keeps everything alive; says once that all is ready. Ends by Stopped or CannotStart only."""
    limit, said = time.monotonic() + READY_SECONDS, False
    while True:
        revive(servers)
        for child in children:
            child.tend()
        if not said and all(child.process and (child.up or not child.address) for child in children):
            said = True
            say(f"Logs: {shown(var / 'log')}/   Stop: Ctrl-C")
            say(f"Ready: {address}")
        if not said and time.monotonic() > limit:
            raise CannotStart(f"{address}/readyz did not answer 200 within {READY_SECONDS} s; see {shown(var / 'log')}/web.log")
        stopping.pause(0.2)


def revive(servers: list[Server]) -> None:
    for server in servers:
        if not server.alive:
            say(f"{server.name} ended; starting it again. Log: {shown(server.log)}")
            server.start()
