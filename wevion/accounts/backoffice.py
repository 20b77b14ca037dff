"""The Django admin for team owners and admins: their own team's records, to read. Superusers see all.

A model admin derives from TeamAdmin and names the path from its rows to the team; nothing else grants access.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from wevion.accounts.context import membership_or_none
from wevion.accounts.models import ApiKey, Membership, Team, User
from wevion.accounts.views import next_url

if TYPE_CHECKING:  # Django's own classes take no type parameters when they run
    AnyModelAdmin = admin.ModelAdmin[Any]
    AnyTabularInline = admin.TabularInline[Any, Any]
else:
    AnyModelAdmin, AnyTabularInline = admin.ModelAdmin, admin.TabularInline


class Backoffice(admin.AdminSite):
    site_header = "Wevion backoffice"
    site_title = "Backoffice"
    index_title = "Records"
    site_url = "/creative-hub/"

    def has_permission(self, request: HttpRequest) -> bool:
        if not request.user.is_active:
            return False
        if request.user.is_superuser:
            return True
        membership = membership_or_none(request)
        return membership is not None and membership.may_administer

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseRedirect:
        """The site's own login page, which counts wrong passwords; for somebody who is logged in and may not enter, 403."""
        to = next_url(request, reverse("admin:index"))
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied("The backoffice is for the owners and admins of a team.")
        return redirect(to) if request.user.is_authenticated else redirect_to_login(to)


backoffice = Backoffice(name="admin")


class TeamAdmin(AnyModelAdmin):
    """Rows of the person's own team, read-only. `team_path` is the lookup from a row to its team."""

    team_path = "team"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if request.user.is_superuser:
            return rows
        membership = membership_or_none(request)
        return rows.filter(**{self.team_path: membership.team_id}) if membership else rows.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return backoffice.has_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return backoffice.has_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyInline(AnyTabularInline):
    """Rows shown with their parent, whose queryset has already been scoped to the team."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Membership, site=backoffice)
class MembershipAdmin(TeamAdmin):
    list_display = ("user", "email", "role", "team", "monthly_cap_cents", "created_at")
    list_filter = ("role",)
    search_fields = ("user__email", "user__name")
    list_select_related = ("user", "team")

    @admin.display(ordering="user__email")
    def email(self, membership: Membership) -> str:
        return membership.user.email


@admin.register(ApiKey, site=backoffice)
class ApiKeyAdmin(TeamAdmin):
    team_path = "membership__team"
    list_display = ("name", "prefix", "membership", "created_at", "expires_at", "revoked_at", "last_used_at")
    exclude = ("secret_hash",)
    list_select_related = ("membership__user",)


@admin.register(Team, site=backoffice)
class TeamsAdmin(TeamAdmin):
    team_path = "pk"
    list_display = ("name", "created_at")


@admin.register(User, site=backoffice)
class UserAdmin(TeamAdmin):
    team_path = "membership__team"
    list_display = ("email", "name", "is_active", "last_login", "date_joined")
    fields = ("email", "name", "is_active", "is_superuser", "last_login", "date_joined")
    search_fields = ("email", "name")
