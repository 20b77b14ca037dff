"""From a bare checkout and a Python: the virtual environment and the packages, then the command in it.

Run as a script by the system's Python, so it needs the standard library only. A second run finds stamps and does nothing.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Wheels only, so that no compiler is ever needed: every pinned package has them for the platforms we run on.
# Not compiled: of the large ones (Google's, Amazon's) we import a few modules, and Python compiles those when they are.
PIP = [str(PYTHON), "-m", "pip", "install", "--only-binary=:all:", "--no-compile", "--disable-pip-version-check", "--no-input"]
PIP += ["--retries", "2"]
UV = "uv==0.13.9"
FILES = {
    "run": ["requirements.txt", "requirements-servers.txt"],
    "test": ["requirements-dev.txt", "requirements-servers.txt"],
    "lint": ["requirements-dev.txt", "requirements-servers.txt"],
    "chaos": ["requirements-dev.txt", "requirements-servers.txt"],
    "fuzz": ["requirements-dev.txt", "requirements-servers.txt"],
    "soak": ["requirements-dev.txt", "requirements-servers.txt"],
    "bench": ["requirements-dev.txt", "requirements-servers.txt", "requirements-bench.txt"],
}
MODULES = {"chaos": "bench.chaos", "fuzz": "bench.fuzz", "soak": "bench.soak", "bench": "bench.figures"}  # others: wevion.stack's
UNREACHABLE = ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "ProxyError", "Max retries exceeded")


def main(arguments: list[str]) -> None:
    command = arguments[0]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    try:
        (ROOT / "var").mkdir(exist_ok=True)
        with (ROOT / "var" / "bootstrap.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # two commands at once: the second waits, and finds the work done
            make_environment()
            for name in FILES.get(command, FILES["run"]):
                install(ROOT / name)
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    except OSError as error:
        sys.exit(f"This checkout cannot be prepared: {error}")
    os.chdir(ROOT)
    # Set in many containers. Each of our processes would compile all its packages anew: 7 seconds of processor time, not 2.6.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    words = [MODULES[command], *arguments[1:]] if command in MODULES else ["wevion.stack", *arguments]
    os.execv(PYTHON, [str(PYTHON), "-m", *words])  # noqa: S606 -- our own interpreter, no shell


def make_environment() -> None:
    """`.venv`, unless there is one that works; a half-made or moved one, or one of an old Python, is made anew."""
    if PYTHON.exists() and works("import pip, sys; sys.exit(sys.version_info < (3, 11))"):
        return
    say("Creating .venv …")
    done = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        if "ensurepip" in done.stdout or "No module named venv" in done.stdout:
            sys.exit(f"{sys.executable} has no venv module. On Debian and Ubuntu: apt-get install python3-venv")
        sys.exit(f"The virtual environment could not be made: {last_line(done.stdout)}")


def works(code: str) -> bool:
    return subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False).returncode == 0


def install(requirements: Path) -> None:
    """The packages of this file, unless its stamp says that they are there."""
    stamp, wanted = VENV / f".installed-{requirements.name}", fingerprint(requirements)
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"Installing {requirements.name} …")
    if not installed_by_uv(requirements):
        done = run([*PIP, "-r", str(requirements)])
        if done.returncode:
            log = ROOT / "var" / "pip.log"
            log.write_text(done.stdout)
            sys.exit(f"{requirements.name} could not be installed: {cause(done.stdout)} (log: var/{log.name})")
    stamp.write_text(wanted)


def installed_by_uv(requirements: Path) -> bool:
    """In seconds, where pip takes minutes. False where it does not get on: only pip knows an index that is set up for pip."""
    uv = VENV / "bin" / "uv"
    if not uv.exists() and run([*PIP, UV]).returncode:
        return False
    words = ["pip", "install", "--python", str(PYTHON), "--system-certs", "--only-binary", ":all:", "-r", str(requirements)]
    return run([str(uv), *words]).returncode == 0


def fingerprint(requirements: Path) -> str:
    """Changes with the file, and with the files it includes."""
    text = requirements.read_text()
    included = [fingerprint(ROOT / line[3:].strip()) for line in text.splitlines() if line.startswith(("-r ", "-c "))]
    return hashlib.sha256("\n".join([text, *included]).encode()).hexdigest()


def cause(output: str) -> str:
    if any(sign in output for sign in UNREACHABLE):
        return "the package index cannot be reached"
    errors = [line for line in output.splitlines() if line.startswith("ERROR: ")]
    return errors[-1][len("ERROR: ") :] if errors else last_line(output)


def last_line(output: str) -> str:
    return (output.strip().splitlines() or ["no reason was given"])[-1]


def run(command: list[str]) -> subprocess.CompletedProcess[str]:
    """To its end, or ended with us."""
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    return subprocess.CompletedProcess(command, process.returncode, output)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
