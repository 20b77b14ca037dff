"""What can go wrong with an outgoing call: a closed set, told apart by whether the other side may have acted on it."""

from typing import ClassVar


class HttpError(Exception):
    """No usable answer came. `kind` names the subclass in logs and tables.

    `maybe_sent` False is a promise that not one byte of the request left: repeating it cannot make anything happen twice.
    """

    kind: ClassVar[str]
    maybe_sent: ClassVar[bool] = True


class Refused(HttpError):
    """We do not connect there: the URL, or an address its name resolves to, is against the policy. Repeating is pointless."""

    kind = "refused"
    maybe_sent = False


class ConnectFailed(HttpError):
    """No connection: name lookup, TCP or TLS failed or took too long."""

    kind = "connect_failed"
    maybe_sent = False


class UnknownHost(ConnectFailed):
    """No such name, says the resolver. One that cannot say, just now, is a plain ConnectFailed."""

    kind = "unknown_host"

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(reason)
        self.host = host


class TimedOut(HttpError):
    """The connection stood, and the answer was not complete in time, or arrived too slowly."""

    kind = "timed_out"


class Broken(HttpError):
    """The connection was reset, or what came was truncated or not HTTP."""

    kind = "broken"


class TooLarge(HttpError):
    """The body exceeds the caller's limit; reading stopped there."""

    kind = "too_large"


class BadStatus(HttpError):
    """A download was answered with something other than 200; `status` says what (403, 404 and 410: the link has expired)."""

    kind = "bad_status"

    def __init__(self, status: int) -> None:
        super().__init__(f"the server answered {status}")
        self.status = status
