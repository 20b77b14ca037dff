"""Measuring and torturing the product, as it ships, from outside."""
