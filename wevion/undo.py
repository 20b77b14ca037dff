"""A message that tells of an act, with the way to take it back: the note that shows it has an Undo.

What can be taken back is named by the moment at which it was done. It travels as the message's extra tag.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest
from django.urls import reverse
from django.utils.dateparse import parse_datetime

MARK: Final = "undo"


@dataclass(frozen=True, slots=True)
class Undo:
    """Posting `at` to the address takes the act back."""

    address: str
    at: str


def tell(request: HttpRequest, text: str, view: str, at: datetime) -> None:
    """`view` names the page that takes back what was done `at` this moment."""
    messages.success(request, text, extra_tags=f"{MARK} {view} {at.isoformat()}")


def offered(message: Message) -> Undo | None:
    """What the note of this message offers."""
    match (message.extra_tags or "").split(" "):
        case [word, view, at] if word == MARK:
            return Undo(reverse(view), at)
    return None


def moment(text: str) -> datetime | None:
    """The moment that was posted; None if it is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return found if found and found.utcoffset() is not None else None
