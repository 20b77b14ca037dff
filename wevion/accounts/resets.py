"""A new password for somebody who forgot theirs: a link by mail, good for one password within an hour."""

import logging
from typing import Final
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpRequest
from kombu.exceptions import OperationalError

from wevion.accounts import guesses

log = logging.getLogger(__name__)

TASK: Final = "accounts.mail_reset"
HOUR_SECONDS: Final = 3600
MOST_MAILS: Final = 3  # to one address in an hour
MOST_ASKED: Final = 20  # from one place in an hour


def ask(request: HttpRequest, email: str) -> None:
    """Lets a worker mail the link, if there is such a person. Raises TooMany for a place that asks too often.

    Whether there is one cannot be seen, not even by how long it takes: nothing is looked up here. Of an address that has
    got its mails for this hour nothing is said: they are there, and any of them works.
    """
    if place := guesses.address_of(request):
        guesses.take({guesses.key("asked", place): MOST_ASKED}, HOUR_SECONDS, "Too many links were asked for from here.")
    try:
        guesses.take({guesses.key("mailed", email.lower()): MOST_MAILS}, HOUR_SECONDS, "")
    except guesses.TooMany:
        return
    try:
        current_app.send_task(TASK, (email,), queue="io", expires=HOUR_SECONDS, argsrepr="(…)")
    except OperationalError as error:
        log.warning("broker away, the mail for a new password is sent at once: %s", error)
        mail(email)


def mail(email: str) -> None:
    """Sends the link to the person with this address who may log in; nothing if there is none. A failure is logged."""
    form = PasswordResetForm({"email": email})
    if form.is_valid():
        form.save(
            domain_override=urlsplit(settings.SITE_URL).netloc,
            subject_template_name="mail/new_password_subject.txt",
            email_template_name="mail/new_password.txt",
            extra_email_context={"site": settings.SITE_URL},
        )
