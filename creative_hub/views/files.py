"""The bytes of files, to their owner."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from creative_hub.models import Asset
from creative_hub.models.asset import TakenDown
from creative_hub.storage.serving import send
from wevion.accounts.models import User


def unless_taken_down(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answers 451, in words, for a file that an admin took down."""

    @wraps(view)
    def shown(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
        try:
            return view(request, asset_id)
        except TakenDown:
            return render(request, "451.html", status=451)

    return shown


@login_required
@require_safe
@unless_taken_down
def file(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    """Shown in place. The address never changes, so that a page that refreshes does not restart a playing video."""
    asset = _own(request, asset_id)
    return send(request, str(asset.file), asset.mime, asset.name, etag=asset.sha256)


@login_required
@require_safe
@unless_taken_down
def download(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    asset = _own(request, asset_id)
    return send(request, str(asset.file), asset.mime, asset.name, download=True, etag=asset.sha256)


@login_required
@require_safe
@unless_taken_down
def thumbnail(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    asset = _own(request, asset_id, trash=True)  # whose page shows them
    if not asset.thumbnail:
        raise Http404
    return send(request, str(asset.thumbnail), "image/webp", f"{asset.name}.webp")


def _own(request: HttpRequest, asset_id: UUID, *, trash: bool = False) -> Asset:
    assert isinstance(request.user, User)
    own = Asset.objects.filter(owner=request.user, purged_at=None) if trash else Asset.objects.of(request.user)
    asset = get_object_or_404(own, pk=asset_id)
    asset.require_shown()
    return asset
