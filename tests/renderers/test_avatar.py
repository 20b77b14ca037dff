"""The local preview renderer for talking presenters."""

import math
from array import array
from pathlib import Path
from random import Random
from statistics import correlation
from typing import Any

import av
import pytest
from PIL import Image

from creative_hub.providers.local import avatar, captions, face, lipsync, motion, speech
from creative_hub.providers.local.looks import AVATARS
from creative_hub.providers.local.puppet import Framing, Puppet
from creative_hub.providers.ports import Brief, ProviderError
from tests.renderers.running import left_running

SCRIPT = "Hello, and welcome! Would you like to see our new collection of shoes? Maybe more."


def render(out: Path, text: str = SCRIPT, **settings: Any) -> list[int]:
    seen: list[int] = []
    avatar.render(Brief("avatar", text, settings), out, seen.append)
    return seen


def envelope(path: Path, fps: int) -> list[float]:
    """The loudness of the sound track in each frame of the picture, decoded from the finished file."""
    samples = array("f")
    with av.open(str(path)) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=44_100)
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                samples.frombytes(bytes(piece.planes[0])[: piece.samples * 4])
    step = 44_100 // fps
    parts = [samples[start : start + step] for start in range(0, len(samples), step)]
    return [math.sqrt(sum(value * value for value in part) / len(part)) for part in parts]


def dark_of_the_mouth(path: Path, framing: Framing) -> list[int]:
    """How many pixels around the mouth have the colour of an open one, in each frame of the finished file."""
    (x, y), scale = framing.middle, framing.scale
    left, top, right, bottom = (round(middle + side * scale) for middle, side in zip((x, y, x, y), face.MOUTH_BOX, strict=True))
    counts = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            mouth = frame.to_image().crop((left - 8, top - 8, right + 8, bottom + 8))  # type: ignore[no-untyped-call]
            red, green, _ = mouth.split()
            dark = [r for r, g in zip(red.tobytes(), green.tobytes(), strict=True) if r < 150 and g < 70]
            counts.append(len(dark))
    return counts


