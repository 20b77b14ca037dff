"""F32: a file that kills whoever opens it."""

from functools import partial

import pytest

from jobs import admission
from jobs.runner import CRASHES_ALLOWED
from tests.faults.acts import all_ended, fired, image, leases_run_out, result, ringing, start, until_to_be_fetched
from tests.faults.invariants import check
from tests.line.test_vendors import submitted
from tests.processes import Stack, wait_until
from tests.providers.fakes.bfl import FakeBfl
from wevion.accounts.models import Membership

pytestmark = pytest.mark.django_db(transaction=True)


def died(crew: Stack, times: int) -> bool:
    return len(fired(crew)) == times


def test_f32_an_item_that_kills_every_worker_fails_and_the_queue_moves_on(crew: Stack, bfl: FakeBfl, bob: Membership) -> None:
    """One real worker lives through it all: its pool processes die, one after the other, and it makes new ones."""
    poison = image(bob)
    until_to_be_fetched(bfl)
    start(crew, "media", "during_fetch=kill")
    for deaths in range(1, CRASHES_ALLOWED + 1):
        wait_until(ringing("media", partial(died, crew, deaths)), what=f"death {deaths}")
        leases_run_out()
    wait_until(ringing("media", all_ended), what="the end of it")
    assert result(poison) == ("failed", "internal_error")
    assert len(fired(crew)) == CRASHES_ALLOWED
    other = submitted(bob, "tts", text="Hello there")
    admission.admit()
    wait_until(ringing("media", all_ended), what="the next job's end")
    assert result(other) == ("completed", "")
    check(bfl)
