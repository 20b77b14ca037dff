"""The presenter's head: what stays (skin, ears, nose, hair in front) and the sprites that change (eyes, mouth)."""

from functools import lru_cache

from PIL import Image

from creative_hub.providers.local import hair, lipsync
from creative_hub.providers.local.drawing import Colour, Point, mix
from creative_hub.providers.local.looks import Look
from creative_hub.providers.local.sheet import Sheet, mirrored

BOX = (-190.0, -220.0, 190.0, 200.0)
"""The head's sheet in units: the face is about 204 wide and 270 high around (0, 0)."""
EYES_BOX = (-88.0, -64.0, 88.0, 26.0)
MOUTH_BOX = (-56.0, 40.0, 56.0, 122.0)
EYES = ("open", "half", "closed")
BROWS = (0, 1, 2)
MOUTH_LEVELS = 10

OUTLINE = mirrored([(0, -138), (62, -126), (98, -76), (104, -10), (97, 46), (76, 96), (42, 128), (0, 138)])
_WHITE = (255, 253, 250)
_INSIDE = (92, 28, 38)
_TONGUE = (205, 98, 104)
_SHAPES = {
    lipsync.REST: (31, 26),
    lipsync.WIDE: (36, 27),
    lipsync.OPEN: (31, 43),
    lipsync.ROUND: (20, 36),
    lipsync.TEETH: (32, 20),
    lipsync.CLOSED: (29, 10),
}
"""Half width at full voice, and height of the opening, of each shape, in units."""


def head(look: Look, scale: float) -> Image.Image:
    """Everything of the head that does not change, on BOX."""
    sheet = Sheet(BOX, scale)
    shadow = mix(look.skin, (120, 44, 36), 0.2)
    if look.hair != "hijab":
        _ears(sheet, look, shadow)
    sheet.blob(OUTLINE, look.skin)
    sheet.shade(mirrored([(0, 60), (70, 62), (118, 0), (122, 110), (60, 150), (0, 152)]), shadow, 0.28, within=OUTLINE, soft=14)
    for side in (-1, 1):
        sheet.shade(_circle(side * 60, 42, 24), mix(look.skin, (236, 84, 84), 0.5), 0.24, within=OUTLINE, soft=11)
    _nose(sheet, look, shadow)
    hair.draw_front(sheet, look, OUTLINE)
    if look.glasses:
        _glasses(sheet)
    return sheet.finished()


def _ears(sheet: Sheet, look: Look, shadow: Colour) -> None:
    for side in (-1, 1):
        sheet.blob([(side * x, y) for x, y in [(96, -14), (116, -22), (122, 2), (114, 30), (98, 34)]], look.skin)
        sheet.stroke([(side * 112, -8), (side * 115, 4), (side * 109, 18)], 3.2, shadow)


def _nose(sheet: Sheet, look: Look, shadow: Colour) -> None:
    sheet.shade([(2, -14), (13, 22), (19, 40), (4, 46), (-2, 30)], shadow, 0.35, soft=3)
    sheet.stroke([(-12, 38), (-4, 44), (4, 44), (12, 38)], 3.4, mix(shadow, (90, 30, 24), 0.2))


def _glasses(sheet: Sheet) -> None:
    frame = (44, 44, 54)
    for side in (-1, 1):
        rim = [(side * 46 + 34 * x, -8 + 29 * y) for x, y in _ROUNDED]
        sheet.stroke(rim, 4.4, frame, closed=True)
        sheet.stroke([(side * 80, -14), (side * 102, -18)], 4.4, frame)
    sheet.stroke([(-13, -12), (0, -17), (13, -12)], 4.4, frame)


_ROUNDED = [(-0.9, -0.7), (0, -0.95), (0.9, -0.7), (1, 0), (0.8, 0.75), (0, 1), (-0.8, 0.75), (-1, 0)]


@lru_cache(maxsize=32)
def eyes(look: Look, scale: float, lids: str, brow: int) -> Image.Image:
    """Both eyes and brows on EYES_BOX; `brow` is how far they are raised (BROWS)."""
    sheet = Sheet(EYES_BOX, scale)
    for side in (-1, 1):
        _eye(sheet, look, side, lids)
        arch = [(20, -43), (42, -51), (62, -50), (78, -40), (62, -44), (42, -44), (22, -37)]
        heavy = 1.12 if look.beard or look.hair in ("fade", "swept", "crop") else 0.75
        shape = [(side * x, -43 + (y + 43) * heavy - 3.2 * brow) for x, y in arch]
        sheet.blob(shape, mix(look.brow, look.skin, 0.1))
    return sheet.finished()


