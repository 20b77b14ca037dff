"""Whether a URL that a vendor handed us still belongs to that vendor: our key goes nowhere else."""

import re
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


def _registrable(host: str) -> str | None:
    """None for addresses and for names of a single label."""
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        labels = host.split(".")
        return ".".join(labels[-2:]) if len(labels) > 1 and all(labels) else None
    return None
