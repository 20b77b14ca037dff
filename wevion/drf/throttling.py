"""Requests per minute and key, counted in Redis."""

import logging
from typing import TYPE_CHECKING

from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)


class KeyThrottle(SimpleRateThrottle):
    """Counts for the key. Lets everything through while Redis is away: a limit is not worth an outage."""

    scope = "key"
    cache = cache

    def get_cache_key(self, request: Request, view: "APIView") -> str | None:
        return f"throttle:{request.auth.pk}" if request.auth else None

    def allow_request(self, request: Request, view: "APIView") -> bool:
        try:
            return super().allow_request(request, view)
        except (RedisError, OSError):
            log.warning("rate limit not counted: Redis is away")
            return True
