"""Shaded solids on a transparent square: what the subjects are modelled from. Coordinates are shares of its side."""

from collections.abc import Sequence

from PIL import Image

from creative_hub.providers.local.drawing import Colour, Pen, Point, curve, gradient, mix, soft

WHITE: Colour = (255, 255, 255)
INK: Colour = (18, 18, 24)


def round_shade(colour: Colour, gloss: float = 0.4) -> list[Colour]:
    """Left to right over something cylindrical that is lit from the left."""
    lights = mix(colour, WHITE, gloss)
    return [
        mix(colour, INK, 0.38),
        lights,
        mix(colour, WHITE, gloss * 0.35),
        colour,
        mix(colour, INK, 0.22),
        mix(colour, INK, 0.5),
    ]


def flat_shade(colour: Colour) -> list[Colour]:
    """Top to bottom over a plane."""
    return [mix(colour, WHITE, 0.2), colour, mix(colour, INK, 0.18)]


class Clay:
    """A square transparent picture that solids are added to, the nearest last."""

    def __init__(self, side: int) -> None:
        self.side = side
        self.picture = Image.new("RGBA", (side, side), (0, 0, 0, 0))

    def form(self, outline: Sequence[Point], shade: Sequence[Colour], *, down: bool = False, alpha: int = 255) -> None:
        """A filled outline, shaded across its own width (or `down` its height)."""
        pen = Pen((self.side, self.side), "L")
        pen.polygon([(x * self.side, y * self.side) for x, y in outline], alpha)
        self._fill(pen, shade, down)

    def disc(self, centre: Point, rx: float, ry: float, shade: Sequence[Colour], *, down: bool = False, alpha: int = 255) -> None:
        pen = Pen((self.side, self.side), "L")
        pen.ellipse((centre[0] * self.side, centre[1] * self.side), rx * self.side, ry * self.side, alpha)
        self._fill(pen, shade, down)

    def box(
        self, left: float, top: float, right: float, bottom: float, shade: Sequence[Colour], *,
        corner: float = 0, down: bool = False, alpha: int = 255,
    ) -> None:  # fmt: skip
        pen = Pen((self.side, self.side), "L")
        k = self.side
        pen.block((left * k, top * k, right * k, bottom * k), alpha, corner * k)
        self._fill(pen, shade, down)

    def stroke(self, points: Sequence[Point], colour: Colour, width: float, *, alpha: int = 255, smooth: bool = False) -> None:
        pen = Pen((self.side, self.side), "L")
        scaled = [(x * self.side, y * self.side) for x, y in points]
        pen.line(curve(scaled) if smooth else scaled, alpha, width * self.side)
        self._fill(pen, (colour, colour), True)

    def ring(self, centre: Point, radius: float, width: float, colour: Colour) -> None:
        pen = Pen((self.side, self.side), "L")
        pen.ring((centre[0] * self.side, centre[1] * self.side), radius * self.side, width * self.side, 255)
        self._fill(pen, (mix(colour, WHITE, 0.12), mix(colour, INK, 0.15)), True)

    def shine(self, outline: Sequence[Point], strength: int = 110, blur: float = 0.006) -> None:
        """A soft reflection of light."""
        pen = Pen((self.side, self.side), "L", 1)
        pen.polygon([(x * self.side, y * self.side) for x, y in outline], strength)
        white = Image.new("RGBA", self.picture.size, WHITE)
        white.putalpha(soft(pen.picture(), blur * self.side))
        self.picture = Image.alpha_composite(self.picture, white)

    def _fill(self, pen: Pen, shade: Sequence[Colour], down: bool) -> None:
        mask = pen.picture()
        if not (bounds := mask.getbbox()):
            return
        stops = list(shade) if len(shade) > 1 else [shade[0], shade[0]]
        size = (bounds[2] - bounds[0], bounds[3] - bounds[1])
        solid = gradient(size, stops, horizontal=not down).convert("RGBA")
        solid.putalpha(mask.crop(bounds))
        self.picture.alpha_composite(solid, (bounds[0], bounds[1]))
