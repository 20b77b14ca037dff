"""What a renderer must not leave behind."""

import psutil


def left_running() -> list[str]:
    """The commands of this process's children, but for servers that other tests keep for the whole session."""
    found = []
    for child in psutil.Process().children(recursive=True):
        try:
            command = " ".join(child.cmdline())
        except psutil.NoSuchProcess:
            continue
        if "moto.server" not in command and child.status() != psutil.STATUS_ZOMBIE:
            found.append(command)
    return found
