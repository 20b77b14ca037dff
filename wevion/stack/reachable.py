"""Looks before starting: is the port free, do the given servers answer. Each raises CannotStart with one line."""

import http.client
import socket
from urllib.parse import urlsplit

import psycopg
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from wevion.embedded import CannotStart


def require_free_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that only waits out old connections is free
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise CannotStart(f"Port {port} may not be used by this user; set PORT to one above 1023.") from None
        except OSError:
            raise CannotStart(f"Port {port} is taken by another program; stop it, or set PORT to a free one.") from None


def require_database(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        raise CannotStart(f"The database of DATABASE_URL cannot be reached: {last_line(error)}") from None
    except psycopg.Error:  # its text would quote the URL, and with it a password
        raise CannotStart("DATABASE_URL is no PostgreSQL URL: postgresql://user:password@host:5432/name is expected.") from None


def require_redis(url: str) -> None:
    try:
        client = redis.Redis.from_url(url, retry=Retry(NoBackoff(), 0), socket_connect_timeout=5, socket_timeout=5)
    except ValueError:
        raise CannotStart("REDIS_URL is no Redis URL: redis://host:6379/0 or unix:///path?db=0 is expected.") from None
    try:
        client.ping()
    except (redis.RedisError, OSError) as error:
        raise CannotStart(f"The Redis of REDIS_URL cannot be reached: {last_line(error)}") from None
    finally:
        client.close()


def last_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1].strip()


def answers(url: str) -> bool:
    """Whether a GET of this local address is a 200. Never through a proxy of the environment."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=5)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
