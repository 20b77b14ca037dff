"""Files in a bucket: a browser follows to the other origin, and the pages' policy lets it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from playwright.sync_api import Page

from creative_hub.models import Asset, Folder
from tests.conftest import redis_url
from tests.line.test_vendors import clip, picture
from tests.processes import Stack
from wevion.accounts.models import Membership
from wevion.s3 import Bucket

SignIn = Callable[[Membership], Page]
PLAYED = "async () => { const v = document.querySelector('video'); v.muted = true; await v.play(); return v.duration }"


@pytest.fixture
def stack(transactional_db: None, tmp_path: Path, bucket: Bucket) -> Iterator[Stack]:
    """The web process alone, with its files in the bucket."""
    stack = Stack(connection.settings_dict, redis_url(), tmp_path)
    stack.environment |= {"S3_BUCKET": bucket.name, "S3_REGION": bucket.region, "S3_ENDPOINT_URL": bucket.endpoint}
    stack.environment |= {"S3_ACCESS_KEY_ID": bucket.access_key, "S3_SECRET_ACCESS_KEY": bucket.secret_key}
    try:
        stack.start("web")
        yield stack
    finally:
        stack.stop()
        connection.close()


def filed(member: Membership, name: str, kind: str, mime: str, content: bytes) -> Asset:
    into = Folder.objects.root_of(member.user, member.team)
    stored = default_storage.save(f"results/{name}", ContentFile(content))
    about: dict[str, Any] = {"kind": kind, "mime": mime, "bytes": len(content), "sha256": "0" * 64, "file": stored}
    return Asset.objects.create(team=member.team, owner=member.user, folder=into, name=name, **about)


def test_a_picture_is_shown_and_a_video_plays(bob: Membership, sign_in: SignIn) -> None:
    image = filed(bob, "lamp.jpg", "image", "image/jpeg", picture())
    video = filed(bob, "lamp.mp4", "video", "video/mp4", clip())
    page = sign_in(bob)
    page.goto(f"/creative-hub/files/{image.pk}/view")
    page.wait_for_function("document.querySelector('.media img').naturalWidth > 0")
    page.goto(f"/creative-hub/files/{video.pk}/view")
    assert round(page.evaluate(PLAYED)) == 1
