"""Lists by key: page after page without counting or skipping rows, however many there are."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    page_size = 10
    page_size_query_param = "limit"
    max_page_size = 100
    ordering = ("-created_at", "-id")
