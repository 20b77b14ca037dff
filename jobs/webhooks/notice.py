"""Mail to a team's owners and admins that one of its webhooks was disabled. The settings page says the same."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from jobs.models import WebhookEndpoint
from wevion.accounts.models import MAY_ADMINISTER, Membership

log = logging.getLogger(__name__)


def tell_admins(endpoint: WebhookEndpoint) -> None:
    """Sends it if the site sends mail. A mail server that is away is a line in the log, and no fault of the webhook."""
    if not settings.SENDS_MAIL:
        return
    members = Membership.objects.filter(team=endpoint.team_id, role__in=MAY_ADMINISTER, user__is_active=True)
    addresses = list(members.values_list("user__email", flat=True))
    link = settings.SITE_URL + reverse("webhook", args=[endpoint.pk])
    body = render_to_string("mail/webhook_disabled.txt", {"endpoint": endpoint, "link": link})
    try:
        for address in addresses:  # one by one: nobody needs to read the others' addresses
            send_mail("A webhook was disabled", body, None, [address])
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail about webhook %s not sent: %s", endpoint.pk, error)
