"""A file's copy in Google Drive: trying again now."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from creative_hub.drive import queue
from creative_hub.models import DriveMirror
from creative_hub.views.choosing import changer
from jobs import doorbell
from wevion.accounts.login import membership_of
from wevion.accounts.views import next_url


@login_required
@require_POST
def try_drive_again(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    """Puts the person's file at the head of the queue; one that is there already stays as it is."""
    own = DriveMirror.objects.filter(asset__owner=membership_of(request).user, asset__deleted_at=None)
    mirror = get_object_or_404(own.select_related("asset"), asset=asset_id)
    changer(request)
    with transaction.atomic():
        if DriveMirror.objects.filter(pk=mirror.pk, mirrored_at=None).update(wake_at=Now(), errors=0):
            doorbell.ring_on_commit(queue.TASK, queue.LANE)
            messages.success(request, f"“{mirror.asset.name}” is being copied to Google Drive.")
    return redirect(next_url(request, reverse("file-view", args=[asset_id])))
