"""The small picture of a file shows what is in it."""

import subprocess
from pathlib import Path

from PIL import Image

from creative_hub.providers.local.ffmpeg import ffmpeg_path
from creative_hub.storage import thumbnails


def test_a_clips_poster_is_from_its_middle_and_not_from_the_last_keyframe_before(tmp_path: Path) -> None:
    """Two seconds of black, then two of white, with one keyframe at the start."""
    clip, out = tmp_path / "clip.mp4", tmp_path / "poster.webp"
    scene = "color=black:s=64x64:d=1.5:r=10[a];color=white:s=64x64:d=2.5:r=10[b];[a][b]concat"
    command = [ffmpeg_path(), "-loglevel", "error", "-filter_complex", scene, "-g", "1000", "-sc_threshold", "0"]
    subprocess.run([*command, "-pix_fmt", "yuv420p", str(clip)], check=True)
    thumbnails.make(clip, "video", out)
    with Image.open(out) as poster:
        brightness = poster.convert("L").getpixel((32, 32))
    assert isinstance(brightness, int | float)
    assert brightness > 200


def test_a_sound_gets_its_waveform(tmp_path: Path) -> None:
    sound, out = tmp_path / "sound.mp3", tmp_path / "wave.webp"
    command = [ffmpeg_path(), "-loglevel", "error", "-f", "lavfi", "-i", "sine=d=1", str(sound)]
    subprocess.run(command, check=True)
    thumbnails.make(sound, "audio", out)
    with Image.open(out) as wave:
        assert wave.size == (480, 160)
        assert wave.getchannel("A").getextrema() == (0, 255)
