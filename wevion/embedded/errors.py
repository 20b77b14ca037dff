"""The one error of starting things."""


class CannotStart(Exception):
    """Something could not be started. The text is one line, for a person: what is wrong and, where known, what to do."""
