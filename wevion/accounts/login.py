"""Who is asking: what a page that refreshes itself gets when its session has ended, and whose team a page is about."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from wevion.accounts.models import Membership

Handler = Callable[[HttpRequest], HttpResponse]


def htmx_login(get_response: Handler) -> Handler:
    """A redirect to the login page, asked for by htmx, becomes 401 with `HX-Redirect`: the whole page goes there, and comes back.

    Left alone, the fetch would follow the redirect and put the login form where the list was. Stands after HtmxMiddleware.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        htmx = getattr(request, "htmx", None)
        if htmx and response.status_code == 302 and response["Location"].split("?")[0] == login:
            response.status_code = 401
            response["HX-Redirect"] = f"{login}?{urlencode({'next': htmx.current_url_abs_path or '/'})}"
            del response["Location"]
        return response

    return middleware


def membership_of(request: HttpRequest) -> Membership:
    """The signed-in person's membership. Raises PermissionDenied for an account that is in no team, as a superuser may be."""
    member: Membership | None = getattr(request.user, "membership", None)
    if member is None:
        raise PermissionDenied("Your account is not in a team yet, so there is no Creative Hub to show.")
    return member
