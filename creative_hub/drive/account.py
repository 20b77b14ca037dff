"""The service account in whose name files are brought to Drive."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings


class NotSetUp(Exception):
    """There is no service account here, or its key cannot be read."""


def key() -> dict[str, Any]:
    """The account's key, from the setting that holds it or a path to it. Raises NotSetUp, which says nothing of what it holds."""
    account = settings.DRIVE_SERVICE_ACCOUNT
    if not account:
        raise NotSetUp("no service account")
    try:
        found = json.loads(account if account.lstrip().startswith("{") else Path(account).read_text())
        return {**found, "client_email": str(found["client_email"]), "token_uri": str(found["token_uri"])}
    except (OSError, ValueError, LookupError, TypeError):
        raise NotSetUp("the service account's key cannot be read") from None


def account_email() -> str:
    """Whom a shared drive's manager has to invite; empty when nobody is set up."""
    try:
        return str(key()["client_email"])
    except NotSetUp:
        return ""
