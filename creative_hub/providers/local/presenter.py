"""The still part of the picture: studio backdrop, hair behind, neck, body and clothes."""

from PIL import Image, ImageFilter

from creative_hub.providers.local import hair
from creative_hub.providers.local.drawing import Point, curve, mix
from creative_hub.providers.local.looks import Look
from creative_hub.providers.local.sheet import Sheet, mirrored

BODY_BOX = (-320.0, -240.0, 320.0, 540.0)


def backdrop(look: Look, size: tuple[int, int], focus: tuple[float, float], radius: float) -> Image.Image:
    """A studio wall lit behind `focus`, in pixels."""
    light, dark = look.backdrop
    small = Image.new("RGB", (size[0] // 4, size[1] // 4), dark)
    disc = Sheet((0, 0, *small.size), 1)
    disc.ellipse(focus[0] / 4, focus[1] / 4, radius / 4, radius / 4, (255, 255, 255))
    glow = disc.finished().getchannel("A").filter(ImageFilter.GaussianBlur(radius / 9))
    small.paste(light, mask=glow)
    return small.resize(size, Image.Resampling.BICUBIC)


def body(look: Look, scale: float) -> Image.Image:
    """Hair behind, neck and clothes on BODY_BOX, in the head's units."""
    sheet = Sheet(BODY_BOX, scale)
    hair.draw_back(sheet, look)
    shadow = mix(look.skin, (120, 44, 36), 0.3)
    if look.hair != "hijab":
        neck = mirrored([(0, 70), (46, 74), (47, 150), (56, 192), (96, 216), (60, 262), (0, 276)])
        sheet.blob(neck, look.skin)
        sheet.shade(mirrored([(0, 90), (70, 90), (64, 146), (36, 172), (0, 178)]), shadow, 0.75, within=neck)
    match look.outfit:
        case "blazer":
            _blazer(sheet, look)
        case "turtleneck":
            _turtleneck(sheet, look)
        case "hoodie":
            _hoodie(sheet, look)
        case "sweater":
            _sweater(sheet, look)
        case "dress":
            _dress(sheet, look)
    return sheet.finished()


def _torso(sheet: Sheet, look: Look, neckline: list[Point]) -> None:
    """Shoulders and arms in `cloth`, cut out at the neck by what `neckline` (right half, from the middle) leaves free."""
    shoulder: list[Point] = [(150, 222), (216, 244), (258, 290), (280, 380), (292, 500), (300, 800)]
    half = neckline + shoulder
    outline = [*half, *[(-x, y) for x, y in reversed(half)]]
    sheet.polygon(curve(outline, closed=False), look.cloth)
    for side in (-1, 1):
        fold = mix(look.cloth, (10, 10, 26), 0.28)
        sheet.stroke([(side * 196, 420), (side * 204, 520), (side * 200, 800)], 4, fold)


def _blazer(sheet: Sheet, look: Look) -> None:
    sheet.blob(mirrored([(0, 256), (54, 208), (80, 224), (110, 500), (60, 800), (0, 800)]), look.inner)
    _torso(sheet, look, [(6, 640), (22, 520), (58, 330), (62, 200), (80, 198), (98, 206)])
    lapel = mix(look.cloth, (255, 255, 255), 0.09)
    edge = mix(look.cloth, (8, 8, 20), 0.34)
    for side in (-1, 1):
        points = [(58, 192), (96, 204), (126, 300), (96, 330), (108, 350), (20, 560), (8, 600), (44, 380)]
        sheet.polygon([(side * x, y) for x, y in points], lapel)
        sheet.stroke([(side * 126, 300), (side * 96, 330), (side * 108, 350)], 3, edge)
        sheet.stroke([(side * 108, 350), (side * 64, 460), (side * 20, 560)], 3, edge)


def _turtleneck(sheet: Sheet, look: Look) -> None:
    _torso(sheet, look, [(0, 190), (50, 190), (88, 204)])
    sheet.blob(mirrored([(0, 138), (50, 134), (57, 150), (60, 206), (44, 222), (0, 228)]), look.inner)
    rib = mix(look.inner, (90, 50, 0), 0.22)
    for x in (-40, -20, 0, 20, 40):
        sheet.stroke([(x, 148), (x * 1.05, 214)], 2.6, rib)


def _hoodie(sheet: Sheet, look: Look) -> None:
    sheet.blob(mirrored([(0, 262), (58, 196), (92, 214), (100, 320), (0, 360)]), look.inner)
    _torso(sheet, look, [(0, 330), (36, 296), (70, 214), (98, 208)])
    hood, seam = mix(look.cloth, (255, 255, 255), 0.1), mix(look.cloth, (8, 8, 20), 0.3)
    for side in (-1, 1):
        points = [(60, 176), (104, 190), (136, 226), (104, 300), (50, 348), (2, 352), (34, 300), (66, 232)]
        sheet.blob([(side * x, y) for x, y in points], hood)
        sheet.stroke([(side * 30, 348), (side * 34, 400), (side * 30, 452)], 4.4, (240, 238, 234))
    sheet.stroke([(-4, 352), (0, 460), (0, 800)], 3, seam)


def _sweater(sheet: Sheet, look: Look) -> None:
    sheet.blob(mirrored([(0, 250), (60, 192), (92, 210), (90, 280), (0, 330)]), look.inner)
    _torso(sheet, look, [(0, 292), (34, 280), (64, 240), (78, 204), (100, 208)])
    rib = mix(look.cloth, (8, 20, 12), 0.26)
    sheet.stroke([(-84, 206), (-66, 248), (-36, 288), (0, 300), (36, 288), (66, 248), (84, 206)], 9, rib)
    for side in (-1, 1):
        collar = [(52, 178), (78, 196), (74, 236), (30, 270), (16, 262), (46, 226)]
        sheet.polygon([(side * x, y) for x, y in collar], look.inner)
        sheet.stroke([(side * 74, 236), (side * 30, 270), (side * 16, 262)], 2.6, mix(look.inner, (90, 100, 110), 0.4))


def _dress(sheet: Sheet, look: Look) -> None:
    _torso(sheet, look, [(0, 200), (60, 200), (100, 210)])
    scarf, fold = look.hair_color, mix(look.hair_color, (110, 50, 70), 0.3)
    sheet.blob(mirrored([(0, 120), (96, 110), (130, 180), (150, 250), (110, 320), (50, 356), (0, 366)]), scarf)
    sheet.stroke([(-120, 180), (-70, 250), (20, 290), (104, 290)], 3.6, fold)
    sheet.stroke([(-96, 160), (-30, 216), (50, 238), (126, 220)], 3.6, fold)
    sheet.stroke([(-128, 240), (-80, 300), (-10, 340)], 3.6, fold)
