"""Requests for each key in a window that begins with the first of them, counted in Redis by one atomic script."""

import logging
import math
import time
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import redis
from django.conf import settings
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

log = logging.getLogger(__name__)

# Reading and then writing would let parallel requests past. A count without an end (it cannot be, but for a hand at the
# keys) gets one.
COUNT: Final = """
local count = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    left = tonumber(ARGV[1])
end
return {count, left}
"""
QUIET_SECONDS = 5.0
_quiet_until = 0.0


@cache
def client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)


class KeyThrottle(SimpleRateThrottle):
    """Counts for the key, and says on every answer what is left: X-RateLimit-Limit, -Remaining and -Reset (seconds).

    Lets everything through, uncounted, while Redis is away: a limit is not worth an outage.
    """

    scope = "key"
    left_seconds: float = 0

    def allow_request(self, request: Request, view: "APIView") -> bool:
        if not request.auth or not self.rate:
            return True
        limit, seconds = self.parse_rate(self.rate)
        assert limit is not None
        assert seconds is not None
        counted = _count(f"hub:rate:{request.auth.pk}", seconds)
        if counted is None:
            return True
        count, self.left_seconds = counted
        view.headers |= {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - count)),
            "X-RateLimit-Reset": str(max(1, math.ceil(self.left_seconds))),
        }
        return count <= limit

    def wait(self) -> float:
        """Seconds until the window ends: `Retry-After`."""
        return self.left_seconds


def _count(key: str, seconds: int) -> tuple[int, float] | None:
    """How many requests the window has seen with this one, and the seconds that it lasts; None when Redis is away."""
    counted = ask(COUNT, [key], seconds * 1000)
    return None if counted is None else (int(counted[0]), counted[1] / 1000)


def ask(script: str, keys: Sequence[str], *arguments: float) -> Any:
    """What the script answers, run as one step in Redis; None when Redis is away.

    After a failure it is not asked for five seconds, so that a dead Redis costs one slow request and one line in the log.
    """
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return None
    try:
        return client(settings.REDIS_URL).eval(script, len(keys), *keys, *arguments)
    except (RedisError, OSError) as error:
        _quiet_until = time.monotonic() + QUIET_SECONDS
        log.warning("requests are not counted for now, Redis is away: %s", error)
        return None
