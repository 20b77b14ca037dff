"""The sound of an ad: the voice over a quiet bed of chords, at the loudness that platforms play."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from creative_hub.providers.local.ffmpeg import AAC, run
from creative_hub.providers.local.media_inputs import CONTAINERS

HERTZ: Final = 22050
CHORD_SECONDS: Final = 4
CHORDS: Final = ((220.0, 261.63, 329.63), (174.61, 220.0, 261.63), (130.81, 196.0, 329.63), (196.0, 246.94, 293.66))
"""Am, F, C and G, in hertz."""


def mix(voice: Path, seconds: float, out: Path, report: Callable[[int], None]) -> None:
    """Write AAC in MP4 of `seconds`: −16 LUFS, peaks below −1.5 dB, faded at the end. Raises FFmpegError."""
    length = f"apad=whole_dur={seconds:.3f},atrim=duration={seconds:.3f}"
    duck = "sidechaincompress=threshold=0.02:ratio=8:attack=40:release=600"
    graph = (
        f"[0:a]aresample=44100,aformat=channel_layouts=stereo,{length},asplit[said][key];"
        f"{_bed()};[bed]atrim=duration={seconds:.3f}[cut];[cut][key]{duck}[low];"
        f"[said][low]amix=inputs=2:duration=first:normalize=0,loudnorm=I=-16:TP=-1.5:LRA=9,aresample=44100,"
        f"afade=t=out:st={max(0, seconds - 1):.3f}:d=1[a]"
    )
    fixed = ["-t", f"{seconds:.3f}", "-map_metadata", "-1", "-fflags", "+bitexact", "-f", "mp4"]
    run(["-i", voice, "-filter_complex", graph, "-map", "[a]", *AAC, *fixed, out], seconds=seconds, report=report)


def voice_of(recording: Path, speed: float, out: Path) -> None:
    """Write the sound of a clip or recording, `speed` times as fast, as a mono WAV. Raises FFmpegError."""
    opened = ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]
    shape = ["-map", "0:a:0", "-af", f"atempo={speed:.4f}", "-ac", "1", "-ar", str(HERTZ), "-c:a", "pcm_s16le", "-f", "wav"]
    run([*opened, "-i", recording, *shape, out])


def _bed() -> str:
    """Sine chords that swell and change every few seconds, looped; soft, and with no melody that could be somebody's."""
    parts, names = [], []
    for number, chord in enumerate(CHORDS):
        tones = "+".join(f"sin(2*PI*{hertz}*t)*0.5+sin(4*PI*{hertz}*t)*0.12" for hertz in chord)
        swell = f"(0.35+0.65*sin(PI*t/{CHORD_SECONDS}))"
        parts.append(f"aevalsrc='({tones})*{swell}*0.05':s=44100:d={CHORD_SECONDS},aformat=channel_layouts=stereo[c{number}]")
        names.append(f"[c{number}]")
    joined = f"{''.join(names)}concat=n={len(CHORDS)}:v=0:a=1"
    soft = f"lowpass=f=1400,aecho=0.8:0.7:120|190:0.3|0.2,aloop=loop=-1:size={CHORD_SECONDS * len(CHORDS) * 44100}"
    return ";".join([*parts, f"{joined},{soft}[bed]"])
