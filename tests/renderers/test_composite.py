"""The local preview renderer for advertisements put together from clip, image, text and voice."""

from itertools import product
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from creative_hub.providers.local import composite
from creative_hub.providers.local.ffmpeg import run
from creative_hub.providers.local.layouts import TEMPLATES, Slots
from creative_hub.providers.ports import Brief, ProviderError
from tests.renderers.clips import vast
from tests.renderers.running import left_running

HEADLINES = ["", "Run", "Run lighter this summer " * 9, "اركض أخف هذا الصيف", "Donaudampfschiff" * 4]
TEXTS = {"headline_text": "Run lighter this summer", "cta_text": "Shop now"}


def render(out: Path, inputs: dict[str, Path] | None = None, **settings: Any) -> list[int]:
    seen: list[int] = []
    composite.render(Brief("composite", "an advertisement", settings, 0, inputs or {}), out, seen.append)
    return seen


def frame_at(path: Path, seconds: float) -> Image.Image:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= seconds:
                return frame.to_image()  # type: ignore[no-any-return, no-untyped-call]
    raise AssertionError(f"{path} ends before {seconds} s")


def difference(first: Image.Image, second: Image.Image) -> float:
    return sum(ImageStat.Stat(ImageChops.difference(first, second)).mean) / 3


def mean_level(path: Path, start: float, end: float) -> float:
    levels = []
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
        for frame in container.decode(audio=0):
            if frame.time is not None and start <= frame.time < end:
                for piece in resampler.resample(frame):
                    samples = memoryview(bytes(piece.planes[0])[: piece.samples * 2]).cast("h")
                    levels += [abs(value) for value in samples]
    return sum(levels) / len(levels)


@pytest.fixture
def media(tmp_path: Path) -> dict[str, Path]:
    """A three second clip with a low tone, a red picture, and seven seconds of a voice-like tone that stops at 4 s."""
    clip, image, audio = tmp_path / "clip.mp4", tmp_path / "image.png", tmp_path / "voice.mp3"
    picture = ["-f", "lavfi", "-i", "testsrc2=s=320x240:r=25:d=3", "-f", "lavfi", "-i", "sine=f=120:d=3"]
    run([*picture, "-pix_fmt", "yuv420p", "-c:a", "aac", clip])
    run(["-f", "lavfi", "-i", "sine=f=600:d=4", "-af", "apad=whole_dur=7", audio])
    Image.new("RGB", (300, 300), (220, 20, 30)).save(image)
    return {"product_video": clip, "image": image, "audio": audio}


