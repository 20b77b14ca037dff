"""How often a password may be guessed: wrong ones are counted in Redis, by name, by address and by both.

A name alone is no lock, or a stranger could keep its person out. So what one address guesses for a name counts apart from
others, and a browser in which the person has logged in before carries a signed cookie and has a count of its own, which
nobody else can fill (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
"""

import math
import secrets
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final, TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from wevion.drf.throttling import ask
from wevion.refusal import Refusal

Proven = TypeVar("Proven")

WINDOW_SECONDS: Final = 15 * 60  # begins with the first wrong password, and what is refused does not prolong it
MOST_IN_A_KNOWN_BROWSER: Final = 10
MOST_FOR_A_NAME_HERE: Final = 10
MOST_FROM_AN_ADDRESS: Final = 50  # a whole office may stand behind one
MOST_FOR_A_NAME: Final = 100  # from everywhere; NIST SP 800-63B allows no more in a row

PREFIX = "hub:guesses"
COOKIE: Final = "device" if settings.DEVELOPMENT else "__Host-device"
SALT: Final = "wevion.accounts.guesses"
YEAR_SECONDS: Final = 365 * 24 * 3600

# Counts for every key, unless one of them is full: then nothing is counted, and the answer is the milliseconds to wait.
TAKE: Final = """
local wait = 0
for at, key in ipairs(KEYS) do
    if tonumber(redis.call('GET', key) or '0') >= tonumber(ARGV[at + 1]) then
        wait = math.max(wait, redis.call('PTTL', key), 1)
    end
end
if wait > 0 then return wait end
for _, key in ipairs(KEYS) do
    redis.call('INCR', key)
    if redis.call('PTTL', key) < 0 then redis.call('PEXPIRE', key, ARGV[1]) end
end
return 0
"""
GIVE_BACK: Final = """
for _, key in ipairs(KEYS) do
    if redis.call('EXISTS', key) == 1 then redis.call('DECR', key) end
end
"""


class TooMany(Refusal):
    """`details` has `retry_after_seconds`."""

    status = 429
    code = "rate_limited"


def counted(request: HttpRequest, email: str, prove: Callable[[], Proven | None]) -> Proven | None:
    """What `prove` returns; None counts as a wrong password for the name, whether or not there is such a person.

    Raises TooMany instead of asking it once the limit is reached. It is counted before and given back after, so that
    guesses at the same time do not slip past. While Redis is away nothing is counted, and everybody is served.
    """
    limits = _limits(request, _name(email))
    take(limits, WINDOW_SECONDS, "Too many attempts with a wrong password.")
    proven = prove()
    if proven is not None:
        ask(GIVE_BACK, list(limits))
    return proven


def take(limits: dict[str, int], seconds: int, why: str) -> None:
    """Counts once for each key, all or none; raises TooMany, with `why` and when to come back, if one has its limit."""
    wait = math.ceil((ask(TAKE, list(limits), seconds * 1000, *limits.values()) or 0) / 1000)
    if wait:
        minutes = math.ceil(wait / 60)
        when = "a minute" if minutes == 1 else f"{minutes} minutes"
        raise TooMany(f"{why} Try again in {when}.", retry_after_seconds=wait)


def remember(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Makes the browser one in which this person has proved who they are: others' wrong passwords do not count for it."""
    if not _known(request, _name(email)):
        value = signing.dumps([_name(email), secrets.token_urlsafe(16)], salt=SALT)
        response.set_cookie(
            COOKIE, value, max_age=YEAR_SECONDS, httponly=True, secure=settings.SESSION_COOKIE_SECURE, samesite="Lax"
        )


def key(kind: str, *of: str) -> str:
    """The key of a count. Names and addresses of people do not lie open in Redis."""
    return f"{PREFIX}:{kind}:{salted_hmac(SALT, ' '.join(of)).hexdigest()}"


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; empty if that is not known. IPv6: the /64, since a line has as many of them as it likes.

    Behind a proxy it is the last one named in X-Forwarded-For, which that proxy wrote; what stands before it anybody can write.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR" if settings.BEHIND_PROXY else "REMOTE_ADDR", "")
    try:
        address = ip_address(told.rpartition(",")[2].strip())
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and not address.ipv4_mapped:
        return str(ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def _limits(request: HttpRequest, name: str) -> dict[str, int]:
    if device := _known(request, name):
        return {key("browser", device): MOST_IN_A_KNOWN_BROWSER}
    limits = {key("name", name): MOST_FOR_A_NAME}
    if address := address_of(request):
        limits |= {key("here", name, address): MOST_FOR_A_NAME_HERE, key("address", address): MOST_FROM_AN_ADDRESS}
    return limits


def _known(request: HttpRequest, name: str) -> str:
    """The cookie of a browser in which the person with this name has logged in; empty in another."""
    cookie = request.COOKIES.get(COOKIE, "")
    try:
        whose, _ = signing.loads(cookie, salt=SALT, max_age=YEAR_SECONDS)
    except (signing.BadSignature, ValueError):
        return ""
    return cookie if whose == name else ""


def _name(email: str) -> str:
    """As accounts are known by it (Users.get_by_natural_key), but not to be read."""
    return salted_hmac(SALT, email.strip().lower()).hexdigest()
