"""The page of one file: shown, its facts, where it came from, and the files beside it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from creative_hub.library import browsing
from creative_hub.models import Asset, CampaignDraft
from creative_hub.storage import formats
from creative_hub.views.hub import sort_of
from wevion.accounts.login import membership_of


@never_cache
@login_required
@require_GET
def file_page(request: HttpRequest, asset_id: UUID) -> HttpResponse:
    member = membership_of(request)
    mine = Asset.objects.of(member.user)
    asset = get_object_or_404(mine.select_related("folder", "item__job"), pk=asset_id)
    before, after = browsing.neighbours(mine.filter(folder=asset.folder), sort_of(request), asset)
    context = {
        "section": "hub",
        "asset": asset,
        "crumbs": [*asset.folder.path(), asset],
        "job": asset.item.job if asset.item else None,
        "playback_note": formats.playback_note(asset.codec),
        "before": before,
        "after": after,
        "drafts": CampaignDraft.objects.of(member.user).showing(mine.filter(pk=asset.pk)),
        "may_change": member.may_generate,
        "fits_a_campaign": asset.kind in ("image", "video"),
    }
    return render(request, "hub/file.html", context)
