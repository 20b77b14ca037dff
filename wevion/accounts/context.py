"""What every page's template knows of the person who looks."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wevion.accounts.models import Membership


def member(request: HttpRequest) -> dict[str, object]:
    """`member`: the person's membership, or None for a visitor. Read only when a template asks for it."""
    return {"member": SimpleLazyObject(lambda: membership_of(request))}


def membership_of(request: HttpRequest) -> Membership | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return Membership.objects.select_related("team", "user").filter(user=user).first()
