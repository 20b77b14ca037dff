import asyncio
import signal
from typing import Any

from django.core.management.base import BaseCommand

from jobs import poller


class Command(BaseCommand):
    help = "Looks in on running provider jobs, admits queued ones, and sweeps. Stops on SIGTERM."

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(main())


async def main() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await poller.run(stop)
