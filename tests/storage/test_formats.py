"""Of which format a file is: the container and what it has inside, told from real files that ffmpeg made."""

from pathlib import Path

import pytest

from creative_hub.storage.probe import NotMedia, probe
from tests.renderers.clips import encoded

H264, AAC = ("-c:v", "libx264"), ("-c:a", "aac")
VP9, OPUS = ("-c:v", "libvpx-vp9"), ("-c:a", "libopus")
AV1 = ("-c:v", "libaom-av1", "-cpu-used", "8")
COVER = ("-map", "0", "-map", "1", "-c:v", "mjpeg", "-frames:v", "1", "-disposition:v:0", "attached_pic")


@pytest.mark.parametrize(
    ("name", "options", "mime", "codec"),
    [
        ("a.mp4", (*H264, *AAC), "video/mp4", "h264"),
        ("a.mp4", ("-c:v", "libx265"), "video/mp4", "hevc"),
        ("a.mp4", AV1, "video/mp4", "av1"),
        ("a.mp4", (*H264, "-movflags", "frag_keyframe+empty_moov+default_base_moof"), "video/mp4", "h264"),
        ("a.m4v", (*H264, *AAC), "video/mp4", "h264"),
        ("a.mov", (*H264, *AAC), "video/quicktime", "h264"),
        ("a.mov", ("-c:v", "prores_ks"), "video/quicktime", "prores"),
        ("a.webm", (*VP9, *OPUS), "video/webm", "vp9"),
        ("a.webm", ("-c:v", "libvpx", "-c:a", "libvorbis"), "video/webm", "vp8"),
        ("a.webm", AV1, "video/webm", "av1"),
    ],
)
def test_a_clip_is_of_its_container_and_codec(name: str, options: tuple[str, ...], mime: str, codec: str, tmp_path: Path) -> None:
    found = probe(encoded(tmp_path / name, *options, sound="-c:a" in options))
    assert (found.kind, found.mime, found.codec, found.width) == ("video", mime, codec, 176)
    assert found.suffix == {"video/quicktime": ".mov", "video/webm": ".webm"}.get(mime, ".mp4")


@pytest.mark.parametrize(("name", "mime"), [("a.mp3", "audio/mpeg"), ("a.wav", "audio/wav")])
def test_a_sound_is_a_sound(name: str, mime: str, tmp_path: Path) -> None:
    found = probe(encoded(tmp_path / name, picture=False, sound=True))
    assert (found.kind, found.mime, found.codec) == ("audio", mime, "")


def test_a_cover_makes_no_clip_of_a_sound(tmp_path: Path) -> None:
    assert probe(encoded(tmp_path / "a.mp3", *COVER, sound=True)).kind == "audio"
    with pytest.raises(NotMedia) as told:
        probe(encoded(tmp_path / "a.m4a", *COVER, *AAC, sound=True))
    assert told.value.said == "This is an MPEG-4 (.m4a) sound. Save it as MP3 or WAV."


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("a.mkv", (*H264, *AAC), "This is a Matroska (.mkv) video. Save it as MP4 (H.264) or WebM."),
        ("a.mkv", (*VP9, *OPUS), "This is a Matroska (.mkv) video. Save it as MP4 (H.264) or WebM."),
        ("a.3gp", ("-c:v", "h263"), "This is a 3GPP (.3gp) video. Save it as MP4 (H.264) or WebM."),
        ("a.3g2", (*H264, *AAC), "This is a 3GPP (.3gp) video. Save it as MP4 (H.264) or WebM."),
        ("a.avi", ("-c:v", "mpeg4"), "This is an AVI (.avi) video. Save it as MP4 (H.264) or WebM."),
        ("a.wmv", ("-c:v", "wmv2"), "This is a Windows Media (.wmv) video. Save it as MP4 (H.264) or WebM."),
        ("a.ts", H264, "This is an MPEG transport stream (.ts) video. Save it as MP4 (H.264) or WebM."),
        ("a.avif", (*AV1, "-frames:v", "1"), "This is an AVIF picture. Save it as PNG or JPEG."),
        ("a.tiff", ("-frames:v", "1"), "This is a TIFF picture. Save it as PNG or JPEG."),
    ],
)
def test_what_is_no_format_of_ours_is_called_by_its_name(name: str, options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(NotMedia) as told:
        probe(encoded(tmp_path / name, *options, sound="-c:a" in options))
    assert told.value.said == said


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("a.flac", (), "This is a FLAC (.flac) sound. Save it as MP3 or WAV."),
        ("a.opus", OPUS, "This is an Ogg (.ogg) sound. Save it as MP3 or WAV."),
        ("a.webm", OPUS, "This is a WebM (.webm) sound. Save it as MP3 or WAV."),
        ("a.mp2", (), "This is an MP2 (.mp2) sound. Save it as MP3 or WAV."),
    ],
)
def test_so_is_a_sound(name: str, options: tuple[str, ...], said: str, tmp_path: Path) -> None:
    with pytest.raises(NotMedia) as told:
        probe(encoded(tmp_path / name, *options, picture=False, sound=True))
    assert told.value.said == said


def test_a_webm_with_other_codecs_inside_is_none(tmp_path: Path) -> None:
    """As Matroska with its name changed: what calls itself WebM holds VP8, VP9 or AV1, and Vorbis or Opus."""
    file = encoded(tmp_path / "a.mkv", *H264)
    changed = file.read_bytes().replace(b"\x42\x82\x88matroska", b"\x42\x82\x88webm\0\0\0\0", 1)
    file.write_bytes(changed)
    with pytest.raises(NotMedia) as told:
        probe(file)
    assert told.value.said == "This WebM has H.264 in it, which it may not. Save it as MP4 (H.264) or WebM."


def test_a_picture_of_a_telephone_is_no_clip(tmp_path: Path) -> None:
    file = tmp_path / "a.mp4"
    file.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200)
    with pytest.raises(NotMedia) as told:
        probe(file)
    assert told.value.said == "This is a HEIC picture. Save it as PNG or JPEG."