@pytest.mark.parametrize("template_id", TEMPLATES)
def test_every_template_composes_all_slots(tmp_path: Path, media: dict[str, Path], template_id: str) -> None:
    out = tmp_path / "ad.mp4"
    seen = render(out, media, template_id=template_id, **TEXTS)
    with av.open(str(out)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (picture.width, picture.height) == (720, 1280)
        lengths = [float((stream.duration or 0) * (stream.time_base or 0)) for stream in (picture, sound)]
        assert abs(lengths[0] - 7.8) < 0.2  # the voice and a moment
        assert abs(lengths[0] - lengths[1]) < 0.2
    content = out.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert seen[-1] <= 99
    bare = tmp_path / "bare.mp4"
    render(bare, {"product_video": media["product_video"]}, template_id=template_id)
    assert difference(frame_at(out, 5.5), frame_at(bare, 5.5)) > 5


@pytest.mark.parametrize(
    ("resolution", "aspect_ratio", "size"),
    [("720p", "1:1", (720, 720)), ("720p", "16:9", (1280, 720)), ("720p", "4:5", (720, 900)), ("1080p", "9:16", (1080, 1920))],
)
def test_frames_are_of_the_size_asked_for(resolution: str, aspect_ratio: str, size: tuple[int, int]) -> None:
    assert composite.frame_size(resolution, aspect_ratio) == size


@pytest.mark.parametrize(
    ("slot", "template_id"),
    [("headline_text", "bold_text"), ("cta_text", "testimonial"), ("image", "product_hero"), ("audio", "bold_text")],
)
def test_any_one_slot_is_enough(tmp_path: Path, media: dict[str, Path], template_id: str, slot: str) -> None:
    out = tmp_path / "ad.mp4"
    settings = {slot: TEXTS[slot]} if slot in TEXTS else {}
    inputs = {slot: media[slot]} if slot in media else {}
    render(out, inputs, template_id=template_id, aspect_ratio="1:1", **settings)
    late = frame_at(out, 5.5)
    assert max(high - low for low, high in late.getextrema()) > 60  # type: ignore[misc]


@pytest.mark.parametrize("aspect_ratio", composite.ASPECTS)
@pytest.mark.parametrize("template_id", TEMPLATES)
def test_nothing_shown_leaves_the_frame(template_id: str, aspect_ratio: str) -> None:
    full = composite.frame_size("720p", aspect_ratio)
    width, height = size = full[0] // 3, full[1] // 3  # layouts go by proportion, and small ones are quick
    photos = [None, Image.new("RGBA", (300, 90)), Image.new("RGBA", (90, 300))]
    for headline, cta, photo, clip in product(HEADLINES, ["", "Get yours before it is gone " * 3], photos, [True, False]):
        for layer in TEMPLATES[template_id].layout(Slots(headline, cta, photo, clip), size, 8):
            left, top, right, bottom = layer.picture.getchannel("A").point([0] * 200 + [255] * 56).getbbox() or (0, 0, 1, 1)
            assert -1 <= layer.x + left <= layer.x + right <= width + 1
            assert -1 <= layer.y + top <= layer.y + bottom <= height + 1


def test_a_short_clip_is_repeated_to_fill_the_time(tmp_path: Path, media: dict[str, Path]) -> None:
    out = tmp_path / "ad.mp4"
    render(out, {"product_video": media["product_video"]}, aspect_ratio="1:1")
    with av.open(str(out)) as container:
        assert container.duration is not None
        assert abs(container.duration / 1_000_000 - composite.SHORTEST_SECONDS) < 0.1
    assert difference(frame_at(out, 1), frame_at(out, 4)) < 6  # one round later
    assert difference(frame_at(out, 1), frame_at(out, 2.5)) > 3  # it moves


def test_the_button_comes_in_the_second_half(tmp_path: Path) -> None:
    out, without = tmp_path / "ad.mp4", tmp_path / "without.mp4"
    render(out, headline_text="Hello", cta_text="Buy", aspect_ratio="1:1")
    render(without, headline_text="Hello", aspect_ratio="1:1")
    assert difference(frame_at(out, 2), frame_at(without, 2)) < 1
    assert difference(frame_at(out, 6), frame_at(without, 6)) > 3


def test_the_clip_steps_back_while_the_voice_speaks_and_all_fades_out(tmp_path: Path, media: dict[str, Path]) -> None:
    out = tmp_path / "ad.mp4"
    render(out, {"product_video": media["product_video"], "audio": media["audio"]}, aspect_ratio="1:1")
    assert mean_level(out, 1, 3) > 1000
    assert mean_level(out, 5.5, 6.5) > 100  # the clip's own tone, after the voice
    assert mean_level(out, 7.6, 7.8) < 0.5 * mean_level(out, 5.5, 6.5)


@pytest.mark.parametrize(
    ("slot", "name", "kind"),
    [("product_video", "product video", "video"), ("image", "image", "picture"), ("audio", "audio", "audio")],
)
@pytest.mark.parametrize("content", [b"", b"not media at all" * 50, b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nsecret.ts\n"])
def test_broken_media_is_refused_by_the_name_of_its_slot(tmp_path: Path, slot: str, name: str, kind: str, content: bytes) -> None:
    broken = tmp_path / "broken.m3u8"
    broken.write_bytes(content)
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path / "ad.mp4", {slot: broken}, **TEXTS)
    assert refusal.value.code == "invalid_request"
    assert f"The {name} cannot be read as" in refusal.value.message
    assert kind in refusal.value.message


def test_a_sound_file_is_not_a_product_video(tmp_path: Path, media: dict[str, Path]) -> None:
    with pytest.raises(ProviderError, match="The product video has no video in it") as refusal:
        render(tmp_path / "ad.mp4", {"product_video": media["audio"]})
    assert refusal.value.code == "invalid_request"


def test_a_clip_whose_frames_are_vast_is_refused_before_one_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="The product video is too large: 8000×8000 pixels") as refusal:
        render(tmp_path / "ad.mp4", {"product_video": vast(tmp_path / "vast.gif")})
    assert refusal.value.code == "invalid_request"


@pytest.mark.parametrize("settings", [{}, {"headline_text": "  "}, {"headline_text": "🔥"}])
def test_nothing_to_compose_is_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match="at least one") as refusal:
        render(tmp_path / "ad.mp4", None, **settings)
    assert refusal.value.code == "invalid_request"


@pytest.mark.parametrize("settings", [{"template_id": "zorg"}, {"resolution": "zorg"}, {"aspect_ratio": "zorg"}])
def test_an_unknown_choice_is_named(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(ProviderError, match="zorg") as refusal:
        render(tmp_path / "ad.mp4", headline_text="Hello", **settings)
    assert refusal.value.code == "invalid_request"


def test_unsafe_text_in_any_slot_is_rejected(tmp_path: Path) -> None:
    for slot in TEXTS:
        with pytest.raises(ProviderError) as refusal:
            render(tmp_path / "ad.mp4", None, **{slot: "free porn"})
        assert refusal.value.code == "content_rejected"


def test_a_report_that_raises_stops_the_work_and_leaves_nothing_behind(
    tmp_path: Path, media: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(work))

    def report(percent: int) -> None:
        if percent >= 9:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        composite.render(Brief("composite", "", {**TEXTS, "resolution": "1080p"}, 0, media), tmp_path / "ad.mp4", report)
    assert left_running() == []
    assert list(work.iterdir()) == []
