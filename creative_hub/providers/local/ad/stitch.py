"""Pictures, captions and sound become one file."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from creative_hub.providers.local import captions
from creative_hub.providers.local.ffmpeg import H264, MP4, run
from creative_hub.providers.local.speech import Sentence


def stitch(
    picture: Path,
    sound: Path,
    sentences: Sequence[Sentence],
    size: tuple[int, int],
    until: float,
    out: Path,
    report: Callable[[int], None],
) -> None:
    """Write the ad: the captions of what is said lie over the picture until `until` seconds, where the last card begins."""
    kind = (min(size[0] * 0.84, min(size) * 1.2), min(size) * 0.05)
    told = [each for each in captions.captions(sentences, *kind) if each.start_seconds < until]
    bottom = size[1] * (0.8 if size[1] > 1.5 * size[0] else 0.94)
    with tempfile.TemporaryDirectory(prefix="ad-") as name:
        inputs: list[str | Path] = ["-i", picture, "-i", sound]
        graph, shown = [], "0:v"
        for number, each in enumerate(told):
            strip = captions.strip(each.text, *kind)
            path = Path(name, f"{number}.png")
            strip.save(path, compress_level=1)
            inputs += ["-i", path]
            x, y = (size[0] - strip.width) // 2, round(bottom) - strip.height
            when = f"between(t,{each.start_seconds:.3f},{min(each.end_seconds, until):.3f})"
            graph.append(f"[{shown}][{number + 2}:v]overlay={x}:{y}:enable='{when}'[v{number}]")
            shown = f"v{number}"
        chain = ["-filter_complex", ";".join(graph), "-map", f"[{shown}]"] if graph else ["-map", "0:v"]
        run([*inputs, *chain, "-map", "1:a", *H264, "-c:a", "copy", *MP4, out], report=report)
