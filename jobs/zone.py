"""The time zone of the person who looks, as the browser names it in a cookie (static/js/times.js); UTC until it has."""

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest

COOKIE = "tz"
UTC = ZoneInfo("UTC")


def zone_of(request: HttpRequest) -> ZoneInfo:
    """Never raises: a name that is no time zone counts as none."""
    name = request.COOKIES.get(COOKIE, "")
    return ZoneInfo(name) if name in _known() else UTC


@cache
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
