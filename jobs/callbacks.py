"""Provider callbacks: a nudge to look in now rather than later. The truth stays with the look.

Nothing in a callback is read. Its address carries a token of ours that only the provider was given, so a forged one
finds no run; a repeated, late or early one finds nothing to hasten, or hastens a look that does no harm.
"""

from django.conf import settings
from django.core import signing
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

SALT = "jobs.callback"

NUDGE = """
UPDATE jobs_itemrun SET wake_at = now()
 WHERE item_id = %s AND lane = 'poll' AND wake_at > now() AND lease_until IS NULL
"""


def address(item_id: int) -> str:
    """Where a provider may call back about the item; empty where the site has no public https address."""
    if not settings.SITE_URL.startswith("https://"):
        return ""
    token = signing.Signer(salt=SALT).sign(str(item_id))
    return settings.SITE_URL.rstrip("/") + reverse("callback", args=[token])


def nudge(item_id: int) -> bool:
    """Lets the poller look in at once. False if there was nothing to hasten."""
    with connection.cursor() as cursor:
        cursor.execute(NUDGE, [item_id])
        return bool(cursor.rowcount)


@csrf_exempt
@require_POST
def callback(request: HttpRequest, token: str) -> HttpResponse:
    """204 for a token of ours, whatever the body says; 404 for any other."""
    try:
        nudge(int(signing.Signer(salt=SALT).unsign(token)))
    except (signing.BadSignature, ValueError):
        raise Http404 from None
    return HttpResponse(status=204)
