"""Hair and headwear: the part behind the neck and shoulders, and the part that moves with the head."""

from collections.abc import Sequence

from creative_hub.providers.local.drawing import Point, curve, mix
from creative_hub.providers.local.looks import Look
from creative_hub.providers.local.sheet import Sheet, mirrored

_LIGHT = (255, 236, 214)
_DARK = (20, 12, 16)


def draw_back(sheet: Sheet, look: Look) -> None:
    """What lies behind the head and neck and does not move with them."""
    dark = mix(look.hair_color, _DARK, 0.25)
    match look.hair:
        case "bob":
            sheet.blob(mirrored([(0, -150), (90, -130), (136, -50), (140, 50), (132, 132), (92, 158), (0, 150)]), dark)
        case "curls":
            for x, y, radius in _CURLS:
                sheet.ellipse(x, y, radius, radius, dark)
        case "hijab":
            sheet.blob(mirrored([(0, -176), (96, -150), (140, -60), (138, 60), (150, 160), (120, 260), (0, 280)]), dark)


def draw_front(sheet: Sheet, look: Look, face: Sequence[Point]) -> None:
    """What frames the face; drawn over it."""
    match look.hair:
        case "bob":
            _bob(sheet, look)
        case "curls":
            _curls(sheet, look)
        case "hijab":
            _hijab(sheet, look)
        case "fade":
            _fade(sheet, look, face)
        case "swept":
            _swept(sheet, look)
        case "crop":
            _crop(sheet, look)


def _bob(sheet: Sheet, look: Look) -> None:
    color, light = look.hair_color, mix(look.hair_color, _LIGHT, 0.22)
    left = [(20, -166), (-60, -160), (-116, -112), (-134, -20), (-138, 70), (-124, 140), (-92, 150), (-88, 110), (-98, 30)]
    sheet.blob([*left, (-92, -40), (-62, -84), (-4, -116), (34, -128)], color)
    right = [(0, -166), (70, -156), (118, -106), (134, -20), (138, 70), (124, 140), (92, 150), (88, 110), (98, 30)]
    sheet.blob([*right, (94, -40), (74, -84), (44, -112), (14, -132)], color)
    sheet.stroke([(-20, -148), (-76, -122), (-112, -56), (-119, 30)], 5, light)
    sheet.stroke([(50, -146), (94, -108), (116, -40), (119, 36)], 5, light)


_CURLS = [
    *((0, -158, 62), (-66, -146, 56), (66, -146, 56), (-112, -102, 50), (112, -102, 50)),
    *((-134, -44, 48), (134, -44, 48), (-138, 16, 46), (138, 16, 46), (-128, 66, 34), (128, 66, 34)),
]


def _curls(sheet: Sheet, look: Look) -> None:
    light = mix(look.hair_color, _LIGHT, 0.16)
    fringe = [
        (-92, -66, 30),
        (-66, -98, 34),
        (-28, -118, 34),
        (14, -122, 34),
        (54, -108, 34),
        (86, -74, 32),
        (100, -36, 22),
        (-102, -32, 22),
    ]
    for x, y, radius in [*_CURLS[:5], *fringe]:
        sheet.ellipse(x, y, radius, radius, look.hair_color)
    for x, y, radius in [*_CURLS[:7], *fringe[1:5]]:
        sheet.stroke(
            [(x - radius * 0.5, y - radius * 0.1), (x - radius * 0.2, y - radius * 0.5), (x + radius * 0.3, y - radius * 0.45)],
            3.4,
            light,
        )


def _hijab(sheet: Sheet, look: Look) -> None:
    color, fold = look.hair_color, mix(look.hair_color, (110, 50, 70), 0.3)
    outer = [(0, -182), (76, -166), (126, -104), (138, -10), (130, 84), (104, 150), (50, 184), (0, 192)]
    inner = [(0, 142), (46, 128), (76, 96), (93, 46), (98, -10), (90, -70), (56, -108), (0, -120)]
    half = outer + inner
    sheet.polygon(_smooth_ring(half, 1), color)
    sheet.polygon(_smooth_ring(half, -1), color)
    sheet.stroke([(0, -121), (57, -109), (92, -70), (100, -10), (95, 46)], 4, fold)
    sheet.stroke([(0, -121), (-57, -109), (-92, -70), (-100, -10), (-95, 46)], 4, fold)
    sheet.stroke([(-96, -120), (-118, -40), (-114, 50), (-84, 128)], 3.4, fold)
    sheet.stroke([(110, -96), (122, -20), (112, 70)], 3.4, fold)


def _smooth_ring(half: Sequence[Point], side: int) -> list[Point]:
    outer, inner = curve(half[:8], closed=False), curve(half[8:], closed=False)
    return [(side * x, y) for x, y in [*outer, *inner]]


def _fade(sheet: Sheet, look: Look, face: Sequence[Point]) -> None:
    color = look.hair_color
    sheet.blob(
        mirrored([(0, -150), (58, -142), (96, -106), (106, -58), (103, -22), (95, -40), (88, -76), (60, -98), (0, -104)]), color
    )
    beard = mirrored([(0, 112), (20, 108), (48, 62), (78, 44), (98, 0), (106, -10), (102, 50), (80, 104), (44, 140), (0, 150)])
    sheet.blob(beard, color)
    mustache = mirrored([(0, 54), (26, 54), (46, 70), (50, 92), (38, 72), (20, 64), (0, 64)])
    sheet.blob(mustache, color)


def _swept(sheet: Sheet, look: Look) -> None:
    color, light = look.hair_color, mix(look.hair_color, _LIGHT, 0.35)
    top = [
        (-104, -22),
        (-114, -80),
        (-92, -138),
        (-30, -168),
        (50, -168),
        (102, -130),
        (114, -76),
        (104, -22),
        (94, -62),
        (70, -92),
    ]
    sheet.blob([*top, (20, -96), (-40, -112), (-70, -106), (-90, -70)], color)
    sheet.stroke([(-66, -116), (-20, -134), (40, -128), (88, -92)], 4.6, light)
    sheet.stroke([(-76, -128), (-20, -152), (44, -148)], 4.6, light)


def _crop(sheet: Sheet, look: Look) -> None:
    color, light = look.hair_color, mix(look.hair_color, (150, 160, 190), 0.35)
    crown = [
        (-104, -16),
        (-114, -70),
        (-106, -122),
        (-72, -160),
        (-20, -176),
        (40, -172),
        (88, -146),
        (110, -106),
        (114, -66),
        (104, -16),
    ]
    fringe = [
        (97, -52),
        (84, -86),
        (60, -72),
        (44, -92),
        (22, -70),
        (2, -92),
        (-22, -70),
        (-42, -92),
        (-64, -72),
        (-84, -86),
        (-97, -52),
    ]
    sheet.polygon([*curve(crown, closed=False), *curve(fringe)], color)
    for x in (-52, -14, 26, 62):
        sheet.stroke([(x - 10, -112), (x, -136), (x + 14, -150)], 4, light)
