"""Pages go out compressed. Static files are so already (whitenoise), media gain nothing, and a file must keep its ranges."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


def compress_pages(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Django's compression, which hides the length of a page's secrets by chance bytes, for HTML alone."""
    compression = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return compression.process_response(request, response)

    return middleware
