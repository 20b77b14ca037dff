"""The backoffice's part of the hub: a team's drive at Google, and how far its mirror has come."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest

from creative_hub.drive import queue
from creative_hub.drive.account import account_email
from creative_hub.models import Asset, DriveFolder, DriveMirror, TeamDrive
from creative_hub.models.drive import DriveMirrors
from wevion.accounts.backoffice import TeamAdmin, backoffice
from wevion.accounts.context import membership_or_none


@admin.register(TeamDrive, site=backoffice)
class TeamDriveAdmin(TeamAdmin):
    """Owners and admins set up their own team's; superusers anybody's."""

    list_display = ("team", "enabled", "copied", "waiting", "failed", "last_copied")
    readonly_fields = ("service_account",)
    actions = ("copy_library",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        team = ["team"] if request.user.is_superuser else []
        return [*team, "service_account", "shared_drive_id", "folder_id", "enabled"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if request.user.is_superuser:
            return True
        member = membership_or_none(request)
        return bool(member and member.may_administer) and not self.get_queryset(request).exists()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return backoffice.has_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return backoffice.has_permission(request)

    def save_model(self, request: HttpRequest, obj: TeamDrive, form: Any, change: bool) -> None:
        """What waits for the drive is tried at once; another place gets folders of its own."""
        member = membership_or_none(request)
        if not request.user.is_superuser and member:
            obj.team = member.team
        with transaction.atomic():
            obj.save()
            if {"shared_drive_id", "folder_id"} & set(form.changed_data):
                DriveFolder.objects.filter(place=obj).delete()
            DriveMirror.objects.filter(team=obj.team, mirrored_at=None).update(wake_at=Now(), errors=0, session="")
        queue.ring_for_due()

    @admin.display(description="service account")
    def service_account(self, place: TeamDrive | None) -> str:
        return account_email() or "None is set up here. Ask your operator (docs/storage.md)."

    @admin.display(description="copied")
    def copied(self, place: TeamDrive) -> int:
        return _mirrors(place).exclude(mirrored_at=None).count()

    @admin.display(description="waiting")
    def waiting(self, place: TeamDrive) -> int:
        return _mirrors(place).waiting().count()

    @admin.display(description="given up")
    def failed(self, place: TeamDrive) -> int:
        return _mirrors(place).filter(mirrored_at=None, wake_at=None).count()

    @admin.display(description="last copy")
    def last_copied(self, place: TeamDrive) -> Any:
        newest = _mirrors(place).exclude(mirrored_at=None).order_by("-mirrored_at").first()
        return newest.mirrored_at if newest else None

    @admin.action(description="Copy the whole library now", permissions=["change"])
    def copy_library(self, request: HttpRequest, places: QuerySet[TeamDrive]) -> None:
        """Also what was made before the drive was set up, and what was given up."""
        for place in places:
            queue.enqueue(Asset.objects.living().filter(team=place.team, drive_mirror=None, taken_down_at=None))
            _mirrors(place).filter(mirrored_at=None).update(wake_at=Now(), errors=0)
        queue.ring_for_due()
        self.message_user(request, "The library is being copied to Google Drive.", messages.SUCCESS)


def _mirrors(place: TeamDrive) -> DriveMirrors:
    return DriveMirror.objects.filter(team=place.team)


@admin.register(DriveMirror, site=backoffice)
class DriveMirrorAdmin(TeamAdmin):
    list_display = ("asset", "created_at", "mirrored_at", "wake_at", "errors", "problem")
    list_filter = ("problem", ("mirrored_at", admin.EmptyFieldListFilter))
    list_select_related = ("asset",)
    exclude = ("session", "attempt", "lease_until")
    ordering = ("-created_at",)
    show_full_result_count = False


@admin.register(Asset, site=backoffice)
class AssetAdmin(TeamAdmin):
    """Files that may not be shown for legal reasons are taken down here; their bytes are kept."""

    list_display = ("name", "kind", "owner", "created_at", "taken_down_at", "taken_down_for")
    list_filter = ("kind", ("taken_down_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("name", "id")
    fields = ("name", "kind", "mime", "bytes", "sha256", "owner", "created_at", "deleted_at", "taken_down_at", "taken_down_for")
    ordering = ("-created_at",)
    show_full_result_count = False
    actions = ("take_down", "show_again")

    def has_take_down_permission(self, request: HttpRequest) -> bool:
        return backoffice.has_permission(request)

    @admin.action(description="Take down: nobody can open the file any more", permissions=["take_down"])
    def take_down(self, request: HttpRequest, assets: QuerySet[Asset]) -> None:
        reason = f"by {request.user}"
        count = assets.filter(taken_down_at=None).update(taken_down_at=Now(), taken_down_for=reason)
        self.message_user(request, f"Taken down: {count}.", messages.SUCCESS)

    @admin.action(description="Show again", permissions=["take_down"])
    def show_again(self, request: HttpRequest, assets: QuerySet[Asset]) -> None:
        down = list(assets.exclude(taken_down_at=None))
        with transaction.atomic():
            Asset.objects.filter(pk__in=[asset.pk for asset in down]).update(taken_down_at=None, taken_down_for="")
            queue.enqueue(asset for asset in down if not asset.deleted_at)
        self.message_user(request, f"Shown again: {len(down)}.", messages.SUCCESS)
