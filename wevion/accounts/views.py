"""Logging in and out, and the page for a form that could not be trusted."""

from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from wevion.accounts import guesses
from wevion.accounts.models import User

WRONG = "That e-mail address and password do not go together. Check both, and try again."


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The login page. Afterwards goes to `next`, if it is an address of this site."""
    following = next_url(request, resolve_url("hub"))
    if request.method != "POST":
        return (
            redirect(following) if request.user.is_authenticated else render(request, "accounts/login.html", {"next": following})
        )
    email = request.POST.get("email", "").replace("\x00", "").strip()
    password = request.POST.get("password", "")
    shown: dict[str, object] = {"next": following, "email": email}
    try:
        user = guesses.counted(request, email, lambda: authenticate(request, username=email, password=password))
    except guesses.TooMany as many:
        response = render(request, "accounts/login.html", shown | {"error": many.message}, status=429)
        response["Retry-After"] = many.details["retry_after_seconds"]
        return response
    if not isinstance(user, User):
        return render(request, "accounts/login.html", shown | {"error": WRONG}, status=422)
    return welcome(request, user, following)


def welcome(request: HttpRequest, user: User, to: str) -> HttpResponse:
    """Logs the person in, and goes to the page. The browser is theirs from now on, where wrong passwords are counted."""
    login(request, user)
    response = redirect(to)
    guesses.remember(request, response, user.email)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseRedirect:
    logout(request)
    return redirect("login")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: says what to do. For htmx the whole page is reloaded, since only that brings a new token."""
    response = render(request, "403_csrf.html", status=403)
    if request.headers.get("HX-Request"):
        response["HX-Refresh"] = "true"
    return response


def next_url(request: HttpRequest, otherwise: str) -> str:
    """`next` of the form or the query, unless it leads away from this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else otherwise
