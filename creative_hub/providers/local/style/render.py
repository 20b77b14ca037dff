"""Rendering: the transformation, applied to all frames and the sound by ffmpeg, which reads and writes as it goes."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from creative_hub.providers.local.ffmpeg import AAC, MP4, FFmpegError, run
from creative_hub.providers.local.media_inputs import CONTAINERS
from creative_hub.providers.local.style import cube
from creative_hub.providers.local.style.frames import Report, unreadable
from creative_hub.providers.local.style.grade import grade_of
from creative_hub.providers.local.style.transform import PEAK_DB

CLOSER = 1.12
"""How much larger a punched-in part is shown."""
MOST_FPS = 60
TIMEOUT_SECONDS = 1700


@dataclass(frozen=True, slots=True)
class Quality:
    """`side`: the longer side is at most so many pixels. `crf` and `preset` are x264's; `kbit` is the most a second takes."""

    label: str
    side: int
    crf: int
    preset: str
    kbit: int


QUALITIES: Final = {
    "standard": Quality("Standard: up to 1080p", 1920, 21, "superfast", 12_000),
    "high": Quality("High: finer, slower, larger", 1920, 18, "fast", 24_000),
    "draft": Quality("Draft: quick, up to 540p", 960, 24, "superfast", 4_000),
}


def render(clip: Path, video: Mapping[str, Any], made: Mapping[str, Any], quality: str, out: Path, report: Report) -> None:
    """Writes `out` as H.264 (yuv420p) in MP4 that plays while it loads, upright, of the clip's own shape and length.

    `video` is the clip's analysis, `made` the transformation. Needs a folder of its own around `out` for its tables.
    Raises ProviderError for a clip that ffmpeg cannot read; whatever `report` raises ends ffmpeg and comes through.
    """
    report(0)
    tables = list[Path]()
    for number, said in enumerate(made["grades"]):
        tables.append(out.with_name(f"grade-{number}.cube"))
        cube.write(grade_of(said), tables[-1])
        report(min(3, number))
    graph = picture(tables, video["shots"], made, QUALITIES[quality])
    opened = ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]
    sound = _sound(made["gain_db"], video["has_audio"])
    args: list[str | Path] = [
        *opened,
        "-i",
        clip,
        "-filter_complex",
        graph,
        "-map",
        "[v]",
        *sound,
        *_coded(QUALITIES[quality], video["fps"]),
        *MP4,
        out,
    ]
    try:
        run(
            args, seconds=video["seconds"], report=lambda percent: report(3 + percent * 96 // 99), timeout_seconds=TIMEOUT_SECONDS
        )
    except FFmpegError as error:
        raise unreadable("clip", error) from error


def picture(tables: Sequence[Path], shots: Sequence[float], made: Mapping[str, Any], quality: Quality) -> str:
    """The filters from the clip's picture to [v]: size, framing, colour, vignette, grain."""
    whole = f"min(1,{quality.side}/max(iw*sar,ih))"
    chain = [f"[0:v:0]scale=w='trunc(iw*sar*{whole}/2)*2':h='trunc(ih*{whole}/2)*2',setsar=1,format=yuv420p[v0]"]
    shown = "v0"
    if made["punch_ins"]:
        when = "+".join(f"gte(t,{start - 0.004:.3f})*lt(t,{end - 0.004:.3f})" for start, end in made["punch_ins"])
        closer = f"crop=iw/{CLOSER}:ih/{CLOSER}:(iw-ow)/2:(ih-oh)*0.42"
        chain.append(f"[v0]split[far][near];[near]{closer},scale=iw*{CLOSER}:ih*{CLOSER}[closer]")
        chain.append(f"[far][closer]overlay=enable='{when}'[v1]")
        shown = "v1"
    colours = [f"lut3d=file={_quoted(path)}:interp=tetrahedral{_while(shots, at, len(tables))}" for at, path in enumerate(tables)]
    finish = ["scale=out_color_matrix=bt709:out_range=tv", "format=yuv420p"]
    if made["vignette"]:
        finish.append(f"vignette=angle={made['vignette']:.3f}")
    if made["grain"] >= 0.5:
        finish.append(f"noise=c0s={round(made['grain'] * 2.2)}:c0f=t")
    chain.append(f"[{shown}]" + ",".join(["format=gbrpf32", *colours, *finish]) + "[v]")
    return ";".join(chain)


def _while(shots: Sequence[float], at: int, of: int) -> str:
    """The time of the shot that a table is for; half a frame early, since times are rounded."""
    if of == 1:
        return ""
    ends = f"*lt(t,{shots[at + 1] - 0.004:.3f})" if at + 1 < of else ""
    return f":enable='gte(t,{max(0, shots[at] - 0.004):.3f}){ends}'"


def _sound(gain_db: float | None, has_audio: bool) -> list[str]:
    if not has_audio:
        return []
    limit = f"alimiter=limit={10 ** (PEAK_DB / 20):.4f}:level=false:latency=true"
    level = ["-af", f"aresample=44100,volume={gain_db}dB,{limit}"] if gain_db is not None else []
    return ["-map", "0:a:0", *level, *AAC]


def _coded(quality: Quality, fps: float) -> list[str]:
    rate = ["-r", str(MOST_FPS)] if fps > MOST_FPS + 1 else []
    most = ["-maxrate", f"{quality.kbit}k", "-bufsize", f"{2 * quality.kbit}k"]
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    coder = ["-c:v", "libx264", "-preset", quality.preset, "-crf", str(quality.crf), "-pix_fmt", "yuv420p", "-threads", "2"]
    return [*rate, *coder, *most, *tags]


def _quoted(path: Path) -> str:
    """A path inside a filter graph: quoted for the filter's options, and again for the graph."""
    option = re.sub(r"([\\':])", r"\\\1", str(path))
    return re.sub(r"([\\'\[\],;])", r"\\\1", option)
