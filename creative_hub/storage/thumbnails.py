"""A small picture of a file: an image made smaller, a frame of a clip, the waveform of a sound."""

from pathlib import Path

from PIL import Image, ImageOps

from creative_hub.storage import confined
from creative_hub.storage.probe import IMAGES, MAX_PIXELS

SIZE = (480, 480)


def make(file: Path, kind: str, out: Path) -> None:
    """Writes a WebP of at most 480 pixels a side. Raises whatever the decoder does on a damaged file; takes a minute at most."""
    match kind:
        case "image":
            _image(file, out)
        case "video":
            confined.run("poster", file, out)
        case _:
            confined.run("waveform", file, out)


def _image(file: Path, out: Path) -> None:
    with Image.open(file, formats=list(IMAGES)) as image:
        if image.width * image.height > MAX_PIXELS:
            raise ValueError("the picture is too large")
        image.draft("RGB", SIZE)  # a JPEG is decoded at the size that is needed: half the time
        clear = image.has_transparency_data
        picture = ImageOps.exif_transpose(image).convert("RGBA" if clear else "RGB")
    picture.thumbnail(SIZE)
    picture.save(out, "WEBP", quality=82, method=2)
