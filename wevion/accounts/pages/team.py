"""Settings → Team: who is in it, who is invited, and what owners and admins may change."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wevion.accounts import invitations, members
from wevion.accounts.forms import InviteForm, MemberForm, TeamForm
from wevion.accounts.login import membership_of
from wevion.accounts.models import Invitation, Membership
from wevion.refusal import Refusal


def administrator(request: HttpRequest) -> Membership:
    """The signed-in person's membership. Raises PermissionDenied for whoever is neither owner nor admin."""
    member = membership_of(request)
    if not member.may_administer:
        raise PermissionDenied("This is for the owners and admins of a team.")
    return member


@never_cache
@login_required
@require_GET
def team(request: HttpRequest) -> HttpResponse:
    return _show(request, membership_of(request))


@login_required
@require_POST
def rename(request: HttpRequest) -> HttpResponse:
    actor = administrator(request)
    form = TeamForm(request.POST, instance=actor.team)
    if not form.is_valid():
        return _show(request, actor, team_form=form)
    form.save()
    messages.success(request, f"The team is called “{actor.team}” now.")
    return redirect("team")


@login_required
@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Shows the link, once: it is not kept, so the answer is a page and no redirect."""
    actor = administrator(request)
    form = InviteForm(actor, request.POST)
    if not form.is_valid():
        return _show(request, actor, invite_form=form)
    try:
        invitation, link = invitations.invite(actor, form.cleaned_data["email"], form.cleaned_data["role"])
    except Refusal as refusal:
        form.add_error("email", refusal.message)
        return _show(request, actor, invite_form=form)
    return _invited(request, actor, invitation, link)


@login_required
@require_POST
def renew(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """A new link for an open invitation; the earlier one is dead."""
    actor = administrator(request)
    found = get_object_or_404(Invitation, pk=invitation_id, team=actor.team, role__in=actor.may_grant)
    return _invited(request, actor, *invitations.invite(actor, found.email, found.role))


@login_required
@require_POST
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    actor = administrator(request)
    found = get_object_or_404(Invitation, pk=invitation_id, team=actor.team, role__in=actor.may_grant)
    found.delete()
    messages.success(request, f"The invitation of {found.email} is withdrawn. Its link no longer works.")
    return redirect("team")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, member_id: int) -> HttpResponse:
    """One member: role and monthly limit."""
    actor = administrator(request)
    shown = get_object_or_404(Membership.objects.select_related("user", "team"), pk=member_id, team=actor.team)
    form = MemberForm(actor, shown, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            members.change(actor, shown.pk, form.cleaned_data["role"], form.cap_cents)
        except Refusal as refusal:
            form.add_error("role", refusal.message)
        else:
            messages.success(request, f"{shown.user}: saved.")
            return redirect("team")
    context = {"shown": shown, "form": form, "may_manage": actor.may_manage(shown), "is_self": shown.pk == actor.pk}
    return render(request, "accounts/member.html", _frame(context), status=422 if form.errors else 200)


@login_required
@require_POST
def remove(request: HttpRequest, member_id: int) -> HttpResponse:
    try:
        person = members.remove(administrator(request), member_id)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("member", member_id=member_id)
    messages.success(request, f"{person} is no longer in the team. Their keys have stopped working; their jobs and files stay.")
    return redirect("team")


def _invited(request: HttpRequest, actor: Membership, invitation: Invitation, link: str) -> HttpResponse:
    return _show(request, actor, invitation=invitation, link=link, mailed=invitations.mail(invitation, link))


def _show(request: HttpRequest, actor: Membership, **more: object) -> HttpResponse:
    rows = Membership.objects.filter(team=actor.team_id).select_related("user").order_by("created_at", "pk")
    context = {
        "actor": actor,
        "rows": [(row, actor.may_manage(row)) for row in rows],
        "open_invitations": _open_invitations(actor) if actor.may_administer else [],
        "team_form": TeamForm(instance=actor.team),
        "invite_form": InviteForm(actor),
    }
    wrong = any(getattr(form, "errors", None) for form in more.values())
    return render(request, "accounts/team.html", _frame(context | more), status=422 if wrong else 200)


def _open_invitations(actor: Membership) -> list[tuple[Invitation, bool]]:
    """With whether the actor may renew or withdraw it."""
    found = Invitation.objects.filter(team=actor.team_id).select_related("invited_by__user").order_by("email")
    return [(invitation, invitation.role in actor.may_grant) for invitation in found]


def _frame(context: dict[str, object]) -> dict[str, object]:
    return {"section": "settings", "tab": "team"} | context
