"""The one clock: the database's. Machines disagree by seconds and more, and a lease judged by two clocks is none."""

from datetime import datetime

from django.db import connection


def now() -> datetime:
    """The start of the current transaction, or the present outside one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        found: datetime = cursor.fetchone()[0]
    return found
