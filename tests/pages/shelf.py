"""Files in somebody's library, without the work of making them."""

from uuid import uuid4

from creative_hub.models import Asset, Folder
from wevion.accounts.models import Membership


def file_of(member: Membership, name: str = "bicycle.png", kind: str = "image") -> Asset:
    """A row of the library; its bytes are of no account here."""
    return Asset.objects.create(
        team=member.team,
        owner=member.user,
        folder=Folder.objects.root_of(member.user, member.team),
        name=name,
        kind=kind,
        mime="image/png",
        bytes=1000,
        sha256="0" * 64,
        file=f"{uuid4()}.png",
    )