def _eye(sheet: Sheet, look: Look, side: int, lids: str) -> None:
    x, lash = side * 46, mix(look.brow, (24, 16, 18), 0.6)
    if lids == "closed":
        sheet.stroke([(x - 21, -6), (x, 2), (x + 21, -6)], 4.2, lash)
        return
    lid = -17.0 if lids == "open" else -5.0
    almond: list[Point] = [
        (x - 22, -5),
        (x - 11, lid + 1),
        (x, lid - 1),
        (x + 11, lid + 1),
        (x + 22, -5),
        (x + 12, 6),
        (x, 9),
        (x - 12, 6),
    ]
    sheet.blob(almond, _WHITE)
    for radius, color in ((12.4, mix(look.eye, (10, 8, 10), 0.35)), (10.6, look.eye), (5.8, (18, 14, 18))):
        sheet.shade(_circle(x, -5, radius), color, 1, within=almond)
    sheet.shade(_circle(x + 4, -9.5, 3.1), (255, 255, 255), 1, within=almond)
    flick = 5 if look.lashes else 0
    upper = [(x - 22, -5), (x - 11, lid), (x, lid - 2), (x + 11, lid), (x + 22, -5)]
    sheet.stroke(upper, 4.6 if look.lashes else 3.8, lash)
    if flick:
        sheet.stroke([(x + side * 21, -6), (x + side * 27, -11)], 3.4, lash)


@lru_cache(maxsize=len(lipsync.SHAPES) * (MOUTH_LEVELS + 1) * 2)
def mouth(look: Look, scale: float, shape: str, level: int) -> Image.Image:
    """The mouth on MOUTH_BOX, `level` of MOUTH_LEVELS open. Level 0 is the same closed smile for every shape."""
    sheet = Sheet(MOUTH_BOX, scale)
    share = level / MOUTH_LEVELS
    wide, tall = _SHAPES[shape]
    half, gap = 30 + (wide - 30) * min(1.0, share * 2), tall * share
    top, bottom = 76 - gap * 0.3, 76 + gap * 0.7
    corner = 73 + gap * 0.18
    if gap >= 1.5:
        _opening(sheet, half, top, bottom, corner, teeth=shape in (lipsync.TEETH, lipsync.WIDE))
    _lips(sheet, look, half, top, bottom, corner, gap)
    return sheet.finished()


def _opening(sheet: Sheet, half: float, top: float, bottom: float, corner: float, *, teeth: bool) -> None:
    upper: list[Point] = [(-half, corner), (-half * 0.55, top + 1), (0, top + 2), (half * 0.55, top + 1), (half, corner)]
    inner = [*upper, *reversed(_lower(half, corner, bottom))]
    sheet.blob(inner, _INSIDE)
    gap = bottom - top
    sheet.shade(_oval(0, bottom + gap * 0.1, half * 0.62, gap * 0.36), _TONGUE, 0.9, within=inner)
    depth = min(9.0, gap * (0.5 if teeth else 0.3))
    edge = [(-half, top - 8), (half, top - 8), (half * 0.8, top + depth), (-half * 0.8, top + depth)]
    sheet.shade(edge, _WHITE, 1, within=inner)


def _lower(half: float, corner: float, bottom: float) -> list[Point]:
    """The edge of the lower lip, between the corners of the mouth."""
    deep = bottom - corner
    right = [(half * 0.36, corner + deep * 0.94), (half * 0.7, corner + deep * 0.7), (half * 0.92, corner + deep * 0.36)]
    return [*[(-x, y) for x, y in reversed(right)], (0, bottom), *right]


def _lips(sheet: Sheet, look: Look, half: float, top: float, bottom: float, corner: float, gap: float) -> None:
    upper: list[Point] = [(-half - 2, corner), (-half * 0.45, top - 6), (0, top - 4), (half * 0.45, top - 6), (half + 2, corner)]
    under: list[Point] = [(half * 0.5, top + 1.2), (0, top + 2.2), (-half * 0.5, top + 1.2)]
    sheet.blob(upper + under, look.lips)
    below = [(-half - 1, corner), *_lower(half, corner, bottom), (half + 1, corner)]
    outer = [(x, y + 8.6 * (1 - (x / (half + 2)) ** 2)) for x, y in reversed(_lower(half, corner, bottom))]
    sheet.blob(below + outer, mix(look.lips, look.skin, 0.18))
    sheet.shade(_oval(0, bottom + 5, half * 0.3, 1.6), (255, 235, 230), 0.3)
    if gap < 1.5:
        line = [(-half - 4, corner - 2), (-half * 0.5, 77), (0, 78), (half * 0.5, 77), (half + 4, corner - 2)]
        sheet.stroke(line, 2.6, mix(look.lips, (70, 16, 24), 0.6))


def _circle(x: float, y: float, radius: float) -> list[Point]:
    return _oval(x, y, radius, radius)


def _oval(x: float, y: float, rx: float, ry: float) -> list[Point]:
    turns = [(1, 0), (0.707, 0.707), (0, 1), (-0.707, 0.707), (-1, 0), (-0.707, -0.707), (0, -1), (0.707, -0.707)]
    return [(x + rx * a, y + ry * b) for a, b in turns]
