"""How a program proves who it acts for: `x-api-key: wv_live_…` or `Authorization: Bearer wv_live_…`."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from wevion.accounts.models import ApiKey, Membership, User


class ApiKeyAuthentication(BaseAuthentication):
    """Sets `request.user` to the member and `request.auth` to the ApiKey."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        secret = request.headers.get("x-api-key", "").strip() or bearer(request.headers.get("authorization", ""))
        if not secret:
            return None
        key = ApiKey.objects.usable(secret)
        if key is None:
            raise AuthenticationFailed("This API key is not valid: it may be mistyped, expired or revoked.")
        key.touch()
        return key.membership.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def caller(request: Request) -> Membership:
    """The member for whom the request's key acts. For views behind ApiKeyAuthentication."""
    assert isinstance(request.auth, ApiKey)
    return request.auth.membership


def bearer(header: str) -> str:
    scheme, _, credentials = header.partition(" ")
    return credentials.strip() if scheme.lower() == "bearer" else ""
