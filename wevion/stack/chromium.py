"""The browser of the browser tests: found, or installed, or named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from wevion.embedded import CannotStart
from wevion.stack.terminal import say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLAYWRIGHTS_OWN = "from playwright.sync_api import sync_playwright as p\nwith p() as w: print(w.chromium.executable_path)"


def chromium() -> str:
    """The path of a browser: CHROMIUM, the PATH's, Playwright's, or one installed now. Raises CannotStart."""
    found = installed()
    if found is None:
        say("No Chromium found; installing one …")
        install()
        found = installed()
    if found is None:
        raise CannotStart(
            "No Chromium for the browser tests: `apt-get install chromium` as root, or "
            "`.venv/bin/playwright install chromium`, or set CHROMIUM to its path."
        )
    return found


def installed() -> str | None:
    named = os.environ.get("CHROMIUM")
    if named:
        if shutil.which(named) is None:
            raise CannotStart(f"CHROMIUM is set to {named}, which is no program.")
        return named
    on_path = next((path for path in map(shutil.which, NAMES) if path), None)
    if on_path:
        return on_path
    asked = subprocess.run([sys.executable, "-c", PLAYWRIGHTS_OWN], capture_output=True, text=True, check=False)
    path = asked.stdout.strip()
    return path if path and Path(path).exists() else None


def install() -> None:
    """Debian's as root, which brings its libraries along; otherwise Playwright's. What fails shows in what is then missing."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quietly(["apt-get", "update"])
        if quietly(["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
            return
    quietly([sys.executable, "-m", "playwright", "install", "chromium"])


def quietly(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return done.returncode == 0
