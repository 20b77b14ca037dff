"""The end of a media worker's process that has gone silent.

Native code that hangs, in a decoder say, hears no signal of Python's, and its lease runs out without freeing the process. So
whoever works there has to say so now and then, which progress does by itself; a process that says nothing for too long ends,
with the place where it stood in the log, and the pool starts another. The item is found again by its lease.
"""

import faulthandler
import sys
from typing import Final

LIMIT_SECONDS: Final = 120.0  # far beyond every lease: nobody waits for this worker any more
_watched = False


def watch() -> None:
    """Call it once in a process that does one task at a time. Elsewhere `heard` and `over` do nothing."""
    global _watched
    _watched = True


def heard(limit_seconds: float = LIMIT_SECONDS) -> None:
    """A task begins, or goes on: the silence is counted anew."""
    if _watched:
        faulthandler.dump_traceback_later(limit_seconds, exit=True, file=sys.__stderr__ or 2)


def over() -> None:
    """The task has ended."""
    if _watched:
        faulthandler.cancel_dump_traceback_later()
