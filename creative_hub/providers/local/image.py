"""Pictures drawn from a prompt on this machine: a local preview renderer, not an AI model."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from creative_hub.providers.local.drawing import Size, grain, vignette
from creative_hub.providers.local.lettering import mark, title
from creative_hub.providers.local.policy import refuse_unsafe
from creative_hub.providers.local.prompt import dice, read
from creative_hub.providers.local.scenes import scene_for
from creative_hub.providers.local.sizes import picture_size
from creative_hub.providers.local.staging import look
from creative_hub.providers.ports import Brief


def render(brief: Brief, out: Path, report: Callable[[int], None]) -> None:
    """Write a PNG for variant `brief.position`. The same text, size, seed and position give the same bytes.

    Raises ProviderError: content_rejected, or invalid_request for a size that cannot be.
    """
    refuse_unsafe(brief.text)
    size = picture_size(brief.settings)
    report(5)
    picture = draw(brief, size, report)
    report(90)
    picture.save(out, "PNG", compress_level=6)
    report(99)


def draw(brief: Brief, size: Size, report: Callable[[int], None]) -> Image.Image:
    prompt, rng = read(brief.text), dice(brief.text, brief.settings, brief.position)
    scene, palette = scene_for(prompt, size, rng)
    report(60)
    picture = look(scene.parts, size, fine=True)
    report(75)
    picture = grain(vignette(picture, 0.3 if palette.dark else 0.2), rng)
    words = prompt.headline or (prompt.title if scene.titled else "")
    for lettering in (title(size, words), mark(size)):
        if lettering:
            picture.paste(lettering, mask=lettering)
    return picture
