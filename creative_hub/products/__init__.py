"""What a shop's page says of its product: fetched through the guarded door, with the shop's robots.txt respected."""

from creative_hub.products.fetch import product_at
from creative_hub.products.page import NoProduct, Product, parse

__all__ = ["NoProduct", "Product", "parse", "product_at"]
