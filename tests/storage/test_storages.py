"""One suite for both places where files lie: a disk and a bucket keep, verify and give back the same."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from creative_hub import tasks
from creative_hub.models import Asset
from creative_hub.pipelines.inputs import gather
from creative_hub.providers.ports import ProviderError
from creative_hub.storage import store, work
from jobs import clock
from jobs.models import Job
from jobs.pipeline import Done, StepFailed
from tests.faults.invariants import check
from tests.line.test_vendors import clip, in_library, submitted
from tests.pages.making import fail
from wevion.accounts.models import Membership
from wevion.s3 import PART_BYTES


def png(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 360), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(params=["disk", "bucket"])
def place(request: pytest.FixtureRequest) -> str:
    if request.param == "bucket":
        request.getfixturevalue("bucket")
    return str(request.param)


def written(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "made"
    file.write_bytes(content)
    return file


def test_a_file_is_described_by_what_it_is(place: str, tmp_path: Path) -> None:
    kept = store.keep(written(tmp_path, png()), "1/0")
    assert isinstance(kept, Done)
    assert {name: kept.memo[name] for name in ("kind", "mime", "width", "height", "duration_seconds")} == {
        "kind": "image",
        "mime": "image/png",
        "width": 640,
        "height": 360,
        "duration_seconds": None,
    }
    assert kept.memo["file"].startswith("results/1/0-")
    assert default_storage.size(kept.memo["file"]) == kept.memo["bytes"] == len(png())
    kept = store.keep(written(tmp_path, clip()), "2/0")
    assert isinstance(kept, Done)
    assert (kept.memo["mime"], kept.memo["width"], round(kept.memo["duration_seconds"])) == ("video/mp4", 320, 1)


def test_the_same_bytes_are_stored_once_and_a_part_of_them_is_replaced(place: str, tmp_path: Path) -> None:
    made = written(tmp_path, png())
    for _ in range(2):
        kept = store.keep(made, "1/0")
    assert isinstance(kept, Done)
    assert len(default_storage.listdir("results/1")[1]) == 1
    half = tmp_path / "half"
    half.write_bytes(png()[:100])
    default_storage.delete(kept.memo["file"])
    store.save(half, kept.memo["file"])
    store.keep(made, "1/0")
    assert default_storage.size(kept.memo["file"]) == len(png())


def test_a_stored_file_comes_back_whole_and_in_parts(place: str, tmp_path: Path) -> None:
    content = bytes(range(256)) * ((2 * PART_BYTES + 1000) // 256)
    store.save(written(tmp_path, content), "results/long.bin")
    store.copy("results/long.bin", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    first = PART_BYTES - 7
    assert store.part("results/long.bin", first, 20) == content[first : first + 20]
    assert store.part("results/long.bin", len(content) - 5, 20) == content[-5:]


def test_what_is_not_there_is_an_error_of_the_storage(place: str, tmp_path: Path) -> None:
    for act in (lambda: store.copy("results/none", tmp_path / "x"), lambda: store.part("results/none", 0, 5)):
        with pytest.raises(OSError):  # noqa: PT011 - whichever the storage has
            act()
    store.delete("results/none")


def test_what_is_no_media_is_not_kept(place: str, tmp_path: Path) -> None:
    assert isinstance(store.keep(written(tmp_path, b"<svg onload=alert(1)>" * 99), "1/0"), StepFailed)


@pytest.mark.django_db(transaction=True)
def test_the_whole_line_ends_with_verified_bytes_and_a_small_picture(place: str, bob: Membership, drain: Any) -> None:
    submitted(bob, "image", provider="local_image", prompt="a lamp", num_variants=1)
    drain()
    check()
    asset = Asset.objects.get()
    assert asset.thumbnail
    with Image.open(default_storage.open(str(asset.thumbnail))) as small:
        assert small.format == "WEBP"


@pytest.mark.django_db(transaction=True)
def test_a_stored_file_is_an_input_for_the_next_job(place: str, bob: Membership, drain: Any, tmp_path: Path) -> None:
    submitted(bob, "image", provider="local_image", prompt="a lamp", num_variants=1)
    drain()
    asset = Asset.objects.get()

    class Step:
        user_id, settings, report = bob.user_id, {"image_url": str(asset.pk)}, staticmethod(lambda percent: None)

    gather(Step(), tmp_path)  # type: ignore[arg-type]
    assert store.sha256(tmp_path / "image_url") == asset.sha256


def test_a_file_that_was_taken_down_while_its_job_waited_is_not_used(bob: Membership, tmp_path: Path) -> None:
    asset = in_library(bob)
    Asset.objects.update(taken_down_at=asset.created_at)

    class Step:
        user_id, settings = bob.user_id, {"image_url": str(asset.pk)}

    with pytest.raises(ProviderError, match="no longer in your library"):
        gather(Step(), tmp_path)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_what_is_stored_for_a_job_after_its_end_is_swept(place: str, bob: Membership, tmp_path: Path) -> None:
    active, failed, cancelled = (submitted(bob, "image", provider="local_image", prompt="a lamp") for _ in range(3))
    fail(failed, "provider_timeout")
    with transaction.atomic():
        Job.objects.locked(cancelled.pk).cancel(clock.now(), "")
    late = written(tmp_path, png())
    for job in (active, failed):
        work.keep(job.pk, "clip", late)
    store.save(late, f"results/{cancelled.pk}/0-late.png")
    store.save(late, "work/notes/kept")
    tasks.tidy()
    assert work.names(f"work/{active.pk}") == [f"work/{active.pk}/clip"]
    assert work.names("work/notes") == ["work/notes/kept"]
    assert work.names(f"work/{failed.pk}") + work.names(f"results/{cancelled.pk}") == []
