"""What a message sets off. One that is lost is a mail that its person asks for again."""

import logging

from celery import shared_task
from django.db import InterfaceError, OperationalError

from wevion.accounts import resets

log = logging.getLogger(__name__)


@shared_task(name=resets.TASK)
def mail_reset(email: str) -> None:
    try:
        resets.mail(email)
    except (OperationalError, InterfaceError) as error:
        log.warning("database away, a mail for a new password was not sent: %s", str(error).strip())
