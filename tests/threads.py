"""Many at once, each on a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection


def at_once(count: int, act: Callable[[], object]) -> list[object]:
    """Runs `act` in `count` threads that start together; returns what they returned or raised."""
    results: list[object] = []
    gate = threading.Barrier(count)

    def body() -> None:
        gate.wait()
        try:
            results.append(act())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=body) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
