"""The `{% lucide %}` tag of the templates: lucide's own, drawn once.

Drawing an icon takes 0.3 ms, and a page has dozens. One whose name and attributes stand in the template is drawn when the
template is compiled, and is text from then on; of the others each is drawn once.
"""

from functools import cache

from django import template
from django.template.base import FilterExpression, Node, Parser, TextNode, Token, Variable
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import _render_icon

register = template.Library()


@cache
def drawn(name: str, *, size: int = 24, **attributes: str) -> SafeString:
    """The icon as inline SVG. `name` and attributes come from templates, so there are few."""
    return SafeString(_render_icon(name, size, **attributes))


register.simple_tag(drawn, name="drawn")


@register.tag
def lucide(parser: Parser, token: Token) -> Node:
    node = register.tags["drawn"](parser, token)
    said = all(_is_constant(value) for value in (*node.args, *node.kwargs.values()))
    return TextNode(node.render(template.Context())) if said and node.target_var is None else node


def _is_constant(value: FilterExpression) -> bool:
    return not value.filters and (not isinstance(value.var, Variable) or value.var.literal is not None)
