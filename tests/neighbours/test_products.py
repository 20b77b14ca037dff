"""What is read off a shop's page, and what is not read at all."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiohttp import web

from creative_hub.products import NoProduct, fetch, parse, product_at
from creative_hub.providers.ports import ProviderError
from creative_hub.storage.door import door
from tests.http.servers import serve

URL = "https://shop.example/lamp"
DATA = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "BreadcrumbList"},
        {
            "@type": ["Product"],
            "name": "Aurora Desk Lamp",
            "description": "A warm light. <b>It dims</b> by itself.",
            "brand": {"@type": "Brand", "name": "Northlight"},
            "image": ["/lamp.jpg", {"url": "https://cdn.example/lamp-2.jpg"}, "data:image/gif;base64,xx", "/logo.svg"],
            "offers": [{"price": 89, "priceCurrency": "USD"}],
        },
    ],
}


def page(head: str = "", body: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def data(value: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


def test_structured_data_comes_first_wherever_it_is_nested() -> None:
    product = parse(page(data(DATA) + '<meta property="og:title" content="Another title">'), URL)
    assert (product.title, product.brand, product.price) == ("Aurora Desk Lamp", "Northlight", "$89")
    assert product.description == "A warm light. It dims by itself."
    assert product.images == ("https://shop.example/lamp.jpg", "https://cdn.example/lamp-2.jpg")


def test_the_tags_for_social_networks_are_next() -> None:
    head = (
        '<meta property="og:type" content="product"><meta property="og:title" content="Lamp &amp; Co">'
        '<meta property="og:image" content="//cdn.example/a.jpg"><meta name="description" content="Shines.">'
        '<meta property="product:price:amount" content="12,50"><meta property="product:price:currency" content="CHF">'
    )
    product = parse(page(head), URL)
    assert (product.title, product.description, product.price) == ("Lamp & Co", "Shines.", "12,50 CHF")
    assert product.images == ("https://cdn.example/a.jpg",)


def test_a_plain_page_with_a_cart_button_is_a_product_too() -> None:
    product = parse(page("", "<main><h1>Red mug</h1><img src=mug.png><button>Add to cart</button></main>"), URL)
    assert (product.title, product.images) == ("Red mug", ("https://shop.example/mug.png",))


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html><<<>>><title>Broken",
        page(
            '<script type="application/ld+json">{"@type": "Product", </script><title>News of the day</title>', "<p>Read on.</p>"
        ),
        page(data({"@type": "Article", "name": "Ten lamps"}), "<h1>Ten lamps</h1>"),
        page(data({"@type": "Product"}), ""),
        "\x00" * 1000,
        "[" * 100_000,
    ],
)
def test_a_page_without_a_product_is_refused_in_words(html: str) -> None:
    with pytest.raises(NoProduct, match="product's own page"):
        parse(html, URL)


def test_odd_values_in_the_data_are_left_out() -> None:
    odd = {"@type": "Product", "name": "Lamp", "image": [None, 5, "http://["], "offers": "free", "brand": 7, "description": ["x"]}
    product = parse(page(data(odd)), URL)
    assert (product.title, product.images, product.description) == ("Lamp", (), "")


def test_text_that_cannot_be_stored_and_numbers_beyond_measure_are_left_out() -> None:
    odd = {
        "@type": "Product",
        "name": "Lamp \ud83d<b>one</b>\x00two",
        "description": "Shines\udfff.",
        "brand": 10**400,
        "image": ["/a\ud83d.jpg", "/b\x00.jpg", "/c.jpg"],
        "offers": {"price": "9", "priceCurrency": "\ud83d"},
    }
    product = parse(page(data(odd)), URL)
    assert (product.title, product.description, product.brand, product.price) == ("Lamp one two", "Shines.", "", "9")
    assert product.images == ("https://shop.example/c.jpg",)


async def lamp(request: web.Request) -> web.Response:
    return web.Response(text=page(data(DATA)), content_type="text/html")


async def moved(request: web.Request) -> web.Response:
    raise web.HTTPFound("/lamp")


async def inwards(request: web.Request) -> web.Response:
    raise web.HTTPFound("http://127.0.0.1:1/lamp")


async def huge(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(headers={"Content-Type": "text/html"})
    await answer.prepare(request)
    for _ in range(64):
        await answer.write(b"x" * 65536)
    return answer


async def picture(request: web.Request) -> web.Response:
    return web.Response(body=b"\x89PNG", content_type="image/png")


async def robots(request: web.Request) -> web.Response:
    """A long one, which forbids a page to whoever asks by the name that is asked with."""
    name = request.headers["User-Agent"].partition("/")[0]
    rules = f"User-agent: {name}\nDisallow: /ours/\nDisallow: /private/\n\nUser-agent: *\nDisallow: /theirs/\n"
    return web.Response(text=rules + "# and so on\n" * 60_000)


async def gone(request: web.Request) -> web.Response:
    return web.Response(status=410)


async def barred(request: web.Request) -> web.Response:
    return web.Response(status=403)


async def down(request: web.Request) -> web.Response:
    return web.Response(status=503)


@pytest.fixture
def shop(settings: Any) -> Iterator[Callable[[str], str]]:
    app = web.Application()
    routes = {
        "lamp": lamp,
        "private/lamp": lamp,
        "ours/lamp": lamp,
        "theirs/lamp": lamp,
        "moved": moved,
        "inwards": inwards,
        "huge": huge,
        "picture": picture,
        "down": down,
        "gone": gone,
        "barred": barred,
    }
    app.add_routes([web.get(f"/{path}", handler) for path, handler in routes.items()])
    app.add_routes([web.get("/robots.txt", robots)])
    with serve(app) as address:
        settings.HTTP_ALLOW_PRIVATE = frozenset({address})
        door.cache_clear()
        yield lambda path: f"http://{address}/{path}"
        door().close()
        door.cache_clear()


@pytest.mark.parametrize("path", ["lamp", "moved", "theirs/lamp"])
def test_a_page_is_fetched_also_where_it_has_moved(path: str, shop: Callable[[str], str]) -> None:
    assert product_at(shop(path), lambda: None).title == "Aurora Desk Lamp"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("private/lamp", "robots.txt"),
        ("ours/lamp", "robots.txt"),
        ("picture", "not a page"),
    ],
)
def test_what_cannot_be_read_is_said_in_words(path: str, words: str, shop: Callable[[str], str]) -> None:
    with pytest.raises(NoProduct, match=words):
        product_at(shop(path), lambda: None)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("inwards", "The page's address cannot be used: only https URLs are allowed."),
        ("huge", "The page is larger than 3 MB."),
        ("nowhere", "The page answered 404 (not found). Check the address."),
        ("gone", "The page answered 410 (gone). Check the address."),
        ("barred", "The page answered 403 (forbidden). Check the address."),
    ],
)
def test_an_address_that_gives_no_page_is_the_person_s_to_mend(path: str, words: str, shop: Callable[[str], str]) -> None:
    with pytest.raises(ProviderError) as told:
        product_at(shop(path), lambda: None)
    assert (told.value.code, told.value.message, told.value.retryable) == ("invalid_request", words, False)


def test_a_line_of_robots_that_is_cut_off_forbids_nothing(shop: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Wevion-Creative-Hub"
    monkeypatch.setattr(fetch, "MAX_ROBOTS_BYTES", len(f"User-agent: {name}\nDisallow: /ours/\nDisallow: /"))
    assert product_at(shop("lamp"), lambda: None).title == "Aurora Desk Lamp"
    with pytest.raises(NoProduct, match="asks programs not to read"):
        product_at(shop("ours/lamp"), lambda: None)


def test_a_shop_that_is_down_may_be_asked_again(shop: Callable[[str], str]) -> None:
    with pytest.raises(ProviderError) as told:
        product_at(shop("down"), lambda: None)
    assert (told.value.code, told.value.retryable) == ("provider_error", True)
    assert told.value.message == "The page answered 503 (service unavailable). It may be back later."


def test_an_address_inside_our_own_network_is_never_asked() -> None:
    with pytest.raises(ProviderError, match="cannot be used"):
        product_at("http://169.254.169.254/latest/meta-data", lambda: None)
