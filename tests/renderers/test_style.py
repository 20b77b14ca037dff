"""Style transfer without the engine: what is measured in a clip, and what is made of it. On real clips made for it."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from creative_hub.providers.local.ffmpeg import ffmpeg_path
from creative_hub.providers.local.style import card, dna, motion, shots, sound, summary
from creative_hub.providers.local.style.colour import oklab, srgb
from creative_hub.providers.local.style.dna import Look, look_of
from creative_hub.providers.local.style.grade import applied, curve, grade
from creative_hub.providers.local.style.looks import LOOKS
from creative_hub.providers.local.style.pace import pace, punch_ins
from creative_hub.providers.local.style.render import QUALITIES, render
from creative_hub.providers.local.style.transform import transformation
from creative_hub.providers.ports import ProviderError
from tests.renderers.clips import make, vast
from tests.renderers.running import left_running

WARM = "gradients=c0=0x402010:c1=0xffc070:n=2:seed=1:speed=0.01"
COLD = "gradients=c0=0x04101c:c1=0x6090c0:n=2:seed=1:speed=0.01"
STILL = "smptebars"
TONE = "sine=frequency=997:sample_rate=48000:duration=20"
SETTINGS: dict[str, Any] = {"look": "noir", "strength": 100, "pace": "template", "quality": "draft"}


def nothing(percent: int) -> None:
    """Nobody listens."""


def analysed(path: Path) -> dict[str, Any]:
    video = shots.analyse(path, "clip", nothing)
    seconds = video["seconds"]
    return {
        "video": video,
        "sound": sound.analyse(path, seconds, nothing),
        "motion": motion.analyse(path, seconds, nothing),
        "style": dna.extract(path, video["shots"], seconds, nothing),
        "pace": pace(video["shots"], seconds),
    }


def styled(clip: Path, out: Path, template: Path | None = None, **settings: Any) -> dict[str, Any]:
    chosen = SETTINGS | settings
    found = analysed(clip)
    made = transformation(found, analysed(template) if template else None, chosen, nothing)
    out.parent.mkdir(exist_ok=True)
    render(clip, found["video"], made, chosen["quality"], out, nothing)
    return made


def look(path: Path) -> Look:
    return look_of(dna.extract(path, [0.0], 1.0, nothing)["look"])


# What is measured


def test_hard_cuts_are_found_and_a_fast_movement_is_none(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", [WARM, STILL, "mandelbrot"])
    assert shots.analyse(clip, "clip", nothing)["shots"] == pytest.approx([0, 1, 2], abs=0.05)
    moving = make(tmp_path / "moving.mp4", ["testsrc2,scroll=horizontal=0.08"], seconds=2)
    assert shots.analyse(moving, "clip", nothing)["shots"] == [0.0]


def test_exposure_tells_what_is_crushed_and_what_is_blown_out(tmp_path: Path) -> None:
    dark = shots.analyse(make(tmp_path / "dark.mp4", ["color=c=black"]), "clip", nothing)["exposure"]
    bright = shots.analyse(make(tmp_path / "bright.mp4", ["color=c=white"]), "clip", nothing)["exposure"]
    assert (dark["crushed"], dark["blown_out"]) == (1.0, 0.0)
    assert (bright["crushed"], bright["blown_out"]) == (0.0, 1.0)
    assert dark["mean"] < 0.05 < 0.95 < bright["mean"]


def test_loudness_is_that_of_the_standard(tmp_path: Path) -> None:
    """EBU Tech 3341, case 1: a sine of 997 Hz at -23 dBFS in both channels is at -23 LUFS."""
    clip = make(tmp_path / "clip.mp4", [STILL], seconds=6, sound=f"{TONE},volume=-5dB,pan=stereo|c0=c0|c1=c0")
    heard = sound.analyse(clip, 6, nothing)
    assert heard is not None
    assert heard["loudness_lufs"] == pytest.approx(-23.1, abs=0.5)
    assert heard["peak_db"] == pytest.approx(-23.1, abs=0.5)
    assert heard["tempo_bpm"] is None


@pytest.mark.parametrize("bpm", [90, 120])
def test_the_tempo_of_a_beat_is_heard(tmp_path: Path, bpm: int) -> None:
    beat = f"aevalsrc='0.7*sin(2*PI*900*t)*lt(mod(t\\,{60 / bpm})\\,0.04)':d=8"
    heard = sound.analyse(make(tmp_path / "clip.mp4", [STILL], seconds=8, sound=beat), 8, nothing)
    assert heard is not None
    assert heard["tempo_bpm"] == pytest.approx(bpm, abs=2)
    assert min(heard["first_beat_seconds"] % (60 / bpm), -heard["first_beat_seconds"] % (60 / bpm)) < 0.1


def test_silence_has_no_loudness_and_a_clip_without_a_sound_no_sound(tmp_path: Path) -> None:
    silent = make(tmp_path / "silent.mp4", [STILL], seconds=5, sound="anullsrc")
    assert sound.analyse(silent, 5, nothing) == {
        "loudness_lufs": None,
        "peak_db": None,
        "tempo_bpm": None,
        "first_beat_seconds": None,
    }
    assert sound.analyse(make(tmp_path / "mute.mp4", [STILL]), 1, nothing) is None


def test_motion_is_told_from_standing_still_and_a_pan_by_its_speed(tmp_path: Path) -> None:
    still = motion.analyse(make(tmp_path / "still.mp4", [STILL], seconds=2), 2, nothing)
    pan = motion.analyse(
        make(tmp_path / "pan.mp4", ["mandelbrot=start_scale=2:end_scale=2,scroll=horizontal=0.01"], seconds=2), 2, nothing
    )
    assert (still["kind"], still["pan"]) == ("still", 0.0)
    assert pan["energy"] > still["energy"]
    assert pan["pan"] == pytest.approx(0.25, abs=0.06)


def test_grain_is_measured_in_levels(tmp_path: Path) -> None:
    clean = make(tmp_path / "clean.mp4", ["color=c=gray"], size="320x240")
    grainy = make(tmp_path / "grainy.mp4", ["color=c=gray,noise=c0s=12:c0f=t"], size="320x240")
    assert look(clean).grain < 0.3
    assert 2 < look(grainy).grain < 10


def test_the_palette_has_the_colours_of_the_clip(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", ["color=c=0x2060c0,drawbox=w=iw/3:h=ih:c=0xe08020:t=fill"])
    found = dna.extract(clip, [0.0], 1.0, nothing)["palette"]
    assert [swatch["share"] for swatch in found[:2]] == pytest.approx([0.67, 0.33], abs=0.03)
    for swatch, wanted in zip(found, ("2060c0", "e08020"), strict=False):
        seen, meant = bytes.fromhex(swatch["hex"][1:]), bytes.fromhex(wanted)
        assert max(abs(a - b) for a, b in zip(seen, meant, strict=True)) < 24


def test_words_say_what_the_numbers_mean(tmp_path: Path) -> None:
    warm = summary.of_clip(analysed(make(tmp_path / "warm.mp4", [WARM])))
    cold = summary.of_clip(analysed(make(tmp_path / "cold.mp4", [COLD])))
    assert "warm" in warm["words"]
    assert "cool" in cold["words"]
    assert warm["temperature"] > 0 > cold["temperature"]


# What is made of it


def test_oklab_and_back_is_the_same_colour() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (500, 3), dtype=np.uint8)
    assert np.abs(srgb(oklab(colours)) * 255 - colours).max() < 0.1


def test_a_tone_curve_rises_everywhere() -> None:
    for before in LOOKS.values():
        for after in LOOKS.values():
            heights = [y for _, y in curve(before.look.tones, after.look.tones)]
            assert heights == sorted(heights)


@pytest.mark.parametrize("strength", [0.4, 1.0])
def test_a_clip_graded_towards_itself_stays_as_it_is(strength: float) -> None:
    pixels = np.random.default_rng(2).normal((0.55, 0.01, 0.02), (0.15, 0.03, 0.04), (4000, 3)).astype(np.float32)
    own = dna.measure(pixels)
    inside = pixels[((srgb(pixels) > 0) & (srgb(pixels) < 1)).all(axis=1)]
    assert np.abs(applied(grade(own, own, strength), inside) - srgb(inside)).mean() < 0.02


def test_the_result_has_come_nearer_to_the_template(tmp_path: Path) -> None:
    clip, template = make(tmp_path / "clip.mp4", [COLD]), make(tmp_path / "template.mp4", [WARM])
    styled(clip, tmp_path / "out" / "out.mp4", template)
    before, wanted, after = look(clip), look(template), look(tmp_path / "out" / "out.mp4")
    for zone in range(3):
        assert abs(after.casts[zone][1] - wanted.casts[zone][1]) < 0.6 * abs(before.casts[zone][1] - wanted.casts[zone][1]) + 0.01
    assert after.casts[1][1] > 0 > before.casts[1][1]


def test_the_looks_really_differ_and_noir_has_no_colour(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    pixels = rng.normal((0.55, 0.0, 0.01), (0.18, 0.04, 0.05), (4000, 3)).astype(np.float32)
    own = dna.measure(pixels)
    made = {name: oklab(applied(grade(own, named.look, 1.0), pixels)) for name, named in LOOKS.items()}
    assert np.abs(made["noir"][:, 1:]).max() < 0.01
    names = list(made)
    for number, name in enumerate(names):
        for other in names[number + 1 :]:
            assert np.linalg.norm(made[name] - made[other], axis=1).mean() > 0.025, (name, other)


def test_a_weaker_strength_changes_less(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", [WARM])
    found = analysed(clip)["style"]
    own, lab = look_of(found["look"]), oklab(np.random.default_rng(4).integers(0, 256, (500, 3), dtype=np.uint8))
    changes = [np.abs(applied(grade(own, LOOKS["neon"].look, share), lab) - srgb(lab)).mean() for share in (0.4, 0.7, 1.0)]
    assert changes == sorted(changes)


def test_a_long_shot_is_cut_to_the_template_s_pace_on_the_beat() -> None:
    clip = {
        "video": {"shots": [0.0], "seconds": 10.0},
        "sound": {"tempo_bpm": 120, "first_beat_seconds": 0.25},
        "motion": {"part_seconds": 0.5, "curve": [0.1] * 20},
    }
    found = punch_ins(clip, 2.0)
    assert len(found) == 2
    for start, end in found:
        assert (start - 0.25) % 0.5 == pytest.approx(0, abs=0.01)
        assert 1 < end - start < 3
    assert punch_ins(clip, 8.0) == []


# The file


def test_the_file_plays_everywhere_and_keeps_length_shape_and_sound(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", [COLD, STILL], sound=f"{TONE},volume=-18dB", size="108x192")
    made = styled(clip, tmp_path / "out" / "out.mp4", make(tmp_path / "template.mp4", [WARM]))
    assert len(made["grades"]) == 2
    with av.open(str(tmp_path / "out" / "out.mp4")) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == (108, 192)
        assert (container.duration or 0) / av.time_base == pytest.approx(2, abs=0.1)
        assert container.streams.audio[0].codec_context.name == "aac"
    content = (tmp_path / "out" / "out.mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_the_sound_is_brought_to_the_usual_loudness(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", [STILL], seconds=4, sound=f"{TONE},volume=-14dB")
    styled(clip, tmp_path / "out" / "out.mp4")
    heard = sound.analyse(tmp_path / "out" / "out.mp4", 4, nothing)
    assert heard is not None
    assert heard["loudness_lufs"] == pytest.approx(-16, abs=1.5)
    assert heard["peak_db"] < -1


def test_a_phone_s_turned_clip_comes_out_upright(tmp_path: Path) -> None:
    lying = make(tmp_path / "lying.mp4", [WARM])
    turned = tmp_path / "turned.mp4"
    subprocess.run([ffmpeg_path(), "-v", "error", "-display_rotation", "90", "-i", lying, "-c", "copy", turned], check=True)
    styled(turned, tmp_path / "out" / "out.mp4")
    with av.open(str(tmp_path / "out" / "out.mp4")) as container:
        assert (container.streams.video[0].width, container.streams.video[0].height) == (108, 192)


def test_a_large_clip_is_made_smaller_and_its_sides_even(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", [STILL + ",scale=1502:902"], seconds=0.2)
    styled(clip, tmp_path / "out" / "out.mp4", quality="draft")
    with av.open(str(tmp_path / "out" / "out.mp4")) as container:
        video = container.streams.video[0]
        assert (video.width, video.height % 2) == (QUALITIES["draft"].side, 0)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribbled(path: Path) -> None:
    path.write_bytes(b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40)


def no_picture(path: Path) -> None:
    subprocess.run([ffmpeg_path(), "-v", "error", "-y", "-f", "lavfi", "-i", "sine=d=1", "-f", "mp4", path], check=True)


@pytest.mark.parametrize("spoil", [cut_short, scribbled, no_picture])
def test_what_is_no_clip_is_refused_in_plain_words(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    clip = make(tmp_path / "clip.mp4", [WARM])
    spoil(clip)
    with pytest.raises(ProviderError) as caught:
        shots.analyse(clip, "template clip", nothing)
    assert caught.value.code == "invalid_request"
    assert caught.value.message.startswith("The template clip")


def test_a_clip_whose_frames_are_vast_is_refused_before_one_is_decoded(tmp_path: Path) -> None:
    with pytest.raises(ProviderError, match="The clip is too large: 8000×8000 pixels") as caught:
        shots.analyse(vast(tmp_path / "vast.gif"), "clip", nothing)
    assert caught.value.code == "invalid_request"


def test_a_clip_damaged_in_its_middle_is_read_around_the_damage(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", ["testsrc2"], seconds=3)
    content = bytearray(clip.read_bytes())
    middle = content.index(b"mdat") + (len(content) - content.index(b"mdat")) // 3
    content[middle : middle + 600] = bytes(600)
    clip.write_bytes(content)
    styled(clip, tmp_path / "out" / "out.mp4")
    assert (tmp_path / "out" / "out.mp4").stat().st_size > 1000


def test_a_report_that_raises_stops_the_rendering_and_its_child(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", ["testsrc2"], seconds=4, size="640x360")
    found = analysed(clip)
    made = transformation(found, None, SETTINGS, nothing)
    (tmp_path / "out").mkdir()

    def stop(percent: int) -> None:
        if percent > 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        render(clip, found["video"], made, "high", tmp_path / "out" / "out.mp4", stop)
    assert left_running() == []


def test_a_style_alone_becomes_a_card(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", [WARM, COLD])
    card.draw(summary.of_clip(analysed(clip)), clip, tmp_path / "card.png")
    assert (tmp_path / "card.png").read_bytes().startswith(b"\x89PNG")