def test_a_presenter_is_h264_with_sound_of_the_same_length(tmp_path: Path) -> None:
    out = tmp_path / "avatar.mp4"
    seen = render(out, "Hello, and welcome.")
    with av.open(str(out)) as container:
        picture, sound = container.streams.video[0], container.streams.audio[0]
        assert (picture.codec_context.name, picture.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (picture.width, picture.height, float(picture.average_rate or 0)) == (1280, 720, 25.0)
        assert sound.codec_context.name == "aac"
        lengths = [float((stream.duration or 0) * (stream.time_base or 0)) for stream in (picture, sound)]
        assert abs(lengths[0] - lengths[1]) < 0.1
    content = out.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert seen == sorted(seen)
    assert seen[0] == 0
    assert 90 <= seen[-1] <= 99


def test_what_the_mouth_does_in_the_finished_file_follows_its_sound(tmp_path: Path) -> None:
    out = tmp_path / "avatar.mp4"
    render(out, avatar_id="ava", captions=False)
    heard, seen = envelope(out, avatar.FPS), dark_of_the_mouth(out, avatar.FRAMINGS["16:9"])
    count = min(len(heard), len(seen))
    together = correlation(heard[:count], seen[:count])
    assert together > 0.6
    for shift in (8, 16):  # a track a third of a second off would fit worse
        assert correlation(heard[: count - shift], seen[shift:count]) < together - 0.2


def test_the_mouth_opens_with_the_voice_and_is_shut_in_silence(tmp_path: Path) -> None:
    wav = tmp_path / "speech.wav"
    said = speech.speak(SCRIPT, wav, report=lambda percent: None)
    levels = lipsync.loudness(wav, 25)
    mouths = lipsync.track(levels, said.phonemes, 25)
    assert correlation(levels, [mouth.openness for mouth in mouths]) > 0.7
    quiet = [mouth for mouth, level in zip(mouths, levels, strict=True) if level == 0]
    assert {mouth.openness for mouth in mouths[:4]} == {0.0}
    assert mouths[-1].openness == 0
    assert sum(mouth.openness == 0 for mouth in quiet) > 0.5 * len(quiet)  # the rest is still closing


def test_lips_meet_for_m_and_round_for_o(tmp_path: Path) -> None:
    levels = [0.8] * 20
    mouths = lipsync.track(levels, [(0.0, "'A:"), (0.4, "m"), (0.6, "'oU")], 25)
    assert [mouths[at].shape for at in (5, 12, 17)] == [lipsync.OPEN, lipsync.CLOSED, lipsync.ROUND]
    assert mouths[13].openness < 0.4 * mouths[5].openness


@pytest.mark.parametrize("aspect_ratio", avatar.FRAMINGS)
def test_every_aspect_ratio_is_what_it_says(tmp_path: Path, aspect_ratio: str) -> None:
    out = tmp_path / "avatar.mp4"
    render(out, "Hi.", aspect_ratio=aspect_ratio, avatar_id="kenji")
    across, down = map(int, aspect_ratio.split(":"))
    with av.open(str(out)) as container:
        picture = container.streams.video[0]
        assert picture.width * down == picture.height * across


@pytest.mark.parametrize("avatar_id", AVATARS)
def test_every_presenter_blinks_and_speaks(avatar_id: str) -> None:
    puppet = Puppet(AVATARS[avatar_id], Framing((320, 180), (160, 70), 0.28))
    rest, speaking = lipsync.Mouth(lipsync.REST, 0), lipsync.Mouth(lipsync.OPEN, 1)
    still = puppet.frame(motion.Pose("open", 0, 0, 0), rest)
    changed: list[Image.Image] = [
        puppet.frame(motion.Pose("closed", 0, 0, 0), rest),
        puppet.frame(motion.Pose("open", 0, 0, 0), speaking),
        puppet.frame(motion.Pose("open", 0, 6, 0), rest),
        puppet.frame(motion.Pose("open", 0, 0, 30), rest),
    ]
    assert len({still.tobytes(), *(picture.tobytes() for picture in changed)}) == 5
    assert still.size == (320, 180)
    assert AVATARS[avatar_id].voice_id in speech.VOICES


def test_a_presenter_keeps_still_enough_and_blinks_often_enough() -> None:
    moves = motion.poses([0.5] * 500, [], 25, Random(1))
    assert 3 <= sum(pose.lids == "closed" for pose in moves) / 2 <= 9
    steps = [motion.sway(step) for step in range(motion.SWAY_STEPS)]
    for before, after in zip(steps, steps[1:] + steps[:1], strict=True):
        assert math.dist(before[:2], after[:2]) < 1


def test_captions_cover_their_sentence_in_readable_pieces() -> None:
    long = speech.Sentence("word " * 40, 1.0, 9.0)
    found = captions.captions([long, speech.Sentence("नमस्ते", 9.5, 10)], 600, 30)
    assert found[0].start_seconds == 1.0
    assert math.isclose(found[-1].end_seconds, 9.0)
    assert len(found) > 2
    assert all(captions.strip(caption.text, 600, 30).width <= 700 for caption in found)
    assert not any("…" in caption.text for caption in found)


@pytest.mark.parametrize("settings", [{"avatar_id": "zorg"}, {"aspect_ratio": "zorg"}, {"voice_id": "zorg"}])
def test_an_unknown_choice_is_named(tmp_path: Path, settings: dict[str, str]) -> None:
    with pytest.raises(ProviderError, match="zorg") as refusal:
        render(tmp_path / "avatar.mp4", **settings)
    assert refusal.value.code == "invalid_request"


def test_unsafe_scripts_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(ProviderError) as refusal:
        render(tmp_path / "avatar.mp4", "all about self-harm")
    assert refusal.value.code == "content_rejected"


@pytest.mark.parametrize("limit", [5, 30])
def test_a_report_that_raises_stops_the_work_and_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def report(percent: int) -> None:
        if percent >= limit:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        avatar.render(Brief("avatar", SCRIPT, {}), tmp_path / "avatar.mp4", report)
    assert left_running() == []
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
