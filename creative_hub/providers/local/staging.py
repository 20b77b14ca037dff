"""What a scene is made of, and how a camera looks at it: still layers at depths, and things painted anew for each moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PIL import Image, ImageChops, ImageDraw

from creative_hub.providers.local.drawing import Size

_PHASES = 4


@dataclass
class Layer:
    """A picture at `at` (left, top) of the scene. `depth` 0 stays still, 1 moves with the camera; `drift` is its own
    speed in pixels per second. RGBA layers should be trimmed: see `layer`."""

    image: Image.Image
    at: tuple[int, int] = (0, 0)
    depth: float = 0.0
    drift: float = 0.0
    _shifted: dict[int, Image.Image] = field(default_factory=dict, repr=False)

    def paint(self, frame: Image.Image, camera: float, seconds: float) -> None:
        # Whole pixels would make slow movement stutter; quarter pixels are enough and can be kept ready.
        quarter = round((self.at[0] - camera * self.depth + self.drift * seconds) * _PHASES)
        left, phase = divmod(quarter, _PHASES)
        picture = self._phase(phase)
        frame.paste(picture, (left, self.at[1]), picture if picture.mode == "RGBA" else None)

    def _phase(self, phase: int) -> Image.Image:
        if phase == 0:
            return self.image
        if phase not in self._shifted:
            self._shifted[phase] = Image.blend(self.image, ImageChops.offset(self.image, 1, 0), phase / _PHASES)
        return self._shifted[phase]


@dataclass(frozen=True)
class View:
    """Where a moving thing is painted: an alpha-blending draw, the pixels per scene pixel, the camera and the time."""

    draw: ImageDraw.ImageDraw
    scale: float
    camera: float
    seconds: float


@dataclass(frozen=True)
class Moving:
    """Rain, stars, glitter, steam: painted for each moment, in scene pixels times `View.scale`."""

    paint: Callable[[View], None]


Part = Layer | Moving


@dataclass
class Scene:
    """`ground` is the height, as a share of the picture, where a subject stands; `titled` scenes are made to carry words."""

    parts: list[Part]
    ground: float = 0.86
    titled: bool = False


def layer(image: Image.Image, depth: float = 0.0, drift: float = 0.0) -> Layer:
    """A layer as large as the scene, trimmed to what is visible of it."""
    box = image.getchannel("A").getbbox() if image.mode == "RGBA" else None
    if box is None:
        return Layer(image, depth=depth, drift=drift)
    left = max(0, box[0] - 2)  # room for a shift by less than a pixel
    trimmed = image.crop((left, box[1], box[2] + 2, box[3]))
    return Layer(trimmed, (left, box[1]), depth, drift)


def look(parts: Sequence[Part], size: Size, *, camera: float = 0, seconds: float = 0, fine: bool = False) -> Image.Image:
    """One RGB view of `size`. `camera` is how far the camera is to the right of the middle, in pixels; the outermost
    `camera` pixels on either side may then be empty.

    `fine` paints moving things antialiased, for stills.
    """
    frame = Image.new("RGB", size)
    for part in parts:
        if isinstance(part, Layer):
            part.paint(frame, camera, seconds)
        elif fine:
            overlay = Image.new("RGBA", (size[0] * 2, size[1] * 2), (255, 255, 255, 0))
            part.paint(View(ImageDraw.Draw(overlay), 2, camera, seconds))
            small = overlay.reduce(2)
            frame.paste(small, mask=small)
        else:
            part.paint(View(ImageDraw.Draw(frame, "RGBA"), 1, camera, seconds))
    return frame
