"""The `{% address %}` tag of the templates: Django's `{% url %}`, remembered.

A list of jobs has dozens of addresses, and shows the same ones again every five seconds; finding each anew was a quarter
of the time it took to draw (measured).
"""

from functools import lru_cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=10_000)
def address(name: str, *args: Any) -> SafeString:
    """The path of the view. Raises NoReverseMatch where there is none."""
    return SafeString(reverse(name, args=args))
