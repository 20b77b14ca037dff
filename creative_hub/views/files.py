"""The bytes of files, to their owner."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from creative_hub.models import Asset
from creative_hub.storage.serving import send
from wevion.accounts.models import User


@login_required
@require_safe
def file(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    """Shown in place. The address never changes, so that a page that refreshes does not restart a playing video."""
    asset = _own(request, asset_id)
    return send(request, str(asset.file), asset.mime, asset.name, etag=asset.sha256)


@login_required
@require_safe
def download(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    asset = _own(request, asset_id)
    return send(request, str(asset.file), asset.mime, asset.name, download=True, etag=asset.sha256)


@login_required
@require_safe
def thumbnail(request: HttpRequest, asset_id: UUID) -> HttpResponseBase:
    asset = _own(request, asset_id)
    if not asset.thumbnail:
        raise Http404
    return send(request, str(asset.thumbnail), "image/webp", f"{asset.name}.webp")


def _own(request: HttpRequest, asset_id: UUID) -> Asset:
    assert isinstance(request.user, User)
    return get_object_or_404(Asset.objects.of(request.user), pk=asset_id)
