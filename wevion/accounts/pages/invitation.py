"""The page behind an invitation's link: for somebody new, or for an account that was in the team before."""

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from wevion.accounts import invitations
from wevion.accounts.forms import JoinForm, ReturnForm
from wevion.accounts.models import Invitation, User
from wevion.accounts.views import welcome
from wevion.refusal import Refusal


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Makes the account or, where there is one, lets its person join: the link alone opens no account that exists."""
    found = Invitation.objects.usable(token)
    if found is None:
        return render(request, "accounts/invitation_gone.html", status=404)
    sent = request.POST if request.method == "POST" else None
    if isinstance(request.user, User):
        return _join(request, found, token, request.user, ready=sent is not None)
    person = User.objects.filter(email=found.email).first()
    if person is None:
        new = JoinForm(User(email=found.email), sent)
        return _join(request, found, token, new.fill(), ready=True) if new.is_valid() else _ask(request, found, "sign-up", new)
    if person.is_active:
        return _ask(request, found, "log-in")
    back = ReturnForm(request, person, sent)
    return _join(request, found, token, person, ready=True) if back.is_valid() else _ask(request, found, "return", back)


def _join(request: HttpRequest, found: Invitation, token: str, person: User, *, ready: bool) -> HttpResponse:
    """Asks, or when the person is ready, makes them a member and logs them in."""
    problem = invitations.why_not(found, person)
    if ready and not problem:
        try:
            return welcome(request, invitations.accept(token, person).user, "hub")
        except Refusal as refusal:
            problem = refusal.message
    return _ask(request, found, "refused" if problem else "join", problem=problem)


def _ask(request: HttpRequest, found: Invitation, step: str, form: Form | None = None, problem: str = "") -> HttpResponse:
    context = {"invitation": found, "step": step, "form": form, "problem": problem}
    status = 409 if problem else 422 if form and form.errors else 200
    return render(request, "accounts/invitation.html", context, status=status)
