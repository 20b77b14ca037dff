"""How people come into a team: a link that an owner or admin passes on, and that works once."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from wevion.accounts.members import NotAllowed
from wevion.accounts.models import Invitation, Membership, User
from wevion.refusal import Refusal

log = logging.getLogger(__name__)


class CannotJoin(Refusal):
    status = 409
    code = "cannot_join"


def invite(actor: Membership, email: str, role: str) -> tuple[Invitation, str]:
    """The invitation and its link, which cannot be shown again. An earlier link for the address stops working.

    Raises NotAllowed for a role above the actor's own, CannotJoin for somebody who is in the team.
    """
    if role not in actor.may_grant:
        raise NotAllowed("You cannot give a role above your own. Nobody was invited.")
    if Membership.objects.filter(team=actor.team_id, user__email=email.strip().lower()).exists():
        raise CannotJoin("This person is in your team already. You can change their role in the list of members.")
    open_ones = Invitation.objects.filter(team=actor.team_id, email=email.strip().lower(), expires_at__gt=timezone.now())
    if open_ones.exclude(role__in=actor.may_grant).exists():
        raise NotAllowed("Somebody above your role has invited this person already. Nobody was invited anew.")
    invitation, token = Invitation.objects.issue(actor, email, role)
    return invitation, settings.SITE_URL.rstrip("/") + reverse("invitation", args=[token])


def mail(invitation: Invitation, link: str) -> bool:
    """Sends the link to the person, if this installation sends mail. Whether it did: a failure is logged and no more.

    Waits for the mail server, at most settings.EMAIL_TIMEOUT for each answer: the link is nowhere to be found later.
    """
    if not settings.SENDS_MAIL:
        return False
    subject = f"{invitation.invited_by.user} invites you to {invitation.team} on Wevion"
    text = render_to_string("mail/invitation.txt", {"invitation": invitation, "link": link})
    try:
        send_mail(" ".join(subject.split()), text, None, [invitation.email])
    except OSError:  # smtplib's errors are among these
        log.warning("the invitation %s could not be mailed", invitation.pk, exc_info=True)
        return False
    return True


@transaction.atomic
def accept(token: str, person: User) -> Membership:
    """Makes the person a member, and uses the link up. Saves the person if new. Raises CannotJoin."""
    invitation = Invitation.objects.select_for_update(of=("self",)).usable(token)
    if invitation is None:
        raise CannotJoin("This invitation has been used, withdrawn, or is too old. Ask for a new link.")
    if problem := why_not(invitation, person):
        raise CannotJoin(problem)
    person.left_team, person.is_active = None, True
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # made meanwhile, through another team's invitation
        raise CannotJoin(f"There is an account for {person.email} now. Log in with it, and open the link again.") from None
    member = Membership.objects.create(user=person, team=invitation.team, role=invitation.role)
    invitation.delete()
    return member


def why_not(invitation: Invitation, person: User) -> str:
    """Why this person cannot accept; empty if they can. Jobs and files of a former member belong to the team they left."""
    if person.email != invitation.email:
        return f"This invitation is for {invitation.email}, and you are signed in as {person.email}. Log out first."
    if Membership.objects.filter(user=person).exists():
        return "Your account is in a team already, and an account belongs to one team. Use another e-mail address."
    if person.left_team_id not in (None, invitation.team_id):
        return "Your account holds work of the team you were in before, and stays with it. Use another e-mail address."
    return ""
