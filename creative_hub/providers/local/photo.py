"""A given picture as a moving clip: a slow camera over it, and light that passes."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from creative_hub.providers.local.drawing import Size, shadow_of, soft
from creative_hub.providers.local.media_inputs import PICTURES
from creative_hub.providers.local.prompt import Prompt
from creative_hub.providers.ports import ProviderError

_MOST_PIXELS = 80_000_000
_ROOM = 1.16  # how much larger than the frame the still is, for the camera to move in
_FILLS = 1.45  # shapes closer than this are cropped to fill the frame; others stand before a blurred copy


def ken_burns(path: Path, size: Size, seconds: int, fps: int, prompt: Prompt) -> Iterator[Image.Image]:
    """Frames of `size`. The prompt may ask for "zoom out" or "pan". Raises ProviderError("invalid_request") at once when
    the file is not a picture."""
    return _frames(_still(opened(path), (round(size[0] * _ROOM), round(size[1] * _ROOM))), size, seconds * fps, prompt)


def opened(path: Path) -> Image.Image:
    """The picture upright, opaque, in RGB. Raises ProviderError("invalid_request") for what is not one of PICTURES."""
    try:
        with Image.open(path, formats=PICTURES) as source:
            if source.width * source.height > _MOST_PIXELS:
                raise ProviderError("invalid_request", "The image is too large: use one of at most 80 megapixels.")
            source.draft("RGB", (2600, 2600))
            upright = ImageOps.exif_transpose(source).convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise ProviderError(
            "invalid_request", "The image could not be read. Use a PNG, JPEG or WebP file.", detail=str(error)
        ) from error
    return Image.alpha_composite(Image.new("RGBA", upright.size, (255, 255, 255, 255)), upright).convert("RGB")


def _still(picture: Image.Image, size: Size) -> Image.Image:
    """The picture composed for a frame of `size`."""
    shape, wanted = picture.width / picture.height, size[0] / size[1]
    filled = ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    if max(shape / wanted, wanted / shape) < _FILLS:
        return filled
    ground = soft(filled, min(size) / 14)
    ground.paste((10, 10, 16), mask=Image.new("L", size, 60))
    inner = ImageOps.contain(picture, (round(size[0] * 0.84), round(size[1] * 0.84)), Image.Resampling.LANCZOS)
    left, top = (size[0] - inner.width) // 2, (size[1] - inner.height) // 2
    card = Image.new("RGBA", size, (0, 0, 0, 0))
    card.paste(inner, (left, top))
    shadow = shadow_of(card, min(size) / 40, 0.5)
    ground.paste(shadow, (0, round(size[1] * 0.01)), shadow)
    ground.paste(inner, (left, top))
    return ground


def _frames(still: Image.Image, size: Size, count: int, prompt: Prompt) -> Iterator[Image.Image]:
    away, panning = prompt.mentions("out outwards away pullback"), prompt.mentions("pan left right slide tracking")
    leftwards = prompt.mentions("left")
    sweep = _sweep(size)
    for number in range(count):
        share = number / max(1, count - 1)
        at = share * share * (3 - 2 * share)
        wide = _ROOM - 0.04 if panning else 1.0 + (_ROOM - 1.0) * (at if away else 1 - at)
        width, height = min(still.width, size[0] * wide), min(still.height, size[1] * wide)
        slide = (1 - at if leftwards else at) if panning else 0.5 + 0.1 * (at - 0.5)
        x, y = (still.width - width) * slide, (still.height - height) * (0.5 if panning else 0.55 - 0.1 * at)
        frame = still.resize(size, Image.Resampling.BICUBIC, (x, y, x + width, y + height))
        frame.paste((255, 250, 238), (round((share * 2.6 - 1.1) * size[0]), 0), sweep)
        yield frame


def _sweep(size: Size) -> Image.Image:
    """A soft slanted band of light, as a mask."""
    band = Image.linear_gradient("L").point([round(34 * (1 - abs(v - 128) / 128) ** 2) for v in range(256)]).rotate(90)
    return band.resize(size, Image.Resampling.BICUBIC).transform(
        size, Image.Transform.AFFINE, (1.5, 0.35, -0.45 * size[0], 0, 1, 0), Image.Resampling.BILINEAR
    )
