"""Brings one file into its team's drive, or a part of the way."""

import logging
import time
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError

from creative_hub.drive import queue, remote, troubles
from creative_hub.drive.queue import Claim, Lost, Trouble
from creative_hub.drive.troubles import NoSession
from creative_hub.models import DriveMirror, TeamDrive
from creative_hub.models.drive import PROBLEMS

log = logging.getLogger(__name__)

TURN_SECONDS = 20.0  # then the worker is free for a job, and the upload goes on at its next turn
DATABASE_AWAY = (OperationalError, InterfaceError, InternalError)


def mirror_next() -> bool:
    """Claims the file that has waited longest and takes it to the drive. False if none is due.

    Raises only what the database does: every trouble with Drive is written on the row, and tried again in its time.
    """
    claim = queue.claim()
    if claim is None:
        return False
    mirror = DriveMirror.objects.select_related("asset__folder", "team__drive").get(pk=claim.mirror)
    try:
        _take(claim, mirror)
    except Lost:
        log.warning("the mirror of %s was taken over; this attempt's work is dropped", mirror.asset_id)
    except DATABASE_AWAY:
        raise
    except Exception as error:
        _put_off(claim, mirror, error)
    queue.ring_for_due()
    return True


def _take(claim: Claim, mirror: DriveMirror) -> None:
    if mirror.asset.deleted_at or mirror.asset.taken_down_at:
        queue.drop(claim, mirror.asset_id)
        return
    found = _found(mirror) or _uploaded(claim, mirror, mirror.team.drive)
    if found:
        queue.finish(claim, found["id"], found.get("webViewLink", ""))
    else:
        queue.go_on_later(claim)


def _found(mirror: DriveMirror) -> dict[str, Any] | None:
    """An earlier attempt's work, where that ended without our hearing of it."""
    tried = mirror.attempt > 1 and not mirror.session
    return remote.find(mirror.team.drive, "asset", mirror.asset_id) if tried else None


def _uploaded(claim: Claim, mirror: DriveMirror, place: TeamDrive) -> Any:
    until = time.monotonic() + TURN_SECONDS

    def go_on() -> bool:
        claim.renew()
        return time.monotonic() < until

    parent = "" if mirror.session else remote.counterpart(place, mirror.asset.folder)
    return remote.upload(mirror.asset, parent, mirror.session, lambda session: claim.write(session=session), go_on)


def _put_off(claim: Claim, mirror: DriveMirror, error: Exception) -> None:
    trouble = troubles.of(error)
    if trouble is None:
        log.error("mirroring %s broke", mirror.asset_id, exc_info=error)
        trouble = Trouble("refused")
    else:
        log.warning("mirroring %s: %s: %s", mirror.asset_id, trouble.problem, type(error).__name__)
    keep = PROBLEMS[trouble.problem].passing and not isinstance(error, NoSession)
    queue.postpone(claim, trouble, mirror.errors, keep_session=keep)
