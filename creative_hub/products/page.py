"""A product page read: structured data first, then the tags for social networks, then the page itself. Pure, and never fails
on malformed markup: what cannot be read is left out."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

MAX_IMAGES: Final = 6
MAX_TITLE, MAX_TEXT, MAX_PRICE = 150, 600, 40
PRODUCT_WORDS: Final = re.compile(
    r"add to (?:cart|bag|basket)|buy now|in den warenkorb|ajouter au panier|añadir al carrito", re.I
)
SIGNS: Final = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}


class NoProduct(Exception):
    """The page does not show one product, or cannot be had. The message is for the person."""


@dataclass(frozen=True, slots=True)
class Product:
    """`images` are absolute http(s) addresses, the best first. `price` is as a person writes it, or empty."""

    url: str
    title: str
    description: str = ""
    brand: str = ""
    price: str = ""
    images: tuple[str, ...] = ()

    def as_memo(self) -> dict[str, Any]:
        return asdict(self) | {"images": list(self.images)}

    @classmethod
    def from_memo(cls, memo: Mapping[str, Any]) -> Self:
        return cls(**{**memo, "images": tuple(memo["images"])})


def parse(html: str, url: str) -> Product:
    """Raises NoProduct for a page that shows none: no product in its data, no price, and nothing to put into a cart."""
    tree = LexborHTMLParser(html)
    data, tags = _structured(tree), _tags(tree)
    price = _price(data, tags)
    is_product = bool(data) or "product" in tags.get("og:type", "") or bool(price) or bool(PRODUCT_WORDS.search(_visible(tree)))
    title = _clean(data.get("name") or tags.get("og:title") or _first(tree, "h1") or _first(tree, "title"), MAX_TITLE)
    if not is_product or not title:
        raise NoProduct("This page does not show one product. Give the address of a product's own page.")
    description = data.get("description") or tags.get("og:description") or tags.get("description")
    return Product(
        url=url,
        title=title,
        description=_clean(description, MAX_TEXT),
        brand=_clean(_name(data.get("brand")) or tags.get("product:brand"), MAX_TITLE),
        price=price,
        images=tuple(_images(tree, data, tags, url)),
    )


def _structured(tree: LexborHTMLParser) -> Mapping[str, Any]:
    """The first schema.org Product in the page's JSON-LD, wherever it is nested; empty if there is none."""
    for script in tree.css('script[type="application/ld+json"]'):
        try:
            told = json.loads(script.text() or "")
        except (ValueError, RecursionError):
            continue
        for thing in _things(told):
            kinds = thing.get("@type")
            if "Product" in (kinds if isinstance(kinds, list) else [kinds]):
                return thing
    return {}


def _things(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, dict):
        yield value
        for inner in (value.get("@graph"), value.get("mainEntity"), value.get("itemListElement")):
            yield from _things(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value[:200]:
            yield from _things(inner, depth + 1)


def _tags(tree: LexborHTMLParser) -> dict[str, str]:
    """The first content of each <meta>, by property or name."""
    found: dict[str, str] = {}
    for tag in tree.css("meta"):
        name = tag.attributes.get("property") or tag.attributes.get("name")
        content = tag.attributes.get("content")
        if name and content:
            found.setdefault(name.lower(), content)
    return found


def _price(data: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    offers = data.get("offers")
    offer = next((each for each in offers if isinstance(each, dict)), {}) if isinstance(offers, list) else offers
    offer = offer if isinstance(offer, dict) else {}
    amount = offer.get("price") or offer.get("lowPrice") or tags.get("product:price:amount") or tags.get("og:price:amount")
    currency = offer.get("priceCurrency") or tags.get("product:price:currency") or tags.get("og:price:currency") or ""
    text = _clean(amount, MAX_PRICE)
    if not re.fullmatch(r"[\d.,' ]+", text):
        return text if re.search(r"\d", text) else ""
    sign = SIGNS.get(str(currency).upper(), "")
    return f"{sign}{text}" if sign else f"{text} {_clean(currency, 3)}".strip()


def _images(tree: LexborHTMLParser, data: Mapping[str, Any], tags: Mapping[str, str], base: str) -> Iterator[str]:
    listed = data.get("image")
    given = [*(listed if isinstance(listed, list) else [listed]), tags.get("og:image"), tags.get("twitter:image")]
    shown = [tag.attributes.get("src") for tag in tree.css("main img, article img, img")[:40]]
    seen: set[str] = set()
    for value in [*given, *shown]:
        address = value.get("url") if isinstance(value, dict) else value
        if not isinstance(address, str) or address.startswith("data:"):
            continue
        try:
            absolute = urljoin(base, address.strip())
            usable = urlsplit(absolute).scheme in ("http", "https") and not urlsplit(absolute).path.endswith(".svg")
        except ValueError:
            continue
        if usable and absolute.isprintable() and absolute not in seen:
            seen.add(absolute)
            yield absolute
        if len(seen) == MAX_IMAGES:
            return


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, dict) else value


def _first(tree: LexborHTMLParser, selector: str) -> str:
    found = tree.css_first(selector)
    return found.text() if found else ""


def _visible(tree: LexborHTMLParser) -> str:
    return tree.body.text(separator=" ")[:200_000] if tree.body else ""


def _clean(value: Any, most: int) -> str:
    """One line of text without markup, and without what a database does not keep: JSON can escape nulls and lone surrogates."""
    if isinstance(value, int | float):
        try:
            value = f"{value:g}"
        except OverflowError:
            return ""
    if not isinstance(value, str):
        return ""
    value = value.encode("utf-8", "ignore").decode().replace("\x00", " ")
    if "<" in value:
        value = LexborHTMLParser(value).text(separator=" ")
    flat = " ".join(value.split())
    return flat if len(flat) <= most else flat[: most - 1].rsplit(" ", 1)[0] + "…"
