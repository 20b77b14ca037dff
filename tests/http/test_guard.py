import asyncio
import socket

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from wevion.http.errors import Refused
from wevion.http.guard import GuardedResolver, check_url

NOBODY: frozenset[str] = frozenset()

HOSTILE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.01",
    "127.0.0.1.",
    "1.1.1.1.",
    "1.0x1",
    "１２７.０.０.１",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "127.0.0.%31",
    "0.0.0.0",  # noqa: S104
    "0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "256.1.1.1",
    "1.2.3.4.5",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::7f00:1]",
    "[::127.0.0.1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:8.8.8.8]",
    "[::ffff:0:7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::8.8.8.8]",
    "[64:ff9b:1::1]",
    "[2002:7f00:1::]",
    "[2002:808:808::]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:db8::1]",
    "[2001:20::1]",
    "[3fff::1]",
    "[100::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fec0::1]",
    "[ff02::1]",
    "[v1.x]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ⓛocalhost",
    "a.localhost",
    "printer",
    "printer.local",
    "vault.service.internal",
    "metadata.google.internal",
    "router.lan",
    "a..example.com",
    "-a.example.com",
    "example.com%00.evil.net",
    "a" * 64 + ".example.com",
]


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
def test_no_notation_of_a_private_place_gets_past_the_guard(host: str) -> None:
    for port in ("", ":443", ":8443"):
        with pytest.raises(Refused):
            check_url(f"https://{host}{port}/x", allow=NOBODY)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/",
        "example.com",
        "https:///x",
        "https:example.com",
        "",
        "https://",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://example.com:secret@127.0.0.1/",
        "https://example.com\\@127.0.0.1/",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:x/",
        "https://[::1/",
        "https://[v1.example.com]/ü",
        "https://exa\tmple.com/",
        "https://example.com/\r\nX-Injected: 1",
        " https://example.com/",
        "https://exam ple.com/",
        "https://example.com/\ud83d",
        "https://exam\udfffple.com/",
        "https://example.com/" + "a" * 9000,
    ],
)
def test_what_is_not_a_plain_https_url_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        check_url(url, allow=NOBODY)


@pytest.mark.parametrize(
    ("url", "connects_with"),
    [
        ("https://example.com/a.mp4", "https://example.com/a.mp4"),
        ("https://example.com:8443/?q=@x", "https://example.com:8443/?q=@x"),
        ("https://x_y.example.co.uk/", "https://x_y.example.co.uk/"),
        ("https://1.1.1.1/", "https://1.1.1.1/"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
        ("https://münchen.example.com/ü", "https://xn--mnchen-3ya.example.com/%C3%BC"),
    ],
)
def test_public_https_urls_pass(url: str, connects_with: str) -> None:
    assert str(check_url(url, allow=NOBODY)) == connects_with


def test_a_signed_url_is_not_rewritten() -> None:
    signed = "https://files.example.com/a%2Fb/c%7E?X-Sig=a%2Fb%2Bc%3D&t=%7Bx%7D"
    assert str(check_url(signed, allow=NOBODY)) == signed


def test_the_allow_list_opens_one_port_of_one_host_and_nothing_else() -> None:
    allow = frozenset({"127.0.0.1:9001", "localhost:9002", "[::1]:9003"})
    for url in ("http://127.0.0.1:9001/x", "https://127.0.0.1:9001/x", "http://LOCALHOST:9002/", "http://[0:0::1]:9003/"):
        check_url(url, allow=allow)
    for url in (
        "http://127.0.0.1:9002/",
        "http://localhost:9001/",
        "http://127.1:9001/",
        "http://2130706433:9001/",
        "http://localhost/",
    ):
        with pytest.raises(Refused):
            check_url(url, allow=allow)
    with pytest.raises(Refused):
        check_url("http://me@127.0.0.1:9001/", allow=allow)


class FixedResolver(AbstractResolver):
    """Answers every name with the given addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    "bad", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:8.8.8.8", "fe80::1%eth0", "64:ff9b::808:808"]
)
def test_one_private_address_among_public_ones_refuses_the_name(bad: str) -> None:
    resolver = GuardedResolver(NOBODY, FixedResolver("93.184.215.14", bad))
    with pytest.raises(Refused):
        asyncio.run(resolver.resolve("example.com", 443))


def test_public_addresses_are_returned_as_they_were_resolved() -> None:
    resolver = GuardedResolver(NOBODY, FixedResolver("93.184.215.14", "2606:4700::1111"))
    found = asyncio.run(resolver.resolve("example.com", 443))
    assert [result["host"] for result in found] == ["93.184.215.14", "2606:4700::1111"]


def test_an_allowed_name_may_resolve_to_this_machine_on_that_port_only() -> None:
    resolver = GuardedResolver(frozenset({"localhost:9002"}), FixedResolver("127.0.0.1"))
    assert asyncio.run(resolver.resolve("localhost", 9002))
    with pytest.raises(Refused):
        asyncio.run(resolver.resolve("localhost", 9003))
