"""PostgreSQL and Valkey (a Redis) of this checkout, when nobody gives a URL of others.

The two functions here are pure and need no further package, so settings may ask for the addresses anywhere: whatever runs
as the same user on the same `var` folder reaches the same servers. `wevion.embedded.owner` runs them.
"""

from wevion.embedded.addresses import database_url, redis_url
from wevion.embedded.errors import CannotStart

__all__ = ["CannotStart", "database_url", "redis_url"]
