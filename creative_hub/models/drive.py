"""The mirror of the library in a team's shared drive at Google: where it is, and how far it has come."""

from datetime import timedelta
from typing import Final, NamedTuple, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from creative_hub.models.asset import Asset
from creative_hub.models.folder import Folder
from wevion.accounts.models import Team

DRIVE_ID = RegexValidator(r"^[A-Za-z0-9_-]{10,100}$", "Copy the id from the address in the browser, after /folders/.")


class Problem(NamedTuple):
    """What keeps a file out of the drive. `passing`: it goes by itself, and nobody needs to do anything."""

    text: str
    remedy: str
    passing: bool


PROBLEMS: Final[dict[str, Problem]] = {
    "unreachable": Problem("Google Drive could not be reached.", "", True),
    "failing": Problem("Google Drive had an error of its own.", "", True),
    "busy": Problem("Google Drive asks for fewer requests.", "", True),
    "storage": Problem("The file could not be read from our storage.", "", True),
    "full": Problem("The shared drive is full.", "Free some space in it, or ask its manager to.", False),
    "not_shared_drive": Problem(
        "The folder does not belong to a shared drive, and a service account cannot own files.",
        "Name a folder of a shared drive.",
        False,
    ),
    "not_allowed": Problem(
        "The service account may not write to the shared drive.", "Make it a content manager of the shared drive.", False
    ),
    "not_found": Problem(
        "The shared drive or its folder was not found.",
        "Check both ids, and that the service account is a member of the shared drive.",
        False,
    ),
    "credentials": Problem("Google does not accept the key of the service account.", "Ask your operator for a new key.", False),
    "not_set_up": Problem("No service account is set up here.", "Ask your operator to set one up.", False),
    "switched_off": Problem(
        "The Google Drive API is switched off for the service account.",
        "Ask your operator to switch it on in the account's project.",
        False,
    ),
    "refused": Problem("Google Drive refused the file.", "Try again later, or copy it there by hand.", False),
}


class TeamDrive(models.Model):
    """Where a team's library is mirrored: below `folder_id`, or at the top of the shared drive."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="drive")
    shared_drive_id = models.CharField(
        "shared drive",
        max_length=100,
        unique=True,
        validators=[DRIVE_ID],
        help_text="Its id: what follows /folders/ in the address when the shared drive is open in a browser.",
    )
    folder_id = models.CharField(
        "folder", max_length=100, blank=True, validators=[DRIVE_ID], help_text="A folder in it, by its id. Empty: the top."
    )
    enabled = models.BooleanField(default=True, help_text="Off: nothing more is copied; what is there stays.")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Shared drive of {self.team}"


class DriveFolder(models.Model):
    """Our folder's counterpart in the drive."""

    place = models.ForeignKey(TeamDrive, on_delete=models.CASCADE, related_name="folders")
    folder = models.OneToOneField(Folder, on_delete=models.CASCADE, related_name="in_drive")
    drive_id = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.drive_id


class DriveMirrors(models.QuerySet["DriveMirror"]):
    def waiting(self) -> Self:
        return self.filter(wake_at__isnull=False)

    def overdue(self, seconds: float) -> int:
        """How many were due `seconds` ago, by the database's clock, and are in nobody's hands."""
        free = Q(lease_until=None) | Q(lease_until__lt=Now())
        return self.filter(free, wake_at__lt=Now() - timedelta(seconds=seconds)).count()


class DriveMirror(models.Model):
    """A file's way into the drive. `wake_at`: when it is tried (again); null once it is there, or given up.

    `attempt` is the token that every write of a claim carries. `session` is the address of an upload under way: with it
    the upload goes on after a crash, and is never made twice.
    """

    asset = models.OneToOneField(Asset, on_delete=models.CASCADE, related_name="drive_mirror")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    wake_at = models.DateTimeField(null=True, db_default=Now())
    lease_until = models.DateTimeField(null=True)
    attempt = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    problem = models.CharField(max_length=20, blank=True, choices=[(code, told.text) for code, told in PROBLEMS.items()])
    session = models.CharField(max_length=2000, blank=True)
    drive_id = models.CharField(max_length=100, blank=True)
    link = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    mirrored_at = models.DateTimeField(null=True)

    objects = DriveMirrors.as_manager()

    class Meta:
        indexes = [models.Index(fields=["wake_at"], condition=Q(wake_at__isnull=False), name="mirror_to_do")]
        constraints = [
            models.CheckConstraint(condition=Q(mirrored_at=None) | (Q(wake_at=None) & ~Q(drive_id="")), name="mirror_done"),
        ]

    def __str__(self) -> str:
        return f"{self.asset} in Drive"

    @property
    def told(self) -> Problem | None:
        """What is wrong, for people; None when nothing is."""
        return PROBLEMS.get(self.problem)
