"""Who runs PostgreSQL, which refuses to run as root: `nobody` then, and where that account can get to.

A checkout below a private folder (root's home) is out of its reach, and opening the way would mean changing permissions that
are not ours. What it needs is then kept below /var/lib: the data, with a link to it in `var`, and a copy of the programs.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from wevion.embedded.addresses import digest
from wevion.embedded.errors import CannotStart
from wevion.embedded.process import run_as

STATE = Path("/var/lib/wevion")  # not a temporary folder: those are swept by age, and a database has old files


def unprivileged() -> pwd.struct_passwd | None:
    """The account for PostgreSQL; None when we are an ordinary user, who runs it himself."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise CannotStart("As root, PostgreSQL needs an account named nobody to run as; or set DATABASE_URL.") from None


def reaches(account: pwd.struct_passwd | None, path: Path) -> bool:
    """Whether the account may enter this folder or run this program, asked of the system by a process of its own."""
    return account is None or run_as(account, ["/bin/sh", "-c", 'test -x "$1"', "sh", path]).returncode == 0


def data_folder(var: Path, account: pwd.struct_passwd | None) -> Path:
    """`var/postgres`, or where its link leads: a folder below /var/lib when the account cannot get to `var`."""
    inside, outside = var / "postgres", STATE / digest(var) / "postgres"
    if inside.is_symlink():
        if inside.readlink() == outside:
            return outside
        inside.unlink()  # a copied or moved checkout: that data is another's
    if reaches(account, var):
        return inside
    if inside.exists():
        raise CannotStart(
            f"The account nobody cannot get to {inside}; make the folders above it passable or run as another user."
        )
    if outside.exists():
        shutil.rmtree(outside)  # `var` was deleted, and with it the link: its data goes too
    outside.parent.mkdir(parents=True, exist_ok=True)
    for folder in (STATE, outside.parent):
        folder.chmod(0o755)
    inside.symlink_to(outside)
    return outside


def programs(folder: Path, version: str, account: pwd.struct_passwd | None) -> Path:
    """The wheel's folder itself, or a copy of it that the account can run programs from."""
    if account is None or run_as(account, ["/bin/sh", "-c", '"$1" --version', "sh", folder / "bin" / "initdb"]).returncode == 0:
        return folder
    copy = STATE / f"postgresql-{version}"
    package = folder.parent
    if not copy.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        STATE.chmod(0o755)
        made = Path(tempfile.mkdtemp(dir=STATE))
        shutil.copytree(folder, made / package.name / folder.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # where the programs look for them, relative to themselves
        if libraries.exists():
            shutil.copytree(libraries, made / libraries.name, symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", made], check=True)
        try:
            made.rename(copy)
        except OSError:  # another checkout was first; one copy is enough
            shutil.rmtree(made)
    return copy / package.name / folder.name
