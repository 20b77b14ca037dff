"""What every page's template knows of the person who looks."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from wevion.accounts.models import Membership


def member(request: HttpRequest) -> dict[str, object]:
    """`member`: the person's membership, or None for a visitor. Read only when a template asks for it."""
    return {"member": SimpleLazyObject(lambda: membership_or_none(request))}


def membership_or_none(request: HttpRequest) -> Membership | None:
    """Of a visitor, and of an account that is in no team, None. Read once a request."""
    return getattr(getattr(request, "user", None), "membership", None)
