"""The poller asks a provider evenly."""

import asyncio

from jobs.poller import Pace


def test_a_pace_never_lets_more_pass_than_its_rate() -> None:
    async def starts() -> list[float]:
        loop, pace = asyncio.get_running_loop(), Pace(per_second=50)
        began = loop.time()

        async def one() -> float:
            await pace.turn()
            return loop.time() - began

        return sorted(await asyncio.gather(*(one() for _ in range(5))))

    times = asyncio.run(starts())
    assert all(later >= 0.02 * number - 0.002 for number, later in enumerate(times))
