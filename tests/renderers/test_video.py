"""The local preview renderer for clips, and the ffmpeg child under it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import psutil
import pytest
from PIL import Image, ImageChops, ImageStat

from creative_hub.providers.local import ffmpeg, video
from creative_hub.providers.local.ffmpeg import FFmpegError, encode_frames, ffmpeg_path, run
from creative_hub.providers.local.photo import opened
from creative_hub.providers.ports import Brief, ProviderError


def render(out: Path, text: str = "sea", inputs: dict[str, Path] | None = None, **settings: Any) -> list[int]:
    seen: list[int] = []
    video.render(Brief("video", text, {"duration": 1, **settings}, 0, inputs or {}), out, seen.append)
    return seen


def frames(path: Path) -> list[Image.Image]:
    with av.open(str(path)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]  # type: ignore[no-untyped-call]


def distance(first: Image.Image, second: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    picture = Image.linear_gradient("L").resize((900, 600)).convert("RGB")
    picture.paste((200, 30, 30), (300, 200, 500, 400))
    picture.save(path)
    return path


def test_a_clip_is_h264_that_plays_while_it_loads(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    seen = render(out, "sunset over the sea", duration=5)
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (stream.width, stream.height, float(stream.average_rate or 0)) == (1280, 720, 24.0)
        assert container.duration == 5_000_000
        assert not container.streams.audio
    content = out.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert seen == sorted(seen)
    assert seen[0] < 5
    assert 95 <= seen[-1] <= 99


@pytest.mark.parametrize(("ratio", "across", "down"), [("9:16", 9, 16), ("4:5", 4, 5)])
def test_an_aspect_ratio_is_exact(tmp_path: Path, ratio: str, across: int, down: int) -> None:
    render(tmp_path / "clip.mp4", "a perfume bottle", aspect_ratio=ratio)
    picture = frames(tmp_path / "clip.mp4")[0]
    assert picture.width * down == picture.height * across


def test_the_same_order_gives_the_same_bytes_and_a_variant_does_not(tmp_path: Path) -> None:
    first, second, third = (tmp_path / f"{i}.mp4" for i in range(3))
    render(first, "mountains", seed=1)
    render(second, "mountains", seed=1)
    render(third, "mountains", seed=2)
    assert first.read_bytes() == second.read_bytes()
    assert distance(frames(first)[-1], frames(third)[-1]) > 2


def test_things_move(tmp_path: Path) -> None:
    render(tmp_path / "clip.mp4", "a city in the rain")
    shown = frames(tmp_path / "clip.mp4")
    assert len(shown) == 24
    assert distance(shown[2], shown[12]) > 0.5
    assert distance(shown[2], shown[-1]) > 1


@pytest.mark.parametrize("text", ["عطر 🚀 a\x00b", "word " * 800])
def test_no_text_is_too_odd(tmp_path: Path, text: str) -> None:
    render(tmp_path / "clip.mp4", text)
    assert len(frames(tmp_path / "clip.mp4")) == 24


@pytest.mark.parametrize(("text", "ratio"), [("", "9:16"), ("zoom out slowly", "16:9"), ("pan left", "1:1")])
def test_a_clip_is_made_from_a_picture(tmp_path: Path, photo: Path, text: str, ratio: str) -> None:
    render(tmp_path / "clip.mp4", text, {"image_url": photo}, aspect_ratio=ratio)
    shown = frames(tmp_path / "clip.mp4")
    top, bottom = (shown[0].resize((1, 9)).getpixel((0, row)) for row in (1, 7))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] + 60 < bottom[0]
    assert distance(shown[0], shown[-1]) > 0.5


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_picture_is_taken(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("x.tif" if mode in ("CMYK", "I;16") else "x.png")
    Image.new(mode, (50, 1)).save(path)
    assert (opened(path).mode, opened(path).size) == ("RGB", (50, 1))


@pytest.mark.parametrize("kind", ["EPS", "PPM", "ICO"])
def test_a_picture_of_another_kind_is_not_even_begun(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "photo.png"
    Image.new("RGB", (64, 64)).save(path, kind)
    with pytest.raises(ProviderError) as refusal:
        opened(path)
    assert refusal.value.code == "invalid_request"
    assert refusal.value.detail.startswith("cannot identify image file")


@pytest.mark.parametrize("content", [b"", b"<html>", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0" + b"x" * 50])
def test_a_broken_picture_is_refused_in_plain_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path / "clip.mp4", "", {"image_url": path})
    assert refusal.value.code == "invalid_request"
    assert refusal.value.message.startswith("The image could not be read.")


def test_half_a_picture_is_refused(tmp_path: Path, photo: Path) -> None:
    photo.write_bytes(photo.read_bytes()[:-2000])
    with pytest.raises(ProviderError):
        render(tmp_path / "clip.mp4", "", {"image_url": photo})


@pytest.mark.parametrize("settings", [{"duration": "soon"}, {"duration": 500}, {"aspect_ratio": "7:1"}])
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path / "clip.mp4", **settings)
    assert refusal.value.code == "invalid_request"


def test_a_listed_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path / "clip.mp4", "gore")
    assert refusal.value.code == "content_rejected"


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]


def test_a_report_that_raises_stops_the_clip_and_its_child(tmp_path: Path) -> None:
    def stop(percent: int) -> None:
        if percent > 20:
            raise InterruptedError

    before = children()
    with pytest.raises(InterruptedError):
        video.render(Brief("video", "sea", {"duration": 5}), tmp_path / "clip.mp4", stop)
    assert children() == before


def black(count: int) -> Iterator[bytes]:
    for _ in range(count):
        yield bytes(64 * 64 * 3)


def test_a_failing_ffmpeg_says_why(tmp_path: Path) -> None:
    with pytest.raises(FFmpegError, match="No such file"):
        encode_frames(black(900), (64, 64), 24, tmp_path / "nowhere" / "x.mp4", total_frames=900, report=lambda percent: None)
    with pytest.raises(FFmpegError, match="No such file"):
        run(["-i", tmp_path / "nothing.mp4", tmp_path / "x.mp4"])


def test_a_killed_ffmpeg_is_an_ordinary_exception(tmp_path: Path) -> None:
    before = set(children())

    def kill(percent: int) -> None:
        for pid in set(children()) - before:
            os.kill(pid, signal.SIGKILL)

    with pytest.raises(FFmpegError, match="-9"):
        encode_frames(black(5000), (64, 64), 24, tmp_path / "x.mp4", total_frames=5000, report=kill)


def test_an_endless_ffmpeg_is_ended(tmp_path: Path) -> None:
    before = children()
    with pytest.raises(FFmpegError, match="still running"):
        run(["-re", "-f", "lavfi", "-i", "color=s=64x64:d=600", "-f", "null", "-"], timeout_seconds=1)
    assert children() == before


def test_an_ffmpeg_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ffmpeg, "_STUCK_SECONDS", 1.5)
    before = set(children())

    def freeze(percent: int) -> None:
        for pid in set(children()) - before:
            os.kill(pid, signal.SIGSTOP)

    with pytest.raises(FFmpegError, match="said nothing"):
        run(["-re", "-f", "lavfi", "-i", "color=s=64x64:d=600", "-f", "null", "-"], seconds=600, report=freeze)
    assert set(children()) == before


def test_a_frame_of_the_wrong_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not 64x64"):
        encode_frames(iter([b"123"]), (64, 64), 24, tmp_path / "x.mp4", total_frames=1, report=lambda percent: None)


def test_sound_is_cut_to_the_picture(tmp_path: Path) -> None:
    sound, out = tmp_path / "tone.wav", tmp_path / "x.mp4"
    run(["-f", "lavfi", "-i", "sine=duration=3", sound])
    encode_frames(black(24), (64, 64), 24, out, audio=sound, total_frames=24, report=lambda percent: None)
    with av.open(str(out)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        assert container.duration is not None
        assert container.duration < 1_100_000


# Only Linux tells a child that its parent died.
if sys.platform == "linux":

    def test_ffmpeg_dies_with_a_killed_worker() -> None:
        code = (
            "from creative_hub.providers.local.ffmpeg import run\n"
            "run(['-re', '-f', 'lavfi', '-i', 'color=s=64x64:d=600', '-f', 'null', '-'])"
        )
        worker = subprocess.Popen([sys.executable, "-c", code])
        grandchildren: list[psutil.Process] = []
        while not grandchildren or grandchildren[0].exe() != str(Path(ffmpeg_path()).resolve()):
            time.sleep(0.05)
            grandchildren = psutil.Process(worker.pid).children()
        worker.kill()
        worker.wait()
        assert psutil.wait_procs(grandchildren, timeout=20)[1] == []
