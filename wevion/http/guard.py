"""Where we may connect: a URL policy that needs no lookup, and the same policy for resolved addresses.

`check_url` is for web requests (syntax and literal addresses only) and for the door, which checks every hop again.
`GuardedResolver` is the connect-time half: a name is resolved once and the connection goes to the addresses that were checked.
An allow list holds `host:port` entries exactly as URLs write them (`127.0.0.1:9001`, `localhost:9002`, `[::1]:9003`).
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from wevion.http.errors import Refused

MAX_URL_CHARS = 8192
# Blanks and control characters are read differently by different parsers; so are backslashes. Lone surrogates are dropped
# silently by yarl: what was checked would not be what was given.
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\u3000\ud800-\udfff]")
_USERINFO = re.compile(r"[^/?#]*//[^/?#]*@")
_BRACKET = re.compile(r"[^/?#]*//[^/?#]*\[")
_DNS_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PRIVATE_SUFFIXES = (".localhost", ".local", ".localdomain", ".internal", ".intranet", ".lan", ".home.arpa", ".onion")

# Not global in our sense although Python's `is_global` may say so: tunnels and translators lead to an embedded IPv4 address.
_NEVER_V4 = [ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32")]  # IETF, 6to4 relay, Azure host
_UNICAST_V6 = ip_network("2000::/3")
_NEVER_V6 = [ip_network(net) for net in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]  # Teredo …, docs, 6to4, docs


def check_url(url: str, *, allow: frozenset[str]) -> URL:
    """The URL in the form the door connects with, byte for byte as given when it is ASCII (signed URLs must not be rewritten).

    Raises Refused unless it is https to a public-looking host, or http(s) to a `host:port` in `allow`. Makes no lookup.
    """
    parsed = _parse(url)
    host, port = (parsed.raw_host or "").lower(), parsed.port
    if parsed.scheme not in ("http", "https") or not host or not port or (":" not in host and _BRACKET.match(url)):
        raise Refused("only https URLs with a host are allowed")
    if _USERINFO.match(url):
        raise Refused("a URL must not carry a user name or password")
    if host_port(host, port) in allow:
        return parsed
    if parsed.scheme != "https":
        raise Refused("only https URLs are allowed")
    _check_host(host)
    return parsed


def host_port(host: str, port: int) -> str:
    """The allow list's spelling of an endpoint."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is ordinary public unicast. Tunnelled, mapped and translated IPv4 is not, whatever it embeds."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in net for net in _NEVER_V4)
    return address in _UNICAST_V6 and not any(address in net for net in _NEVER_V6)


class GuardedResolver(AbstractResolver):
    """Resolves through `inner` and raises Refused unless every address is public, so that no choice among them can be unsafe.

    The HTTP client never asks a resolver about literal addresses: `check_url` must have seen those.
    """

    def __init__(self, allow: frozenset[str], inner: AbstractResolver | None = None) -> None:
        self._allow = allow
        self._inner = inner or ThreadedResolver()

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        if host_port(host.lower(), port) not in self._allow:
            for result in found:
                if not _literal_is_public(result["host"]):
                    raise Refused(f"{host} resolves to an address that is not public")
        return found

    async def close(self) -> None:
        await self._inner.close()


def _parse(url: str) -> URL:
    if "://" not in url:
        raise Refused("it is not a whole one, such as https://example.com/page")
    if len(url) > MAX_URL_CHARS or _AMBIGUOUS.search(url):
        raise Refused("the URL is too long or contains blanks, control characters, broken characters or backslashes")
    try:
        normal = URL(url)
        exact = URL(url, encoded=True) if url.isascii() else normal
    except ValueError as error:
        raise Refused("the URL is malformed") from error
    if (exact.raw_host or "").lower() != normal.raw_host or exact.port != normal.port:
        # An IPv6 address in an unusual spelling: connect with the canonical one, which is the one that is checked.
        return normal
    return exact


def _check_host(host: str) -> None:
    name = host.removesuffix(".")
    if ":" in name or _NUMERIC_LABEL.fullmatch(name.rsplit(".", 1)[-1]):
        # Also 2130706433, 0x7f.1, 0177.0.0.1 and 127.1, which the C library would take for addresses.
        if not _literal_is_public(host):
            raise Refused("the address is not public, or not in its usual notation")
    elif not _DNS_NAME.fullmatch(name) or f".{name}".endswith(_PRIVATE_SUFFIXES):
        raise Refused("the host is not a public domain name")


def _literal_is_public(host: str) -> bool:
    try:
        return "%" not in host and is_public(ip_address(host))
    except ValueError:
        return False
