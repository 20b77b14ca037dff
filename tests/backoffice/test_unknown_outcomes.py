"""A job of which nobody knows whether the vendor made it is raised, and settled by hand."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from PIL import Image

from creative_hub.models import Asset
from jobs import clock, submission
from jobs.models import Job, ProviderHealth, UnknownOutcome
from tests.engine.workshop import order
from wevion.accounts.models import Membership, User


@pytest.fixture
def job(bob: Membership) -> Job:
    job = submission.submit(bob, replace(order(), provider="local_image"))
    with transaction.atomic():
        Job.objects.locked(job.pk).fail("outcome_unknown", "", clock.now())
    job.refresh_from_db()
    return job


@pytest.fixture
def root(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create(email="root@example.com", is_superuser=True, is_staff=True, password="!"))
    return client


def page(job: Job) -> str:
    return reverse("admin:jobs_unknownoutcome_change", args=[job.pk])


def picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return SimpleUploadedFile("vendor.png", out.getvalue())


def test_it_is_raised_with_the_failure(job: Job) -> None:
    assert UnknownOutcome.objects.get().job == job
    assert not UnknownOutcome.objects.get().verdict


def test_settling_records_what_the_vendor_says_and_never_reopens_or_charges(job: Job, root: Client) -> None:
    said = {"verdict": "made", "vendor_cost_cents": "5", "note": "Task 42 on their dashboard"}
    assert root.post(page(job), said).status_code == 302
    job.refresh_from_db()
    outcome = UnknownOutcome.objects.get()
    assert (outcome.verdict, outcome.vendor_cost_cents, str(outcome.settled_by)) == ("made", 5, "root@example.com")
    assert (job.status, job.cost_cents) == ("failed", 0)
    last = job.events.last()
    assert last is not None
    assert "Task 42" in last.note
    assert not job.ledger.exists()


def test_the_file_can_be_filed_in_the_persons_library(job: Job, root: Client, bob: Membership) -> None:
    root.post(page(job), {"verdict": "made", "note": "", "file": picture()})
    asset = Asset.objects.get()
    assert (asset.owner, asset.kind, asset.width) == (bob.user, "image", 8)


def test_what_is_no_media_is_not_kept_and_the_page_says_so(job: Job, root: Client) -> None:
    html = SimpleUploadedFile("x.png", b"<html><script>alert(1)</script>")
    answer = root.post(page(job), {"verdict": "made", "note": "", "file": html}, follow=True)
    assert "The file was not kept" in answer.content.decode()
    assert not Asset.objects.exists()


def test_a_team_admin_may_look_and_a_stranger_not(
    job: Job, alice: Membership, charlie: Membership, client_of: Callable[[Membership], Client]
) -> None:
    assert client_of(alice).get(page(job)).status_code == 200
    assert client_of(alice).post(page(job), {"verdict": "made"}).status_code == 403
    assert client_of(charlie).get(page(job)).status_code == 302


def test_the_breakers_are_shown_to_superusers_alone(
    root: Client, alice: Membership, client_of: Callable[[Membership], Client]
) -> None:
    ProviderHealth.failed("flux_2_pro")
    page = reverse("admin:jobs_providerhealth_changelist")
    assert "flux_2_pro" in root.get(page).content.decode()
    assert "flux_2_pro" not in client_of(alice).get(page).content.decode()
