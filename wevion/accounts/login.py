"""Who is asking: what somebody gets whose session has ended, and whose team a page is about."""

from collections.abc import Callable
from urllib.parse import SplitResult, urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from wevion.accounts.models import Membership

Handler = Callable[[HttpRequest], HttpResponse]


def login_redirects(get_response: Handler) -> Handler:
    """What becomes of a redirect to the login page where following it would lose something. Stands after HtmxMiddleware.

    A poll is told where to log in (401 with `Login-At`), and the page stays as it is, with all that is typed in it. For any
    other htmx request the whole page goes there (401 with `HX-Redirect`): left alone, the fetch would put the login form
    where the list was. After a form that was posted the way back leads to the page it stood on, since its own address need
    not be one that can be looked at.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        if response.status_code != 302 or not response["Location"].startswith(f"{login}?"):
            return response
        if getattr(request, "htmx", None):
            header = "Login-At" if "X-Poll" in request.headers else "HX-Redirect"
            response.status_code = 401
            response[header] = _login(login, _came_from(request, "HX-Current-URL"))
            del response["Location"]
        elif request.method not in ("GET", "HEAD"):
            response["Location"] = _login(login, _came_from(request, "Referer"))
        return response

    return middleware


def _login(address: str, then: str) -> str:
    return f"{address}?{urlencode({'next': then or '/'})}"


def _came_from(request: HttpRequest, header: str) -> str:
    """The path of the page on this site from which the request came; empty if the browser does not say."""
    page = page_of(request, header)
    return page._replace(scheme="", netloc="", fragment="").geturl() if page.netloc == request.get_host() else ""


def page_of(request: HttpRequest, header: str) -> SplitResult:
    """The page's address that the header gives; an empty one if it gives none, or something else."""
    try:
        return urlsplit(request.headers.get(header, ""))
    except ValueError:
        return urlsplit("")


def membership_of(request: HttpRequest) -> Membership:
    """The signed-in person's membership. Raises PermissionDenied for an account that is in no team, as a superuser may be."""
    member: Membership | None = getattr(request.user, "membership", None)
    if member is None:
        raise PermissionDenied("Your account is not in a team yet, so there is no Creative Hub to show.")
    return member
