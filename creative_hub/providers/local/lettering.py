"""Words set over a picture: a title, and the mark that says where the picture comes from."""

from PIL import Image, ImageDraw

from creative_hub.providers.local.drawing import Size, soft, tinted
from creative_hub.providers.local.fonts import drawable, font, is_rtl, visual, wrap

MARK = "Local preview"


def title(size: Size, text: str, *, share: float = 0.09, at: float = 0.14) -> Image.Image | None:
    """A transparent layer with `text` large and white over its own soft shadow, in at most three lines that start `at`
    this share of the height. None when there is nothing that can be drawn."""
    text = drawable(text)
    if not text:
        return None
    width, height = size
    face = font(min(size) * share, True, text)
    margin = width * 0.08
    lines = wrap(text, face, width - 2 * margin, 3)
    letters = Image.new("L", size, 0)
    draw = ImageDraw.Draw(letters)
    for number, line in enumerate(lines):
        shown = visual(line)
        x = width - margin - face.getlength(shown) if is_rtl(text) else margin
        draw.text((x, height * at + number * face.size * 1.16), shown, font=face, fill=255)
    shadow = soft(letters, min(size) / 40).point([min(150, round(v * 1.3)) for v in range(256)])
    return Image.alpha_composite(tinted((8, 8, 18), shadow), tinted((255, 255, 255), letters))


def mark(size: Size) -> Image.Image:
    """The small "Local preview" in the lower right corner, as a transparent layer."""
    face = font(max(10, min(size) * 0.019))
    letters = Image.new("L", size, 0)
    margin = max(6, round(min(size) * 0.022))
    ImageDraw.Draw(letters).text((size[0] - margin, size[1] - margin), MARK, font=face, fill=190, anchor="rs")
    shadow = soft(letters, max(1.0, min(size) / 360)).point([round(v * 0.7) for v in range(256)])
    return Image.alpha_composite(tinted((0, 0, 0), shadow), tinted((255, 255, 255), letters))
