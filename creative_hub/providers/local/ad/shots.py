"""Which shot an ad shows when: the presenter in full, one of the product's pictures, or the last card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from creative_hub.providers.local.speech import Sentence

CARD_SECONDS: Final = 3.0
PICTURE_SECONDS: Final = 3.5
"""About how long a picture is shown where nobody speaks."""


@dataclass(frozen=True, slots=True)
class Shot:
    """`kind` is presenter, picture or card; `picture` the number of the product's picture."""

    kind: str
    start_seconds: float
    end_seconds: float
    picture: int = 0


def plan(sentences: Sequence[Sentence], seconds: float, pictures: int, *, presented: bool = True) -> list[Shot]:
    """Shots without a gap from 0 to `seconds`. The hook is the presenter's; then pictures and presenter take turns by the
    sentence; what is left after the speech shows pictures, and the last moments are the card's. An ad that is not `presented`
    has pictures, and shows them alone."""
    card = max(min(CARD_SECONDS, seconds / 4), seconds - sentences[-1].start_seconds if len(sentences) > 1 else 0)
    card_from = seconds - min(card, CARD_SECONDS + 1.5)
    shots: list[Shot] = []
    at, shown = 0.0, 0
    for number, sentence in enumerate(sentences):
        until = sentences[number + 1].start_seconds if number + 1 < len(sentences) else sentence.end_seconds
        until = min(until, card_from)
        if until <= at:
            continue
        if pictures and (number % 3 != 0 or not presented):
            shots.append(Shot("picture", at, until, shown % pictures))
            shown += 1
        else:
            shots.append(Shot("presenter", at, until))
        at = until
    while pictures and card_from - at > 0.04:
        until = card_from if card_from - at < 1.6 * PICTURE_SECONDS else at + PICTURE_SECONDS
        shots.append(Shot("picture", at, until, shown % pictures))
        shown += 1
        at = until
    if card_from - at > 0.04:
        shots.append(Shot("presenter", at, card_from))
    return [*shots, Shot("card", card_from, seconds)]
