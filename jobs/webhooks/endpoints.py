"""What owners and admins do with their team's endpoints: the page and the API alike."""

from collections.abc import Sequence

from django.conf import settings

from jobs import clock
from jobs.models import WebhookDelivery, WebhookEndpoint
from jobs.models.webhook import TEST
from jobs.webhooks import outbox, signing
from wevion.accounts.models import Membership
from wevion.http.errors import Refused
from wevion.http.guard import check_url
from wevion.refusal import Refusal

MOST = 20
MAX_URL_CHARS = 2000


class TooManyWebhooks(Refusal):
    status = 409
    code = "too_many_webhooks"


class WebhookDisabled(Refusal):
    status = 409
    code = "webhook_disabled"


def problem_of(url: str) -> str:
    """Why we would not post to this address, by its look alone; empty if we would. Sending checks what it resolves to."""
    if len(url) > MAX_URL_CHARS:
        return f"An address may have at most {MAX_URL_CHARS:,} characters."
    try:
        check_url(url, allow=settings.HTTP_ALLOW_PRIVATE)
    except Refused as error:
        return f"This address cannot be used: {error}."
    return ""


def add(member: Membership, url: str, events: Sequence[str], description: str = "") -> tuple[WebhookEndpoint, str]:
    """A new endpoint of the member's team, and its secret, which is not shown again. Raises TooManyWebhooks."""
    if WebhookEndpoint.objects.filter(team=member.team).count() >= MOST:
        raise TooManyWebhooks(f"A team can have {MOST} webhooks. Delete one that is not needed any more.")
    made = WebhookEndpoint.objects.create(
        team=member.team, url=url, events=list(events), description=description, created_by=member.user
    )
    return made, signing.rotate(member.team, made)


def switch(endpoint: WebhookEndpoint, on: bool, by: Membership) -> None:
    """Turns it on or off by hand. Safe to call twice."""
    if on and not endpoint.enabled:
        endpoint.turn_on()
    elif not on and endpoint.enabled:
        endpoint.turn_off(f"Disabled by {by.user}."[:200], clock.now())


def test(endpoint: WebhookEndpoint) -> WebhookDelivery:
    """Sends a test event. Raises WebhookDisabled."""
    _require_enabled(endpoint)
    return outbox.queue_test(endpoint, TEST)


def replay(delivery: WebhookDelivery) -> None:
    """Sends the event again now, under the same id. Raises WebhookDisabled."""
    if delivery.endpoint:
        _require_enabled(delivery.endpoint)
    outbox.replay(delivery)


def _require_enabled(endpoint: WebhookEndpoint) -> None:
    if not endpoint.enabled:
        raise WebhookDisabled("This webhook is disabled. Enable it first.")
