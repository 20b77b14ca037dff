"""The backoffice: a team's owners and admins read their own team's records; superusers read all; nobody writes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from creative_hub.models import Asset, DriveMirror, Folder, TeamDrive
from jobs import clock, submission
from jobs.models import Job, JobEvent, LedgerEntry
from jobs.submission import Order
from tests.api.calling import complete, fail
from tests.conftest import PASSWORD, hashed
from wevion.accounts.backoffice import backoffice
from wevion.accounts.models import ApiKey, Membership, Role, User

ClientOf = Callable[[Membership], Client]
APART = {"jobs.providerhealth", "jobs.unknownoutcome"}  # no team's; and one that superusers write: test_unknown_outcomes.py
MODELS = sorted({model._meta.label_lower for model in backoffice._registry} - APART)
JOBS = "/backoffice/jobs/job/"


def job_for(member: Membership, prompt: str) -> Job:
    return submission.submit(member, Order("image", "local_image", prompt, {"seed": 7}, [25], 900, 1800))


@pytest.fixture
def jobs(alice: Membership, bob: Membership, charlie: Membership) -> dict[str, Job]:
    """Bob's, done and charged; Charlie's, failed."""
    found = {"bob": job_for(bob, "a red bicycle"), "charlie": job_for(charlie, "a secret launch")}
    complete(str(found["bob"].pk))
    fail(str(found["charlie"].pk), "content_rejected")
    for number, member in enumerate((bob, charlie)):
        ApiKey.objects.issue(member, f"key of {member.user.name}")
        TeamDrive.objects.create(team=member.team, shared_drive_id=f"drive-{number}")
        asset = Asset.objects.filter(team=member.team).first() or _filed(member)
        DriveMirror.objects.create(asset=asset, team=member.team)
    return found


def _filed(member: Membership) -> Asset:
    folder = Folder.objects.root_of(member.user, member.team)
    about = {"kind": "image", "mime": "image/png", "bytes": 1, "sha256": "0" * 64, "file": "results/x.png"}
    return Asset.objects.create(team=member.team, owner=member.user, folder=folder, name=f"of {member.user.name}.png", **about)


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def changelist(label: str) -> str:
    return reverse(f"admin:{label.replace('.', '_')}_changelist")


def test_a_team_owner_signs_in_with_the_ordinary_password(alice: Membership) -> None:
    client = Client()
    answer = client.get("/backoffice/", follow=True)
    assert (answer.request["PATH_INFO"], answer.request["QUERY_STRING"]) == ("/login", "next=%2Fbackoffice%2F")
    answer = client.post("/login?next=/backoffice/", {"email": "Alice@example.com", "password": PASSWORD}, follow=True)
    assert (answer.status_code, answer.request["PATH_INFO"]) == (200, "/backoffice/")
    assert "Records" in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.OWNER, Role.ADMIN)])
def test_other_roles_cannot_enter(role: Role, client_of: ClientOf, bob: Membership, jobs: dict[str, Job]) -> None:
    bob.role = role
    bob.save()
    client = client_of(bob)
    for path in ("/backoffice/", JOBS, f"{JOBS}{jobs['bob'].pk}/change/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/backoffice/login/?next={path}")
    answer = client.get("/backoffice/", follow=True)
    assert (answer.status_code, "owners and admins of a team" in answer.content.decode()) == (403, True)


def test_staff_without_a_team_cannot_enter(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create(email="staff@example.com", password=hashed(), is_staff=True))
    assert client.get("/backoffice/").status_code == 302


def test_someone_who_is_no_longer_active_cannot_enter(client_of: ClientOf, alice: Membership) -> None:
    client = client_of(alice)
    User.objects.update(is_active=False)
    assert client.get("/backoffice/").status_code == 302


def test_a_team_owner_sees_the_teams_job_with_timeline_and_ledger(
    client_of: ClientOf, alice: Membership, jobs: dict[str, Job]
) -> None:
    client = client_of(alice)
    assert "a red bicycle" in shown(client, JOBS)
    page = shown(client, f"{JOBS}{jobs['bob'].pk}/change/")
    for event in JobEvent.objects.filter(job=jobs["bob"]):
        assert event.note in page
    assert str(LedgerEntry.objects.get(job=jobs["bob"]).amount_cents) in page
    assert str(jobs["bob"].pk) in page
    assert 'name="_save"' not in page
    assert "deletelink" not in page


def test_what_a_provider_said_is_for_the_backoffice_alone(
    client_of: ClientOf, alice: Membership, bob: Membership, jobs: dict[str, Job]
) -> None:
    with transaction.atomic():
        Job.objects.locked(jobs["bob"].pk).note(
            clock.now(), "Rendering: no answer; trying again in 2 s", "HTTP 503 from upstream"
        )
    page = shown(client_of(alice), f"{JOBS}{jobs['bob'].pk}/change/")
    preview = shown(client_of(bob), f"/creative-hub/jobs/{jobs['bob'].pk}")
    for text in (page, preview):
        assert "Rendering: no answer; trying again in 2 s" in text
    assert ("HTTP 503" in page, "HTTP 503" in preview) == (True, False)


def test_a_hidden_job_is_still_in_the_backoffice(
    client_of: ClientOf, alice: Membership, bob: Membership, jobs: dict[str, Job]
) -> None:
    submission.hide(bob.user, jobs["bob"])
    assert "a red bicycle" in shown(client_of(alice), JOBS)


@pytest.mark.parametrize("label", MODELS)
def test_every_list_and_record_is_of_ones_own_team(
    label: str, client_of: ClientOf, alice: Membership, charlie: Membership, jobs: dict[str, Job]
) -> None:
    client = client_of(alice)
    page = shown(client, changelist(label))
    assert not re.search("charlie|southbank|secret launch", page, re.IGNORECASE)
    model = next(model for model in backoffice._registry if model._meta.label_lower == label)
    own, seen = visible_to(alice, label), 0
    for record in model._default_manager.all():
        path = reverse(f"admin:{label.replace('.', '_')}_change", args=[record.pk])
        answers = [client.get(path), client.get(path.replace("/change/", "/history/"))]
        if record.pk in own:
            seen += 1
            assert [answer.status_code for answer in answers] == [200, 200]
            assert not re.search("charlie|southbank|secret launch", answers[0].content.decode(), re.IGNORECASE)
        else:
            assert [answer.status_code for answer in answers] == [302, 302], path
    assert 0 < seen < model._default_manager.count()


def visible_to(member: Membership, label: str) -> set[Any]:
    model = next(model for model in backoffice._registry if model._meta.label_lower == label)
    path = backoffice._registry[model].team_path  # type: ignore[attr-defined]
    return set(model._default_manager.filter(**{path: member.team_id}).values_list("pk", flat=True))


@pytest.mark.parametrize(
    "query",
    [
        "q=secret",
        "q=charlie",
        "status__exact=failed",
        "error_code=content_rejected",
        "user__email=charlie@example.com",
        "created_at__year={year}&created_at__month={month}",
        "all=",
        "o=-1",
        "delayed_at__isempty=1",
    ],
)
def test_no_search_filter_or_date_leads_to_another_team(
    query: str, client_of: ClientOf, alice: Membership, jobs: dict[str, Job]
) -> None:
    at = jobs["charlie"].created_at
    page = client_of(alice).get(f"{JOBS}?{query.format(year=at.year, month=at.month)}", follow=True).content.decode()
    assert "secret launch" not in page
    assert str(jobs["charlie"].pk) not in page
    assert ">content_rejected</a>" not in page, "not even as a choice of the filter"


def test_a_search_finds_a_job_by_its_id(client_of: ClientOf, alice: Membership, jobs: dict[str, Job]) -> None:
    client = client_of(alice)
    assert "a red bicycle" in shown(client, f"{JOBS}?q={jobs['bob'].pk}")
    assert "secret launch" not in shown(client, f"{JOBS}?q={jobs['charlie'].pk}")
    assert shown(client, f"{JOBS}?q=no-id-at-all")


@pytest.mark.parametrize("who", ["owner", "superuser"])
@pytest.mark.parametrize("label", [label for label in MODELS if label != "creative_hub.teamdrive"])  # owners set theirs up
def test_nobody_can_add_change_or_delete(
    who: str, label: str, client_of: ClientOf, alice: Membership, jobs: dict[str, Job], root: Client
) -> None:
    client = client_of(alice) if who == "owner" else root
    prefix = f"admin:{label.replace('.', '_')}"
    (pk,) = list(visible_to(alice, label))[:1]
    model = next(model for model in backoffice._registry if model._meta.label_lower == label)
    before = list(model._default_manager.order_by("pk").values())
    fields = {field.name: "1" for field in model._meta.fields}
    recorded = label == "jobs.ledgerentry" and who == "superuser"  # payments are: tests/money/test_recording.py
    assert client.post(reverse(f"{prefix}_add"), fields).status_code == (200 if recorded else 403)
    assert client.post(reverse(f"{prefix}_change", args=[pk]), fields).status_code == 403
    assert client.post(reverse(f"{prefix}_delete", args=[pk]), {"post": "yes"}).status_code == 403
    act = {"action": "delete_selected", "_selected_action": [str(pk)], "post": "yes"}
    assert client.post(changelist(label), act).status_code in (200, 302, 403)
    assert list(model._default_manager.order_by("pk").values()) == before


@pytest.fixture
def root(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create(email="root@example.com", password=hashed(), is_staff=True, is_superuser=True))
    return client


def test_a_superuser_sees_every_team(root: Client, jobs: dict[str, Job]) -> None:
    page = shown(root, JOBS)
    assert "a red bicycle" in page
    assert "a secret launch" in page
    for job in jobs.values():
        assert job.prompt in shown(root, f"{JOBS}{job.pk}/change/")


def test_a_secret_is_never_shown(root: Client, jobs: dict[str, Job]) -> None:
    for key in ApiKey.objects.all():
        assert key.secret_hash not in shown(root, reverse("admin:accounts_apikey_change", args=[key.pk]))
    for user in User.objects.all():
        assert user.password not in shown(root, reverse("admin:accounts_user_change", args=[user.pk]))


@pytest.mark.parametrize("label", MODELS)
def test_a_list_takes_the_same_queries_however_long_it_is(
    label: str, root: Client, jobs: dict[str, Job], bob: Membership, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        complete(str(job_for(bob, f"more {number}").pk))
        ApiKey.objects.issue(bob, f"more {number}")
    with django_assert_max_num_queries(14):
        shown(root, changelist(label))


INLINE = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)(?![^>]*type=\"application/json\")|\son[a-z]+=|javascript:", re.IGNORECASE
)


@pytest.mark.parametrize("label", MODELS)
def test_pages_keep_to_the_strict_content_policy(
    label: str, client_of: ClientOf, alice: Membership, root: Client, jobs: dict[str, Job]
) -> None:
    (pk,) = list(visible_to(alice, label))[:1]
    for client in (client_of(alice), root):
        change = reverse(f"admin:{label.replace('.', '_')}_change", args=[pk])
        for path in ("/backoffice/", changelist(label), change, "/backoffice/password_change/"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
            assert not (found := INLINE.search(answer.content.decode())), found
