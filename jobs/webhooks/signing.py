"""Signing secrets and signatures, by the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`.

A secret is derived from SECRET_KEY and the random id of its row, so that it can be had again for signing while the
database holds nothing secret. When SECRET_KEY is replaced, the old one in SECRET_KEY_FALLBACKS goes on signing too.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from jobs import clock
from jobs.models import WebhookEndpoint, WebhookSecret
from wevion.accounts.models import Team

PREFIX = "whsec_"
OLD_ONE_SIGNS_FOR = timedelta(days=1)


def rotate(team: Team, endpoint: WebhookEndpoint | None = None) -> str:
    """A new secret for the endpoint, or for the team's orders; returns it, which is the only time that it is shown.

    The one before signs beside it for a day, so that receivers can be changed without losing a message.
    """
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        now, ours = clock.now(), WebhookSecret.objects.filter(team=team, endpoint=endpoint)
        ours.exclude(expires_at=None).delete()  # at most two sign
        ours.update(expires_at=now + OLD_ONE_SIGNS_FOR)
        made = WebhookSecret.objects.create(team=team, endpoint=endpoint)
    return shown(made)


def shown(secret: WebhookSecret) -> str:
    """The secret as receivers take it: `whsec_` and base64."""
    return _as_shown(derived(secret, settings.SECRET_KEY))


def _as_shown(key: bytes) -> str:
    return PREFIX + base64.b64encode(key).decode()


def live(team: Team, endpoint: WebhookEndpoint | None) -> list[bytes]:
    """All keys that sign now, the current first. Makes the first if there is none yet."""
    ours = WebhookSecret.objects.filter(team=team, endpoint=endpoint)
    rows = list(ours.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now())).order_by("-created_at"))
    if not any(row.expires_at is None for row in rows):
        rotate(team, endpoint)
        return live(team, endpoint)
    return [derived(row, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS) for row in rows]


def derived(secret: WebhookSecret, key: str) -> bytes:
    return hmac.digest(hashlib.sha256(b"webhook secret " + key.encode()).digest(), secret.pk.bytes, "sha256")


def headers(keys: Iterable[bytes], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """`webhook-id`, `webhook-timestamp` (of this attempt) and `webhook-signature`, with one signature for each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = (f"v1,{base64.b64encode(hmac.digest(key, signed, 'sha256')).decode()}" for key in keys)
    return {"webhook-id": message_id, "webhook-timestamp": str(timestamp), "webhook-signature": " ".join(signatures)}


def of_body_alone(keys: Iterable[bytes], body: bytes) -> str:
    """HMAC-SHA256 of the body in hex, for contracts that sign so. The key is the current secret's text, as it was shown."""
    current = next(iter(keys))
    return hmac.digest(_as_shown(current).encode(), body, "sha256").hex()
