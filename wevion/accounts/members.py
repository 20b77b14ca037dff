"""What owners and admins do with the members of their team. Nobody reaches above their own role, and an owner always remains."""

from django.db import transaction
from django.shortcuts import get_object_or_404

from wevion.accounts.models import MailWhenDone, Membership, Role, Team, User
from wevion.refusal import Refusal


class NotAllowed(Refusal):
    status = 403
    code = "forbidden"


class LastOwner(Refusal):
    status = 409
    code = "last_owner"


@transaction.atomic
def change(actor: Membership, member_id: int, role: str, monthly_cap_cents: int | None) -> Membership:
    """Gives the member a role and a monthly limit. Raises NotAllowed, LastOwner, or Http404 for another team's member."""
    member = _managed(actor, member_id)
    if role not in actor.may_grant:
        raise NotAllowed("You cannot give a role above your own. Nothing was changed.")
    if role != Role.OWNER:
        _keep_an_owner(member)
    member.role, member.monthly_cap_cents = role, monthly_cap_cents
    member.save(update_fields=["role", "monthly_cap_cents"])
    return member


@transaction.atomic
def remove(actor: Membership, member_id: int) -> User:
    """Takes the person out of the team: keys and open invitations go too, jobs and files stay the team's.

    Raises as `change` does. The account sleeps from now on, so that every session ends; the team can invite it back.
    Jobs that are running go on, and are charged as usual; the person gets no mail about them.
    """
    member = _managed(actor, member_id)
    _keep_an_owner(member)
    if member.pk == actor.pk:
        raise NotAllowed("You cannot remove yourself. Ask another owner or admin of the team.")
    person = member.user
    person.left_team, person.is_active, person.mail_when_done = actor.team, person.is_superuser, MailWhenDone.NEVER
    person.save(update_fields=["left_team", "is_active", "mail_when_done"])
    member.delete()
    return person


def _managed(actor: Membership, member_id: int) -> Membership:
    """The member, to be changed by the actor, with the team locked: two owners cannot demote each other at the same time.

    The membership is locked before anything that hangs on it, as by a job that ends (jobs.models.ledger).
    """
    Team.objects.select_for_update(no_key=True).get(pk=actor.team_id)
    actor.refresh_from_db(fields=["role"])
    member = get_object_or_404(
        Membership.objects.select_for_update(of=("self",)).select_related("user"), pk=member_id, team=actor.team_id
    )
    if not actor.may_manage(member):
        raise NotAllowed("Your role does not let you change this member. Nothing was changed.")
    return member


def _keep_an_owner(member: Membership) -> None:
    others = Membership.objects.filter(team=member.team_id, role=Role.OWNER).exclude(pk=member.pk)
    if member.role == Role.OWNER and not others.exists():
        raise LastOwner("A team needs an owner, and this is the only one. Make somebody else an owner first.")
