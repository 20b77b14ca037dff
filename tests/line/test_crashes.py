"""A worker killed with SIGKILL in the middle of a job: the job still finishes, and is charged once."""

import pytest

from creative_hub.models import Asset
from creative_hub.orders import ORDERS
from jobs import submission
from jobs.models import Item, ItemRun, Job, LedgerEntry
from tests.processes import Stack, wait_until
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def submitted(member: Membership, job_type: str, **fields: object) -> Job:
    order = ORDERS[job_type](data=fields, context={"membership": member})
    order.is_valid(raise_exception=True)
    return submission.submit(member, order.order())


def test_a_worker_killed_in_the_middle_of_a_render_loses_nothing(stack: Stack, bob: Membership) -> None:
    job = submitted(bob, "video", prompt="sunset over mountains", duration=5, aspect_ratio="1:1")
    wait_until(lambda: Item.objects.filter(job=job, progress_percent__gt=5).exists(), 90, "some progress")
    stack.kill("media")
    progress = Job.objects.get(pk=job.pk).progress_percent
    stack.restart("media")
    wait_until(lambda: not Job.objects.get(pk=job.pk).is_active, 240, "the end of the job")
    job.refresh_from_db()
    assert (job.status, job.error_message) == ("completed", "")
    assert job.progress_percent == 100 >= progress
    assert LedgerEntry.objects.filter(job=job).count() == 1
    assert Asset.objects.filter(item__job=job).count() == 1
    assert not ItemRun.objects.exists()
    assert sum(event.to_status == "completed" and event.is_transition for event in job.events.all()) == 1


def test_without_an_io_worker_the_poller_admits_and_rings_by_itself(stack: Stack, bob: Membership) -> None:
    """The message of the submit is for the io lane, and nobody is there to hear it."""
    stack.kill("io")
    job = submitted(bob, "tts", text="Hello there")
    wait_until(lambda: not Job.objects.get(pk=job.pk).is_active, 60, "the end of the job")
    assert Job.objects.get(pk=job.pk).status == "completed"
