"""Settings → Password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wevion.accounts.forms import PasswordForm
from wevion.accounts.models import User


@never_cache
@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Changes one's own password, and ends one's sessions elsewhere."""
    assert isinstance(request.user, User)
    form = PasswordForm(request.user, request.POST if request.method == "POST" else None)
    if form.is_valid():
        form.save()
        update_session_auth_hash(request, request.user)
        messages.success(request, "Your password is changed. Everywhere else you are logged out.")
        return redirect("password")
    context = {"section": "settings", "tab": "password", "form": form}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)
