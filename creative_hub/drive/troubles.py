"""What went wrong at Google Drive, as one of our problems (creative_hub.models.drive.PROBLEMS)."""

import json
from typing import Any, Final

from google.auth.exceptions import GoogleAuthError, RefreshError
from googleapiclient.errors import HttpError as DriveError

from creative_hub.drive.account import NotSetUp
from creative_hub.drive.queue import Trouble
from wevion.http.errors import HttpError, Refused

BUSY: Final = ("rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "sharingRateLimitExceeded")
FULL: Final = ("storageQuotaExceeded", "teamDriveFileLimitExceeded", "numChildrenInNonRootLimitExceeded")
SWITCHED_OFF: Final = ("accessNotConfigured", "SERVICE_DISABLED")
OWNS_NOTHING: Final = "Service Accounts do not have storage quota"


class NotThere(Exception):
    """The drive or folder that the team named does not exist, or is not where it said."""


class NoSession(Exception):
    """Google has forgotten the upload under way."""


def of(error: Exception) -> Trouble | None:
    """None for what is no trouble with Drive but a mistake of ours."""
    match error:
        case NotSetUp():
            return Trouble("not_set_up")
        case NotThere():
            return Trouble("not_found")
        case NoSession():
            return Trouble("failing")
        case DriveError():
            return Trouble(_by_status(int(error.resp.status), *_reason(error)), _retry_after(error))
        case RefreshError():
            return Trouble("failing" if error.retryable else "credentials")
        case Refused():
            return Trouble("refused")
        case HttpError() | GoogleAuthError():
            return Trouble("unreachable")
        case OSError():
            return Trouble("storage")
    return None


def _by_status(status: int, reason: str, message: str) -> str:
    if reason in FULL:
        return "not_shared_drive" if OWNS_NOTHING in message else "full"
    if status == 429 or reason in BUSY:
        return "busy"
    if status >= 500:
        return "failing"
    if reason in SWITCHED_OFF:
        return "switched_off"
    return {401: "credentials", 403: "not_allowed", 404: "not_found"}.get(status, "refused")


def _reason(error: DriveError) -> tuple[str, str]:
    try:
        told: Any = json.loads(error.content)["error"]
        return str(told["errors"][0]["reason"]), str(told.get("message", ""))
    except (ValueError, LookupError, TypeError):
        return "", ""


def _retry_after(error: DriveError) -> float:
    value = str(error.resp.get("retry-after", ""))
    return float(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0
