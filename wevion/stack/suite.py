"""`make test` and `make lint`: every step is run, whatever failed before it, and pytest comes last."""

import os
import secrets
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from wevion.embedded.owner import owning
from wevion.embedded.process import await_end, signal_group, spawn
from wevion.stack import run, stopping
from wevion.stack.chromium import chromium
from wevion.stack.terminal import ROOT, say

IMPORT_CONTRACTS = "from importlinter.cli import lint_imports_command as main; main()"
LINT: dict[str, list[str]] = {
    "ruff check": ["-m", "ruff", "check", "."],
    "ruff format": ["-m", "ruff", "format", "--check", "."],
    "mypy": ["-m", "mypy", "--strict", "."],
    "import contracts": ["-c", IMPORT_CONTRACTS],
}
MIGRATIONS = ["manage.py", "makemigrations", "--check", "--dry-run"]
DEPLOY = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
PRODUCTION = {"DEBUG": "false", "DEVELOPMENT": "false", "ALLOWED_HOSTS": "hub.example.com", "BEHIND_PROXY": "true"}


def lint() -> int:
    """Lint, types and import contracts. The exit code: 0 when all passed."""
    failed = [name for name, arguments in LINT.items() if step(name, arguments)]
    say(f"Failed: {', '.join(failed)}" if failed else "All passed.")
    return 1 if failed else 0


def test(var: Path, arguments: list[str]) -> int:
    """Everything, on servers of its own unless the URLs of others are set. The exit code: 0 when all passed."""
    os.environ["VAR_DIR"] = str(var)
    with ExitStack() as stack:
        var = stack.enter_context(owning(var))
        run.serve(var, stack)
        os.environ["CHROMIUM"] = chromium()
        failed = [name for name, words in LINT.items() if step(name, words)]
        if step("migrations", MIGRATIONS):
            failed.append("migrations")
        if step("deploy checks", DEPLOY, {**PRODUCTION, "SECRET_KEY": secrets.token_urlsafe(50)}):
            failed.append("deploy checks")
        if failed:
            say(f"\nFailed before the tests: {', '.join(failed)}")
        code = step("pytest", ["-m", "pytest", "-n", "2", *arguments], {"DEVELOPMENT": "true"}, last=True)
        return code or (1 if failed else 0)


def step(name: str, arguments: list[str], environment: dict[str, str] | None = None, last: bool = False) -> int:
    """Runs it on this terminal and returns its exit code. On a signal it is interrupted, and Stopped raised.

    Nothing is printed behind the `last` one, whose own closing line is the verdict.
    """
    say(f"\n── {name} " + "─" * (70 - len(name)))
    started = time.monotonic()
    process = spawn([sys.executable, *arguments], stdout=None, stderr=None, cwd=ROOT, env={**os.environ, **(environment or {})})
    try:
        while process.poll() is None:
            stopping.pause(0.05)
    except stopping.Stopped:
        process.send_signal(signal.SIGINT)
        await_end([process], 10)
        raise
    finally:
        signal_group(process, signal.SIGKILL)
        process.wait()
    if not last:
        say(f"{'failed' if process.returncode else 'passed'} in {time.monotonic() - started:.1f} s")
    return process.returncode
