"""Light or dark: a cookie, so that the server can send the page in the right colours."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.views.decorators.http import require_POST

from wevion.accounts.views import next_url

YEAR_SECONDS: Final = 365 * 24 * 3600


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Without JavaScript: turns to the other one, dark when none was chosen, and goes back to `next`."""
    response = redirect(next_url(request, resolve_url("hub")))
    other = "light" if request.COOKIES.get("theme") == "dark" else "dark"
    response.set_cookie("theme", other, max_age=YEAR_SECONDS, samesite="Lax", secure=request.is_secure())
    return response
