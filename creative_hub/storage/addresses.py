"""What to say when an address that a person gave did not bring what was wanted: is it the address, or may it answer later?"""

from http import HTTPStatus
from urllib.parse import urlsplit

from creative_hub.providers.ports import ProviderError
from wevion.http.errors import BadStatus, HttpError, Refused, TimedOut, TooLarge, UnknownHost

LATER = (408, 425, 429)


def unfetched(error: HttpError, url: str, what: str, max_bytes: int) -> ProviderError:
    """The failure, in words for the person; the network's own words are in its `detail`.

    `invalid_request` where the address is at fault. A name that is not found is retryable all the same: resolvers hiccup.
    """
    detail, host = f"{error.kind}: {error}", urlsplit(url).hostname or "the site"
    match error:
        case UnknownHost():
            message = f"{error.host} could not be found. Check the address."
            return ProviderError("invalid_request", message, detail=detail, retryable=True)
        case Refused():
            return ProviderError("invalid_request", f"The {what}'s address cannot be used: {error}.", detail=detail)
        case TooLarge():
            message = f"The {what} is larger than {max_bytes // 1_000_000} MB."
            return ProviderError("invalid_request", message, detail=detail)
        case BadStatus(status=status) if status < 500 and status not in LATER:
            message = f"The {what} answered {_named(status)}. Check the address."
            return ProviderError("invalid_request", message, detail=detail)
        case BadStatus(status=status):
            message = f"The {what} answered {_named(status)}. It may be back later."
        case TimedOut():
            message = f"{host} did not answer in time. It may be back later."
        case _:
            message = f"{host} could not be reached. It may be back later."
    return ProviderError("provider_error", message, detail=detail, retryable=True)


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return str(status)
