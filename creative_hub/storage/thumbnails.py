"""A small picture of a file: an image made smaller, a frame of a clip, the waveform of a sound."""

from pathlib import Path

import av
from PIL import Image, ImageDraw, ImageOps

SIZE = (480, 480)
POSTER_SECONDS = 5.0
WAVE_SIZE = (480, 160)
WAVE_BARS = 80
WAVE_COLOUR = (99, 102, 241, 255)


def make(file: Path, kind: str, out: Path) -> None:
    """Writes a WebP of at most 480 pixels a side. Raises whatever the decoder does on a damaged file."""
    match kind:
        case "image":
            with Image.open(file) as image:
                image.draft("RGB", SIZE)  # a JPEG is decoded at the size that is needed: half the time
                picture = ImageOps.exif_transpose(image).convert("RGB")
        case "video":
            picture = _frame(file)
        case _:
            picture = _waveform(file)
    picture.thumbnail(SIZE)
    picture.save(out, "WEBP", quality=82, method=2)


def _frame(file: Path) -> Image.Image:
    """A frame from where a clip is past its opening: the middle, or POSTER_SECONDS into a long one; else the last."""
    with av.open(str(file)) as container:
        wanted = min((container.duration or 0) / av.time_base / 2, POSTER_SECONDS)
        container.seek(int(wanted * av.time_base))  # the keyframe before it
        frame = None
        for frame in container.decode(video=0):
            if frame.time is not None and frame.time >= wanted:
                break
        if frame is None:
            raise ValueError("a clip without frames")
        picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
        return picture


def _waveform(file: Path) -> Image.Image:
    peaks = _peaks(file)
    picture = Image.new("RGBA", WAVE_SIZE, (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    width, height = WAVE_SIZE
    step = width / WAVE_BARS
    loudest = max(peaks, default=0) or 1
    for index, peak in enumerate(peaks):
        half = max(2, peak / loudest * (height / 2 - 8))
        left = index * step + step * 0.2
        draw.rounded_rectangle((left, height / 2 - half, left + step * 0.6, height / 2 + half), 2, WAVE_COLOUR)
    return picture


def _peaks(file: Path) -> list[int]:
    """The loudest sample of each of WAVE_BARS equal parts."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=8000)
    samples = bytearray()
    with av.open(str(file)) as container:
        for frame in container.decode(audio=0):
            for piece in resampler.resample(frame):
                samples += bytes(piece.planes[0])[: piece.samples * 2]
    values = memoryview(samples).cast("h")
    part = max(1, len(values) // WAVE_BARS)
    return [max(map(abs, values[start : start + part])) for start in range(0, part * WAVE_BARS, part) if start < len(values)]
