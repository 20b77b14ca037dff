"""Whether a URL that a vendor handed us still belongs to that vendor: our key goes nowhere else, and files come from there."""

import re
from collections.abc import Iterable
from ipaddress import ip_address

# Strict on purpose: nothing two URL parsers could read differently (user info, backslashes, escapes in the host).
_URL = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:[0-9]{1,5})?(?=[/?]|$)")


def belongs(url: str, base_url: str) -> bool:
    """True for the scheme, host and port of `base_url`, and for https on the standard port under its registrable domain.

    The registrable domain is taken to be the last two labels, which holds for the vendors we know.
    """
    ours, theirs = _URL.match(base_url.lower()), _URL.match(url.lower())
    if not ours or not theirs:
        return False
    if ours.group() == theirs.group():
        return True
    if theirs[1] != "https" or theirs[3] not in (None, ":443"):
        return False
    domain = _registrable(ours[2])
    return domain is not None and domain == _registrable(theirs[2])


def under(url: str, domains: Iterable[str]) -> bool:
    """True for https on the standard port at one of the domains, or at a name below it."""
    found = _URL.match(url.lower())
    if not found or found[1] != "https" or found[3] not in (None, ":443"):
        return False
    return any(found[2] == domain or found[2].endswith(f".{domain}") for domain in domains)


def _registrable(host: str) -> str | None:
    """None for addresses and for names of a single label."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        labels = host.split(".")
        return ".".join(labels[-2:]) if len(labels) > 1 and all(labels) else None
    return None
