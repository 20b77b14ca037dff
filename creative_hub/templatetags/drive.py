"""How far a file's copy in Google Drive has come."""

from typing import Any

from django import template
from django.template.context import RequestContext

from creative_hub.models import Asset, DriveMirror

register = template.Library()


@register.inclusion_tag("hub/_drive.html", takes_context=True)
def drive_mirror(context: RequestContext, asset: Asset) -> dict[str, Any]:
    """One line with a link, the time of the next try, or the reason; nothing for a team without a drive, or a file taken down."""
    mirror = DriveMirror.objects.filter(asset=asset, asset__taken_down_at=None).select_related("team__drive").first()
    place = getattr(mirror.team, "drive", None) if mirror else None
    if mirror and not mirror.mirrored_at and not (place and place.enabled):
        mirror = None  # the copying was switched off meanwhile
    return {"mirror": mirror, "asset": asset, "request": context["request"], "csrf_token": context.get("csrf_token")}
