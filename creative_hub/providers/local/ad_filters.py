"""The ffmpeg command of an advertisement: a base that fills the frame, layers that move in, and the sound."""

from collections.abc import Sequence
from pathlib import Path

from creative_hub.providers.local.ffmpeg import AAC, H264, MP4
from creative_hub.providers.local.layers import Layer
from creative_hub.providers.local.media_inputs import CONTAINERS, Media

FPS = 25
DRIFT = 1.1
"""How much larger than the frame a still backdrop is."""
_APPEAR_SECONDS, _MOVE_SECONDS = 0.4, 0.7
_FADE_OUT_SECONDS = 0.7


def arguments(
    base: Media | Path,
    voice: Media | None,
    layers: Sequence[tuple[Path, Layer]],
    size: tuple[int, int],
    seconds: float,
    *,
    waves: bool,
) -> list[str | Path]:
    """All but the output file. `base` is a clip, looped to fill, or a still; `layers` are files of their pictures, lowest
    first; `waves` draws the voice's waveform in the middle of the frame.
    """
    args: list[str | Path] = []
    if isinstance(base, Media):
        args += ["-stream_loop", "-1", *_opened(base), "-i", base.path]
    else:
        args += ["-i", base]
    for path, _ in layers:
        args += ["-i", path]
    voice_input = len(layers) + 1
    if voice:
        args += [*_opened(voice), "-i", voice.path]
    picture = [_base(base, size, seconds), *(_layer(number, layer, seconds) for number, (_, layer) in enumerate(layers, 1))]
    shown = f"v{len(layers)}"
    sound, wave = _sound(base if isinstance(base, Media) else None, voice, voice_input, seconds, waves=waves)
    if wave:
        picture.append(_waves(wave, shown, size))
        shown = "waved"
    graph = ";".join([*picture, f"[{shown}]format=yuv420p[v]", *sound])
    length = ["-r", str(FPS), "-t", f"{seconds:.3f}"]
    return [*args, "-filter_complex", graph, "-map", "[v]", "-map", "[a]", *H264, *AAC, *length, *MP4]


def _opened(media: Media) -> list[str]:
    """Input options that keep a person's file from naming other files or addresses."""
    return ["-protocol_whitelist", "file", "-format_whitelist", CONTAINERS]


def _base(base: Media | Path, size: tuple[int, int], seconds: float) -> str:
    width, height = size
    if isinstance(base, Media):
        fill = f"scale={width}:{height}:force_original_aspect_ratio=increase:out_color_matrix=bt709:out_range=tv"
        hold = f"tpad=stop_mode=clone:stop_duration={seconds:.3f},trim=duration={seconds:.3f}"
        return f"[0:v:0]fps={FPS},{fill},crop={width}:{height},setsar=1,format=yuv420p,{hold},setpts=PTS-STARTPTS[v0]"
    path = "x='(iw-ow)/2*(1+sin(t*0.4))':y='(ih-oh)/2*(1+cos(t*0.33))'"
    still = f"scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{_repeated(seconds)}"
    return f"[0:v]{still},crop={width}:{height}:{path},setsar=1[v0]"


def _repeated(seconds: float) -> str:
    return f"loop=loop=-1:size=1,setpts=N/{FPS}/TB,trim=duration={seconds:.3f}"


def _layer(number: int, layer: Layer, seconds: float) -> str:
    start = layer.start_seconds
    left = f"pow(1-clip((t-{start:.2f})/{_MOVE_SECONDS},0,1),3)"
    appear = f",fade=t=in:st={start:.2f}:d={_APPEAR_SECONDS}:alpha=1" if start else ""
    picture = f"[{number}:v]scale=out_color_matrix=bt709:out_range=tv,format=yuva420p,{_repeated(seconds)}{appear}[p{number}]"
    x = f"{layer.x:.0f}+({layer.dx:.0f})*{left}" if layer.dx else f"{layer.x:.0f}"
    y = f"{layer.y:.0f}+({layer.dy:.0f})*{left}" if layer.dy else f"{layer.y:.0f}"
    return f"{picture};[v{number - 1}][p{number}]overlay=x='{x}':y='{y}':eof_action=repeat:enable='gte(t,{start:.2f})'[v{number}]"


def _sound(clip: Media | None, voice: Media | None, voice_input: int, seconds: float, *, waves: bool) -> tuple[list[str], str]:
    """The filters that end in [a], and the label of the voice as the waveform is to be drawn from, or nothing.

    The clip's own sound steps back while the voice speaks.
    """
    whole = f"aresample=44100,aformat=channel_layouts=stereo,apad=whole_dur={seconds:.3f},atrim=duration={seconds:.3f}"
    fade = f"afade=t=out:st={seconds - _FADE_OUT_SECONDS:.3f}:d={_FADE_OUT_SECONDS}"
    level = f"loudnorm=I=-16:TP=-1.5:LRA=9,aresample=44100,{fade}[a]"
    own = clip is not None and clip.has_audio
    if voice and own:
        duck = "sidechaincompress=threshold=0.02:ratio=10:attack=30:release=500"
        return [
            f"[{voice_input}:a:0]{whole},asplit[said][key]",
            f"[0:a:0]{whole},volume=0.5[own]",
            f"[own][key]{duck}[ducked]",
            f"[said][ducked]amix=inputs=2:duration=first:normalize=0,{level}",
        ], ""
    if voice:
        split, label = ("asplit[said][drawn];[said]", "drawn") if waves else ("", "")
        return [f"[{voice_input}:a:0]{whole},{split}{level}"], label
    if own:
        return [f"[0:a:0]{whole},{level}"], ""
    return [f"anullsrc=r=44100:cl=stereo,atrim=duration={seconds:.3f}[a]"], ""


def _waves(sound: str, under: str, size: tuple[int, int]) -> str:
    width, height = round(size[0] * 0.8), round(min(size) * 0.5)
    look = f"showwaves=s={width}x{height}:mode=cline:scale=sqrt:rate={FPS}:colors=white:draw=full"
    return f"[{sound}]pan=mono|c0=c0,{look},format=yuva420p[wave];[{under}][wave]overlay=(W-w)/2:(H-h)/2:eof_action=pass[waved]"
