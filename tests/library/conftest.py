"""Files of each kind, as people bring them."""

import io
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from creative_hub.library import filing
from creative_hub.models import Asset, Folder
from wevion.accounts.models import Membership

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"

Put = Callable[..., Asset]


def picture(colour: str = "red", format: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, format)
    return out.getvalue()


def root_of(member: Membership) -> Folder:
    return Folder.objects.root_of(member.user, member.team)


def subfolder(member: Membership, name: str, parent: Folder | None = None) -> Folder:
    return Folder.objects.create(owner=member.user, team=member.team, parent=parent or root_of(member), name=name)


@pytest.fixture(autouse=True)
def _own_uploads(tmp_path: Path, settings: Any) -> None:
    settings.UPLOADS_ROOT = str(tmp_path / "uploads")


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Files a picture in a member's folder, the way an upload does."""
    count = iter(range(1000))

    def file(member: Membership, name: str = "sea.png", folder: Folder | None = None, content: bytes = b"") -> Asset:
        arrived = tmp_path / f"arrived-{next(count)}"
        arrived.write_bytes(content or picture())
        return filing.file_upload(member, folder or root_of(member), arrived, name, uuid.uuid4())

    return file
