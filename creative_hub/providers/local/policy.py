"""The local preview renderer's own short list of what it will not draw or say.

The vendors have their own, far better, moderation; this list makes the product's refusal path real without one. It is
English, looks at whole words only and is meant to be obvious, not clever.
"""

import re

from creative_hub.providers.ports import ProviderError

_STEMS = {
    "nudity": ("nsfw", "nude", "nudes", "nudity", "naked", "topless", "porn", r"porno\w*", r"pornograph\w+", "hentai", "xxx"),
    "gore": ("gore", "gory", r"behead\w*", r"decapitat\w+", r"dismember\w*", r"mutilat\w+", r"disembowel\w*"),
    "self-harm": ("suicide", "suicidal", r"self[ -]?harm\w*", r"self[ -]?mutilat\w+"),
    "abuse": (r"child\s+abuse", r"molest\w*", "rape", "rapist", "bestiality"),
    "terror": (r"terrorist\s+propaganda", r"mass\s+shooting", r"bomb[ -]?making"),
}
_LISTED = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{name.replace('-', '_')}>{'|'.join(stems)})" for name, stems in _STEMS.items()) + r")(?!\w)",
    re.IGNORECASE,
)


def refuse_unsafe(text: str) -> None:
    """Raise ProviderError("content_rejected") when `text` has a listed word; its detail names the word and the list's topic."""
    if found := _LISTED.search(text):
        topic = str(found.lastgroup).replace("_", "-")
        raise ProviderError(
            "content_rejected", detail=f"“{found.group()}” is on the local preview renderer's own short list ({topic})."
        )
