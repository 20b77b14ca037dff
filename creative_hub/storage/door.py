"""The process's door for outgoing HTTP, under the addresses that the settings allow."""

from functools import cache

from django.conf import settings

from wevion.http.blocking import BlockingDoor


@cache
def door() -> BlockingDoor:
    return BlockingDoor(allow=settings.HTTP_ALLOW_PRIVATE)
