"""Mail when a job has ended. The row is written with the end, and mail is sent after it; a message only says "look"."""

import logging
import smtplib
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.text import Truncator

from jobs import doorbell
from jobs.models import Job, JobNotice

log = logging.getLogger(__name__)

REST_SECONDS: Final = (60, 300, 1800, 7200, 7200)
"""After each attempt, before the next. The first outlasts a sending: EMAIL_TIMEOUT is for each answer of the server."""
MOST_AT_ONCE: Final = 50


def announce(job: Job) -> None:
    """In the transaction that ends the job: writes a notice if the person wants one, and rings on commit."""
    if settings.SENDS_MAIL and JobNotice.write_for(job):
        doorbell.ring_on_commit("jobs.send_notices", "io")


def ring_for_due() -> None:
    """For the sweeper: a notice whose message was lost, or whose next attempt has come."""
    if JobNotice.objects.due().exists():
        doorbell.ring("jobs.send_notices", "io", expires_seconds=60)


def send_due() -> int:
    """Sends what is due; returns how many mails went out. Several workers may be at it: each notice is one worker's.

    A notice is tried five times within about two and a half hours. One that was sent by a worker which died before it
    could note so is sent again, under the same Message-ID.
    """
    sent = 0
    for _ in range(MOST_AT_ONCE):
        notice = JobNotice.objects.claim(REST_SECONDS)
        if notice is None:
            break
        sent += _send(notice)
    return sent


def _send(notice: JobNotice) -> bool:
    job = Job.objects.select_related("user").get(pk=notice.job_id)
    if not job.user.is_active:
        notice.delete()
        return False
    try:
        message(job).send()
    except (OSError, smtplib.SMTPException) as error:
        log.warning("mail for job %s not sent, attempt %s: %s", job.pk, notice.attempts + 1, error)
        return False
    notice.sent()
    return True


def message(job: Job) -> EmailMessage:
    """The mail: plain text, with the job's link."""
    link = settings.SITE_URL + reverse("job", args=[job.pk])
    about = " ".join(job.prompt.split())
    body = render_to_string(f"mail/job_{job.status}.txt", {"job": job, "link": link, "about": about, "site": settings.SITE_URL})
    ended = {"completed": "Ready", "partial": "Partly ready"}.get(job.status, "Failed")
    subject = f"{ended}: {Truncator(about).chars(60)} ({job.type})" if about else f"{ended}: {job.type}"
    return EmailMessage(
        subject, body, to=[job.user.email], headers={"Message-ID": f"<{job.pk}.ended@{urlsplit(settings.SITE_URL).hostname}>"}
    )
