"""The `{% lucide %}` tag of the templates: lucide's own, remembered. Drawing an icon anew takes 0.3 ms, and a page has dozens."""

from functools import cache

from django import template
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import _render_icon

register = template.Library()


@register.simple_tag
@cache
def lucide(name: str, *, size: int = 24, **attributes: str) -> SafeString:
    """The icon as inline SVG. `name` and attributes come from templates, so there are few."""
    return SafeString(_render_icon(name, size, **attributes))
