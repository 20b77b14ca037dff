"""Jobs in every state, made by the product's own doors."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from creative_hub.orders import ORDERS
from jobs import clock, submission
from jobs.models import ItemRun, Job
from wevion.accounts.models import Membership

AUTHENTICATION_QUERIES = 2  # the session, and its person
HTMX = {"HX-Request": "true"}


def make(member: Membership, prompt: str = "a red bicycle by the sea", **fields: Any) -> Job:
    """A pending image job on the local renderer."""
    form = ORDERS["image"](data={"prompt": prompt, **fields}, context={"membership": member})
    form.is_valid(raise_exception=True)
    return submission.submit(member, form.order())


def made_at(at: datetime, member: Membership, prompt: str) -> Job:
    """A job as of another time: within a test, the database's clock stands still."""
    job = make(member, prompt)
    Job.objects.filter(pk=job.pk).update(created_at=at)
    job.refresh_from_db()
    return job


def start(job: Job) -> Job:
    with transaction.atomic():
        running = Job.objects.locked(job.pk)
        running.start(clock.now())
        running.items.update(progress_percent=40)
        Job.objects.filter(pk=job.pk).update(progress_percent=40, current_stage="rendering")
    running.refresh_from_db()
    return running


def fail(job: Job, code: str = "provider_timeout") -> Job:
    with transaction.atomic():
        ItemRun.objects.filter(item__job=job).delete()
        failed = Job.objects.locked(job.pk)
        failed.fail(code, "", clock.now())
    return failed


def page(response: Any) -> str:
    """The answer's text, with runs of white space as one space."""
    content: bytes = response.content
    return " ".join(content.decode().split())


def queries_after_login(client: Client, url: str) -> tuple[Any, int]:
    """A poll, and how many queries it took beyond finding out who asks."""
    with CaptureQueriesContext(connection) as caught:
        response = client.get(url, headers=HTMX)
    return response, len(caught) - AUTHENTICATION_QUERIES
