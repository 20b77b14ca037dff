"""A file that is broken or hostile costs at most its small picture, within bounded time and memory."""

import io
import os
import struct
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from PIL import Image

from creative_hub.pipelines.delivering import deliver
from creative_hub.storage import confined, store, thumbnails
from creative_hub.storage.probe import NotMedia, probe
from jobs.pipeline import Done, Step
from tests.line.test_vendors import clip


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it has 30,000 pixels a side."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100_000)) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(out, "JPEG")
    return out.getvalue()


def without_pictures(mp4: bytes) -> bytes:
    """The clip's description as it was, its frames overwritten."""
    start = mp4.index(b"mdat") + 4
    end = mp4.index(b"mfra") - 4 if b"mfra" in mp4 else len(mp4)
    return mp4[:start] + b"\xff" * (end - start) + mp4[end:]


POISON: dict[str, Callable[[], bytes]] = {
    "a decompression bomb": bomb,
    "half a picture": lambda: jpeg()[:2000],
    "the head of a clip": lambda: clip()[:300],
    "a page": lambda: b"<!doctype html><script>alert(1)</script>" * 50,
    "noise": lambda: os.urandom(5000),
    "nothing": lambda: b"",
    "a playlist of somebody's files": lambda: (
        b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
    ),
    "a list of files": lambda: b"ffconcat version 1.0\nfile /etc/passwd\n",
}


@pytest.mark.parametrize("name", POISON)
def test_what_is_broken_or_hostile_is_not_kept(name: str, tmp_path: Path) -> None:
    file = tmp_path / "poison"
    file.write_bytes(POISON[name]())
    with pytest.raises(NotMedia):
        probe(file)


def step(**memo: object) -> Step:
    empty: dict[str, object] = {"type": "video", "provider": "p", "prompt": "", "settings": {}, "provider_ref": "", "key": "k"}
    known = {"job_id": uuid4(), "item_id": 1, "user_id": uuid4(), "team_id": uuid4(), "position": 0, "earlier": ()}
    return Step(**known, **empty, memo=memo, report=lambda percent: None)  # type: ignore[arg-type]


@pytest.mark.parametrize("good", [True, False])
def test_a_clip_without_a_readable_frame_is_delivered_without_a_picture(good: bool, tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.write_bytes(clip() if good else without_pictures(clip()))
    kept = store.keep(made, "1/0")
    assert isinstance(kept, Done)
    outcome = deliver(step(**kept.memo))
    assert isinstance(outcome, Done)
    assert outcome.result
    assert bool(outcome.result["thumbnail"]) == good


def test_a_picture_that_does_not_open_has_no_small_one(tmp_path: Path) -> None:
    for number, content in enumerate((bomb(), jpeg()[:2000])):
        file = tmp_path / str(number)
        file.write_bytes(content)
        with pytest.raises((OSError, ValueError, Image.DecompressionBombError)):
            thumbnails.make(file, "image", tmp_path / "out.webp")


def test_who_hangs_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "WALL_SECONDS", 0.5)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(confined.Unreadable, match="seconds"):
        confined.run("poster", tmp_path / "pipe", tmp_path / "out.webp")


@pytest.mark.parametrize(
    ("does", "said"),
    [("os.kill(os.getpid(), 11)", "signal 11"), ("sys.exit(3)", "failed"), ("clips.confine(); b'x' * 10**10", "Memory")],
)
def test_who_crashes_or_grows_takes_nobody_along(does: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = f"import os, sys; from creative_hub.storage import clips; {does}"
    monkeypatch.setattr(confined, "CHILD", [sys.executable, "-c", program])
    with pytest.raises(confined.Unreadable, match=said):
        confined.run("describe", "file")


def test_who_opens_files_of_strangers_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "known to nobody")
    monkeypatch.setattr(confined, "CHILD", [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)))"])
    seen = confined.run("describe", "file")
    assert not {"SECRET_KEY", "DATABASE_URL", "REDIS_URL"} & set(seen)
