"""What a key may do: its permissions, which narrow what its member may."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView

READING = ("GET", "HEAD", "OPTIONS")


class KeyMay(BasePermission):
    """403 that names the missing permission: `read` for reading and `generate` for all else, or what the view `needs`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        key: Any = request.auth
        if key is None:
            return False
        needed = getattr(view, "needs", "") or ("read" if request.method in READING else "generate")
        self.message = f"This API key does not have the permission `{needed}`. A team owner or admin can make one that has."
        return bool(key.has(needed))
