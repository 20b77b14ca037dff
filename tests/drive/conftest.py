"""A team whose library is mirrored in a fake Google Drive."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from creative_hub.drive import mirroring, queue
from creative_hub.models import Asset, DriveMirror, Folder, TeamDrive
from creative_hub.storage.door import door
from jobs import clock
from tests.drive.fake import FakeDrive, running
from wevion.accounts.models import Membership

MB = 1024 * 1024


@cache
def keys() -> tuple[str, bytes]:
    """A private key and its public half, made once."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return text, public


def service_account(url: str) -> str:
    key = {
        "type": "service_account",
        "client_email": "hub@wevion.iam.gserviceaccount.com",
        "private_key": keys()[0],
        "private_key_id": "k1",
        "project_id": "wevion",
        "token_uri": f"{url}/token",
    }
    return json.dumps(key)


@pytest.fixture
def google(settings: Any) -> Iterator[FakeDrive]:
    """The fake, which the settings name, and the door open to it alone."""
    with running(keys()[1]) as fake:
        settings.DRIVE_URL, settings.DRIVE_SERVICE_ACCOUNT = fake.url, service_account(fake.url)
        settings.HTTP_ALLOW_PRIVATE = frozenset({fake.address})
        door.cache_clear()
        yield fake
        door().close()
        door.cache_clear()
        assert fake.complaints == []


@pytest.fixture
def place(google: FakeDrive, bob: Membership) -> TeamDrive:
    return TeamDrive.objects.create(team=bob.team, shared_drive_id=FakeDrive.shared_drive)


@pytest.fixture
def filed(place: TeamDrive, bob: Membership) -> Callable[..., Asset]:
    """A new file of Bob's, waiting to be mirrored."""

    def file(name: str = "lamp.png", content: bytes = b"a lamp", folder: Folder | None = None) -> Asset:
        into = folder or Folder.objects.root_of(bob.user, bob.team)
        stored = default_storage.save(f"results/{name}", ContentFile(content))
        about: dict[str, Any] = {"kind": "image", "mime": "image/png", "bytes": len(content), "sha256": "0" * 64}
        asset = Asset.objects.create(team=bob.team, owner=bob.user, folder=into, name=name, file=stored, **about)
        queue.enqueue([asset])
        return asset

    return file


def mirrored() -> None:
    """Lets the time pass until every mirror's next try, and makes it."""
    DriveMirror.objects.waiting().update(wake_at=clock.now(), lease_until=None)
    for _ in range(50):
        if not mirroring.mirror_next():
            return
    raise AssertionError("the mirrors do not come to rest")
