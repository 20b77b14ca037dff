"""Requests that are understood and refused: raised by any room, shown by the API as its envelope and by pages as a message."""

from typing import Any


class Refusal(Exception):
    """`status` is the HTTP status, `code` the stable word for programs, `message` a sentence for people."""

    status = 400
    code = "invalid_request"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
