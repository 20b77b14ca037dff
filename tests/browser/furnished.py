"""A team in which everything has happened once, and the addresses of the pages that show it."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from creative_hub.catalog import TYPES
from creative_hub.library import tree
from creative_hub.library.tree import Selection
from creative_hub.models import Asset, CampaignDraft, DriveMirror, TeamDrive
from jobs import clock
from jobs.models import Job, WebhookEvent
from jobs.webhooks import endpoints
from tests.api.calling import complete
from tests.library.conftest import Put, picture, subfolder
from tests.pages.making import fail, make, start
from tests.pages.test_settings_invitations import invited
from wevion.accounts.models import ApiKey, Membership

KINDS = {"sea.png": "image", "waves.png": "video", "voice.png": "audio", "terms.png": "document"}
PREVIEWED = ("processing", "completed", "partial", "refused")


def library(alice: Membership, put: Put) -> list[str]:
    """Folders, a file of each kind, the question of each act, the trash, and drafts of campaigns."""
    TeamDrive.objects.create(team=alice.team, shared_drive_id="0AbcdefghijkUk9PVA")
    folder = subfolder(alice, "Summer")
    files = [put(alice, name) for name in KINDS]
    for file, kind in zip(files, KINDS.values(), strict=True):
        Asset.objects.filter(pk=file.pk).update(kind=kind)
    DriveMirror.objects.update_or_create(asset=files[0], team=alice.team, defaults={"errors": 1, "problem": "full"})
    tree.trash(alice.user, Selection([put(alice, "old.png")], [subfolder(alice, "Old")]))
    draft = CampaignDraft.objects.create(team=alice.team, owner=alice.user, name="June sale")
    draft.creatives.create(asset=files[0], position=0)
    hub, both = "/creative-hub", f"file={files[0].pk}&folder={folder.pk}"
    shown = ["/", f"/folders/{folder.pk}", "/?q=nothing", "/trash", f"/rename?file={files[0].pk}"]
    shown += [f"/move?{both}", f"/delete?{both}", *(f"/files/{file.pk}/view" for file in files)]
    campaigns = ["", f"/new?asset={files[0].pk}", f"/{draft.pk}"]
    return [*(hub + path for path in shown), *("/campaign-creator" + path for path in campaigns)]


def jobs_of(alice: Membership) -> dict[str, Job]:
    """One in each status, by its name."""
    jobs = {name: make(alice, f"a harbour, {name}") for name in ("pending", "delayed", "processing", "completed", "cancelled")}
    jobs |= {"partial": make(alice, "two bicycles", num_variants=2), "failed": make(alice, "x"), "refused": make(alice, "gore")}
    start(jobs["processing"])
    complete(str(jobs["completed"].pk), picture())
    complete(str(jobs["partial"].pk), picture(), lost=(1,))
    fail(jobs["failed"])
    fail(jobs["refused"], "content_rejected")
    with transaction.atomic():
        Job.objects.locked(jobs["cancelled"].pk).cancel(clock.now(), "")
        Job.objects.locked(jobs["delayed"].pk).mark_delayed(clock.now())
    return jobs


def work(alice: Membership) -> list[str]:
    """The panel and each of its jobs, the form of each type, and what the dashboard and billing make of them."""
    jobs = jobs_of(alice)
    panel = "/creative-hub/jobs"
    shown = [panel, f"{panel}?q=nothing", f"{panel}?since=x", *(f"{panel}/{jobs[name].pk}" for name in PREVIEWED)]
    shown += [f"/creative-hub/generate/{job_type}" for job_type in TYPES]
    shown += [f"/creative-hub/generate/image?from={jobs['refused'].pk}", "/dashboard", "/dashboard?of=team"]
    return [*shown, "/settings/team/billing", "/help"]


def settings_of(alice: Membership, bob: Membership, client: Client) -> list[str]:
    """Of the person, and of the team with its keys and webhooks."""
    endpoint, _ = endpoints.add(alice, "https://hooks.example.com/wevion", WebhookEvent.values, "Import")
    endpoints.test(endpoint)
    ApiKey.objects.issue(alice, "Nightly renders")
    invited(client, "erin@example.com")
    team = ["", f"/members/{bob.pk}", "/api-keys", "/webhooks", f"/webhooks/{endpoint.pk}", "/webhooks/orders"]
    return ["/settings/profile", "/settings/password", *("/settings/team" + path for path in team)]


def doors(bob: Membership, client: Client) -> list[str]:
    """What somebody sees who is not signed in."""
    link = f"{urlsafe_base64_encode(force_bytes(bob.user.pk))}/{default_token_generator.make_token(bob.user)}"
    forgotten = ["", "/forgotten", "/forgotten/sent", "/new-password/done", "/new-password/x/y", f"/new-password/{link}"]
    return [*("/login" + path for path in forgotten), "/invitations/gone", invited(client)]
